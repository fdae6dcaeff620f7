"""The same promises of a folder and of a bucket."""

import hashlib
import os
from pathlib import Path

import pytest
from pydantic import SecretStr

from expert_hub.foundation.settings import Settings
from expert_hub.rooms.documents.errors import DocumentDamaged, StorageUnreachable
from expert_hub.rooms.documents.storage import FolderStorage, fetch, storage_of


def written(tmp_path: Path, octets: bytes) -> tuple[Path, str]:
    path = tmp_path / f"file-{len(octets)}"
    path.write_bytes(octets)
    return path, hashlib.sha256(octets).hexdigest()


@pytest.mark.parametrize("size", [1, 300_000, 12_000_000])
async def test_what_is_kept_comes_back(document_settings: Settings, tmp_path: Path, size: int) -> None:
    storage = storage_of(document_settings)
    path, sha256 = written(tmp_path, os.urandom(size))
    await storage.keep(path, sha256)
    await storage.keep(path, sha256)
    await fetch(storage, sha256, tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == path.read_bytes()


async def test_what_was_never_kept_is_said_to_be_missing(document_settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(DocumentDamaged):
        await fetch(storage_of(document_settings), "ab" * 32, tmp_path / "back")
    assert not (tmp_path / "back").exists()


async def test_other_octets_under_a_digest_are_not_given_out(document_settings: Settings, tmp_path: Path) -> None:
    storage = storage_of(document_settings)
    path, _ = written(tmp_path, b"altered")
    await storage.keep(path, "cd" * 32)
    with pytest.raises(DocumentDamaged):
        await fetch(storage, "cd" * 32, tmp_path / "back")
    assert not (tmp_path / "back").exists()


async def test_a_folder_holds_nothing_but_whole_files(tmp_path: Path) -> None:
    path, sha256 = written(tmp_path, b"octets")
    await FolderStorage(tmp_path / "kept").keep(path, sha256)
    files = [found for found in (tmp_path / "kept").rglob("*") if found.is_file()]
    assert [found.name for found in files] == [sha256]


async def test_a_bucket_that_does_not_answer_is_overload(tmp_path: Path) -> None:
    settings = Settings(
        documents_bucket="bids",
        documents_endpoint="http://127.0.0.1:9",
        documents_key_id=SecretStr("key"),
        documents_key=SecretStr("secret"),
    )
    path, sha256 = written(tmp_path, b"octets")
    storage = storage_of(settings)
    with pytest.raises(StorageUnreachable):
        await storage.keep(path, sha256)
    with pytest.raises(StorageUnreachable):
        await fetch(storage, sha256, tmp_path / "back")

"""Where documents lie, by digest: a folder, or a bucket of an S3-compatible service (through `obstore`)."""

import asyncio
import hashlib
import os
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from expert_hub.foundation.settings import Settings
from expert_hub.rooms.documents.errors import DocumentDamaged, StorageUnreachable

BLOCK = 1 << 18


class Storage(Protocol):
    """Keeps files under the SHA-256 of their octets, in hex."""

    async def keep(self, path: Path, sha256: str) -> None:
        """Keep a file durably; one that is kept already stays as it is.

        Raises:
            StorageUnreachable: the storage did not answer; nothing is kept then.
        """

    def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The octets of a file, in blocks.

        Raises:
            DocumentDamaged: there is no such file.
            StorageUnreachable: the storage did not answer.
        """


class FolderStorage:
    """Files in a folder: written beside, forced to disk, then named."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _place(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    async def keep(self, path: Path, sha256: str) -> None:
        """Keep a file."""
        await asyncio.to_thread(self._keep, path, self._place(sha256))

    def _keep(self, path: Path, place: Path) -> None:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=".", dir=place.parent)
        beside = Path(name)
        try:
            with path.open("rb") as source, os.fdopen(handle, "wb") as copy:
                while block := source.read(BLOCK):
                    copy.write(block)
                copy.flush()
                os.fsync(copy.fileno())
            beside.replace(place)
        finally:
            # Only a full disk or the like leaves one behind.
            beside.unlink(missing_ok=True)
        for folder in (place.parent, self._folder):
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The octets of a file."""
        try:
            file = self._place(sha256).open("rb")
        except FileNotFoundError:
            raise DocumentDamaged from None
        with file:
            while block := await asyncio.to_thread(file.read, BLOCK):
                yield block


class BucketStorage:
    """Files in a bucket; a large one travels in parts and appears only when it is whole."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    async def keep(self, path: Path, sha256: str) -> None:
        """Keep a file."""
        try:
            await obstore.put_async(self._store, sha256, path)
        except BaseError as error:
            raise StorageUnreachable from error

    async def read(self, sha256: str) -> AsyncIterator[bytes]:
        """The octets of a file."""
        try:
            found = await obstore.get_async(self._store, sha256)
            async for block in found.stream(min_chunk_size=BLOCK):
                yield bytes(block)
        except FileNotFoundError:
            raise DocumentDamaged from None
        except BaseError as error:
            raise StorageUnreachable from error


def digest_of(path: Path) -> str:
    """SHA-256 of a file in hex, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def storage_of(settings: Settings) -> Storage:
    """The storage that the settings name: a folder unless they name a bucket."""
    if settings.documents_bucket is None:
        return FolderStorage(settings.effective_documents_dir)
    parts = urlsplit(settings.documents_endpoint or "")
    store = S3Store(
        settings.documents_bucket,
        prefix=settings.documents_prefix or None,
        endpoint=settings.documents_endpoint,
        region=settings.documents_region,
        access_key_id=_secret(settings.documents_key_id),
        secret_access_key=_secret(settings.documents_key),
        virtual_hosted_style_request=False,
        client_options={"allow_http": parts.scheme == "http", "timeout": "60s", "connect_timeout": "5s"},
        retry_config={"max_retries": 2},
    )
    return BucketStorage(store)


def _secret(value: object) -> str | None:
    return value.get_secret_value() if hasattr(value, "get_secret_value") else None


async def fetch(storage: Storage, sha256: str, target: Path) -> None:
    """Copy a file out of the storage and make sure that it is the one that was kept.

    Raises:
        DocumentDamaged: it is missing or its octets differ; nothing is left at the target.
    """
    seen = hashlib.sha256()
    try:
        with target.open("wb") as file:
            async for block in storage.read(sha256):
                seen.update(block)
                file.write(block)
        if seen.hexdigest() != sha256:
            raise DocumentDamaged
    except BaseException:
        await asyncio.to_thread(target.unlink, missing_ok=True)
        raise

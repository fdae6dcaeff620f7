"""Inspection of uploaded files: sound ones are named, everything else is refused with a reason in both languages."""

import struct
from pathlib import Path

import pytest

from expert_hub.rooms.documents import inspection
from expert_hub.rooms.documents.inspection import Unfit, inspect
from expert_hub.rooms.documents.rules import Kind
from tests.expert_hub.rooms.documents.files import SOUND, UNFIT, archive


def written(tmp_path: Path, octets: bytes) -> Path:
    path = tmp_path / "in"
    path.write_bytes(octets)
    return path


@pytest.mark.parametrize(("name", "pages"), [("pdf", 3), ("png", 1), ("docx", 0), ("zip", 0)])
def test_a_sound_file_is_known_by_its_octets(name: str, pages: int, tmp_path: Path) -> None:
    assert inspect(written(tmp_path, SOUND[name])) == (Kind(name), pages)


def test_a_workbook_and_a_photograph_are_known(tmp_path: Path) -> None:
    assert inspect(written(tmp_path, archive({"xl/workbook.xml": b"<x/>"}))) == (Kind.XLSX, 0)
    frame = b"\xff\xc0" + struct.pack(">HBHH", 11, 8, 600, 800) + b"\x01\x01\x11\x00"
    assert inspect(written(tmp_path, b"\xff\xd8\xff\xe0\x00\x04ab" + frame + b"\xff\xd9")) == (Kind.JPEG, 1)


@pytest.mark.parametrize("octets", UNFIT.values(), ids=UNFIT)
def test_an_unfit_file_is_refused_with_a_reason(octets: bytes, tmp_path: Path) -> None:
    with pytest.raises(Unfit) as caught:
        inspect(written(tmp_path, octets))
    assert caught.value.zh
    assert caught.value.en


def test_too_many_pages_and_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_PAGES", 2)
    monkeypatch.setattr(inspection, "MAX_ENTRIES", 1)
    with pytest.raises(Unfit, match="pages"):
        inspect(written(tmp_path, SOUND["pdf"]))
    with pytest.raises(Unfit, match="unpacked"):
        inspect(written(tmp_path, SOUND["docx"]))


def test_every_cut_of_an_archive_is_refused(tmp_path: Path) -> None:
    whole = SOUND["docx"]
    for end in range(0, len(whole) - 1, 7):
        with pytest.raises(Unfit):
            inspect(written(tmp_path, whole[:end]))

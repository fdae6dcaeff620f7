"""What a PDF may cost: counted without being kept, and a sound file is far below."""

import io
import zlib

import pytest
from pypdf import PdfReader

from expert_hub.rooms.documents import pdf_bounds
from expert_hub.rooms.documents.pdf_bounds import TooCostly, require_bounds
from tests.expert_hub.rooms.documents.files import UNFIT, pdf, pdf_with


def reader_of(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


@pytest.mark.parametrize("name", ["pdf bomb", "pdf bomb in layers", "pdf of many layers", "pdf of deep arrays"])
def test_a_bomb_is_refused_for_being_one(name: str) -> None:
    with pytest.raises(TooCostly):
        require_bounds(reader_of(UNFIT[name]))


def test_a_sound_file_passes_and_each_bound_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = pdf_with(zlib.compress(zlib.compress(b"q Q")), layers=2, depth=10)
    require_bounds(reader_of(sound))
    require_bounds(reader_of(pdf(20)))
    for name, bound in (("MAX_OBJECTS", 1), ("MAX_DEPTH", 5), ("MAX_STREAM", 2), ("MAX_EXPANDED", 2)):
        with monkeypatch.context() as patch:
            patch.setattr(pdf_bounds, name, bound)
            with pytest.raises(TooCostly):
                require_bounds(reader_of(sound))


def test_a_damaged_stream_is_damage() -> None:
    with pytest.raises(zlib.error):
        require_bounds(reader_of(pdf_with(b"\x00garbage")))

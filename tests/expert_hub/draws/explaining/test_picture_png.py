"""The picture as PNG: a whole file of the right size, with Chinese that is there."""

import struct
import zlib

import pytest

from expert_hub.draws.explaining.picture import draw_picture
from expert_hub.draws.explaining.picture_png import png_of
from expert_hub.foundation.errors import HubError
from tests.expert_hub.draws.pictured import CITIES, NATION


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Kinds and contents of a PNG, each with a good checksum."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = [], 8
    while at < len(png):
        (size,) = struct.unpack(">I", png[at : at + 4])
        kind, content = png[at + 4 : at + 8], png[at + 8 : at + 8 + size]
        assert struct.unpack(">I", png[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + content)
        found.append((kind, content))
        at += 12 + size
    return found


@pytest.mark.parametrize("explanation", [CITIES, NATION])
def test_it_opens_and_has_three_pixels_per_unit(explanation: object) -> None:
    picture = draw_picture(explanation, "zh", ["440100"])  # type: ignore[arg-type]
    height = float(picture.partition('viewBox="0 0 420 ')[2].partition('"')[0])
    found = chunks(png_of(picture))
    wide, high = struct.unpack(">II", found[0][1][:8])
    assert found[0][0] == b"IHDR"
    assert found[-1][0] == b"IEND"
    assert wide == 1260
    assert abs(high - 3 * height) <= 1
    assert any(zlib.decompress(b"".join(content for kind, content in found if kind == b"IDAT")))


def test_equal_pictures_give_equal_bytes_and_other_text_other_bytes() -> None:
    first = png_of(draw_picture(CITIES, "zh"))
    assert first == png_of(draw_picture(CITIES, "zh"))
    assert first != png_of(draw_picture(CITIES, "zh").replace("专家库", "专业库"))


def test_the_only_refusal_is_a_missing_font(monkeypatch: pytest.MonkeyPatch) -> None:
    from expert_hub.foundation import fonts

    fonts.find_fonts.cache_clear()
    monkeypatch.setattr(fonts, "_SERIF", ("No Such Serif",))
    monkeypatch.setattr(fonts, "_SANS", ("No Such Sans",))
    with pytest.raises(HubError) as refusal:
        png_of(draw_picture(CITIES, "zh"))
    assert refusal.value.code == "hub/font-missing"

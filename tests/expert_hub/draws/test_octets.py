import pytest

from expert_hub.draws.errors import HexadecimalExpected
from expert_hub.draws.octets import octets_of, octets_or_refuse


def test_hexadecimal_text_becomes_bytes() -> None:
    assert octets_of("00fF") == octets_of("00ff", 2) == b"\x00\xff"
    assert octets_of("") == b""
    assert octets_or_refuse(" 00ff\n", 2, "digest") == b"\x00\xff"


@pytest.mark.parametrize("text", ["0", "0g", "0x00", "00 ff", "００", "00\n", "+1"])
def test_what_is_none_is_refused(text: str) -> None:
    assert octets_of(text) is None


@pytest.mark.parametrize("text", ["00", "00ff00", "00 ff", "zzzz"])
def test_a_person_is_told_the_length(text: str) -> None:
    with pytest.raises(HexadecimalExpected) as refused:
        octets_or_refuse(text, 2, "digest")
    assert refused.value.facts == {"name": "digest", "length": 2}

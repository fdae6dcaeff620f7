"""What may come from outside."""

import msgspec
import pytest

from expert_hub.foundation import texts


@pytest.mark.parametrize("text", ["a\x00b", "a\n", "\x7f", "x" * 256])
def test_no_line_holds_a_control_sign_or_outgrows_its_column(text: str) -> None:
    for kind in (texts.Line, texts.Name, texts.Identifier):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(text, kind)


@pytest.mark.parametrize("text", ["", " ", " a"])
def test_names_say_something(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(text, texts.Name)
    assert msgspec.convert(text, texts.Line) == text


@pytest.mark.parametrize("text", ["评标 A", "<b>%_'", "é\u0301😀"])
def test_people_write_what_they_like(text: str) -> None:
    for kind in (texts.Line, texts.Name, texts.Identifier):
        assert msgspec.convert(text, kind) == text


@pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u202e", "\u200b", "\ufeff", "\ud800", "\uffff", "\x00"])
def test_signs_that_deceive_are_shown(sign: str) -> None:
    assert texts.visible(f"甲{sign}A\n") == "甲\ufffdA\n"

import re

import pytest

from evaluation import errors, refusals
from evaluation.errors import EvaluationError, RoomError
from evaluation.refusals import ScoreOutOfRange

CATALOGUE = sorted(EvaluationError.catalogue.items())


def test_a_refusal_carries_code_facts_and_both_texts():
    refusal = ScoreOutOfRange(low="0", full="15")
    assert (refusal.code, refusal.facts) == ("score/out-of-range", {"low": "0", "full": "15"})
    assert refusal.text("zh") == "分值须在 0 至 15 之间"
    assert refusal.text("en") == str(refusal) == "The score lies between 0 and 15"


def test_a_refusal_without_its_facts_cannot_be_built():
    with pytest.raises(TypeError):
        ScoreOutOfRange(low="0")


def test_texts_must_name_the_same_facts_and_codes_are_taken_once():
    with pytest.raises(TypeError):
        type("Odd", (RoomError,), {"code": "odd/odd", "zh": "{a}", "en": "{b}"})
    with pytest.raises(TypeError):
        type("Bare", (RoomError,), {"code": "odd/bare", "zh": "", "en": ""})
    with pytest.raises(TypeError):
        type("Twice", (RoomError,), {"code": "score/out-of-range", "zh": "x", "en": "x"})


@pytest.mark.parametrize(("code", "error"), CATALOGUE)
def test_codes_and_texts_are_well_formed(code, error):
    assert re.fullmatch(r"[a-z]+/[a-z]+(-[a-z]+)*", code)
    assert re.search(r"[一-鿿]", error.zh)
    assert error.en.isascii()
    assert error.__doc__
    assert "Source:" in error.__doc__


@pytest.mark.parametrize("module", [errors, refusals])
def test_every_concrete_error_is_in_the_catalogue(module):
    classes = [item for item in vars(module).values() if isinstance(item, type) and issubclass(item, EvaluationError)]
    assert {cls for cls in classes if cls.code} <= set(EvaluationError.catalogue.values())

from expert_hub.foundation.errors import HubError, InvalidInput, is_refusal, text_of
from scheduling.errors import PoolTooSmallError


class Short(HubError):
    code = "tests/short"
    zh = "还差 {short} 人"
    en = "{short} people short"


def test_a_refusal_speaks_both_languages() -> None:
    refusal = Short(short=3)
    assert text_of(refusal, "zh") == "还差 3 人"
    assert text_of(refusal, "en") == str(refusal) == "3 people short"


def test_a_missing_fact_does_not_hide_the_sentence() -> None:
    assert text_of(Short(), "en") == "short people short"


def test_only_errors_that_opt_in_are_shown() -> None:
    assert is_refusal(Short(short=1))
    assert not is_refusal(ValueError("internal detail"))


def test_invalid_input_lists_every_fault() -> None:
    refusal = InvalidInput([{"where": "a", "why": "b"}, {"where": "c", "why": "d"}])
    assert refusal.facts["faults"] == [{"where": "a", "why": "b"}, {"where": "c", "why": "d"}]
    assert "a: b; c: d" in text_of(refusal, "en")


def test_a_refusal_of_a_kernel_is_said_in_its_own_words() -> None:
    quota = {"quota_id": "q1", "required": 6, "eligible": 5, "short": 1}
    refusal = PoolTooSmallError(short=1, quotas=[quota])
    assert text_of(refusal, "en").endswith("q1 needs 6, has 5, short of 1")
    assert text_of(refusal, "zh").endswith("q1 需 6 名，可选 5 名，缺 1 名")

"""Every refusal of a pack names file and line in both languages."""

from expert_hub.foundation.errors import text_of
from expert_hub.foundation.pack_refusals import RulePackError

REFUSALS = RulePackError.__subclasses__()


def test_each_refusal_has_its_own_code() -> None:
    assert len({refusal.code for refusal in REFUSALS} | {RulePackError.code}) == len(REFUSALS) + 1 == 8


def test_both_texts_name_file_and_line() -> None:
    for refusal in REFUSALS:
        error = refusal("local.toml", 12, "committee.odd", "detail")
        for language in ("zh", "en"):
            text = text_of(error, language)  # type: ignore[arg-type]
            assert "local.toml" in text
            assert "12" in text
            assert "committee.odd" in text

import string

import pytest

from expert_hub.experts.import_reasons import TEXTS, Findings, reason
from expert_hub.foundation.codes import check_identity_number


@pytest.mark.parametrize("code", TEXTS)
def test_both_texts_fill_from_the_same_facts(code: str) -> None:
    names = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in TEXTS[code]]
    facts = dict.fromkeys(names[0] | names[1], "x")
    found = reason(code, "name", **facts)
    assert found.zh
    assert found.en
    assert "{" not in found.zh + found.en


def test_warnings_of_a_code_are_kept_apart_from_errors() -> None:
    found = Findings()
    found.take(check_identity_number("1"), "identity_number")
    found.take(check_identity_number("990101197001010019"), "identity_number")
    assert [each.code for each in found.errors] == ["code/identity-length", "code/identity-checksum"]
    assert [each.code for each in found.warnings] == ["code/identity-area"]

import string

import pytest

from scheduling import refusals
from scheduling.errors import KernelError

ALL = [item for item in vars(refusals).values() if isinstance(item, type) and issubclass(item, KernelError)]


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("error", ALL, ids=lambda error: error.__name__)
def test_both_languages_tell_of_known_facts_only(error: type[KernelError]) -> None:
    facts = dict.fromkeys(placeholders(error.zh) | placeholders(error.en), "FACT")
    assert placeholders(error.zh) == placeholders(error.en)
    refusal = error(**facts)
    assert ("FACT" in refusal.text("en")) == bool(placeholders(error.en))
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.text("zh"))


def test_every_hard_error_has_a_code_of_its_own() -> None:
    assert len({error.code for error in ALL}) == len(ALL)

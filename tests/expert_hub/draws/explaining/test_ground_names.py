"""Every ground that a draw may exclude for has a name in both languages."""

from expert_hub.draws.explaining.ground_names import GROUND_NAMES, ground_name
from scheduling.exclusions import REGION, SPECIALITY
from scheduling.grounds import GROUND_RULES


def test_every_ground_has_two_names_of_its_own() -> None:
    assert set(GROUND_NAMES) == {*GROUND_RULES, SPECIALITY, REGION}
    for language in ("zh", "en"):
        names = [ground_name(code, language) for code in GROUND_NAMES]
        assert len(set(names)) == len(names)
        assert all(names)
    assert all(zh.isascii() is False and en.isascii() for zh, en in GROUND_NAMES.values())


def test_an_unknown_ground_has_no_name() -> None:
    assert ground_name("C99", "en") == ""

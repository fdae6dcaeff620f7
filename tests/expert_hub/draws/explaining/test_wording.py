"""Numbers as people read them."""

from dataclasses import replace

import pytest

from expert_hub.draws.explaining import wording
from expert_hub.draws.explaining.chance_groups import ChanceGroup
from tests.expert_hub.draws.pictured import CITIES, NATION, TABLES


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (0, "0"),
        (1, "100%"),
        (0.00688073, "0.688%"),
        (1e-5, "0.001%"),
        (9.9e-6, "1 : 101,010"),
        (1 / 170_000, "1 : 170,000"),
    ],
)
def test_chances_keep_three_digits(chance: float, text: str) -> None:
    assert wording.percent(chance) == text


def test_ranges_that_read_the_same_are_one() -> None:
    assert wording.percents(0.00688, 0.0068801) == "0.688%"
    assert wording.percents(0.01, 0.02) == "1–2%"
    assert wording.percents(0, 0.02) == "0 – 2%"
    assert wording.percents(1e-6, 0.02) == "1 : 1,000,000 – 2%"


def test_plurals_and_thousands() -> None:
    assert [wording.people(count, "en") for count in (1, 1200)] == ["1 person", "1,200 people"]
    assert [wording.seats(count, "en") for count in (1, 2)] == ["1 seat", "2 seats"]
    assert (wording.people(1200, "zh"), wording.seats(2, "zh")) == ("1,200 人", "2 席")
    assert (wording.hidden(5, "zh"), wording.hidden(5, "en")) == ("少于 5 人", "fewer than 5")


def test_quotas_have_signs_of_their_own() -> None:
    assert [wording.mark(place) for place in (0, 19, 20)] == ["①", "⑳", "(21)"]
    assert len({wording.mark(place) for place in range(50)}) == 50
    assert wording.quota_label(0, CITIES.quotas[0], "zh") == "① B0132 计算机 · 3 席"
    assert wording.quota_label(0, CITIES.quotas[0], "en") == "① B0132 · 3 seats"


def test_groups_are_named_after_what_they_have_in_common() -> None:
    def name(explanation: object, group: ChanceGroup) -> str:
        return wording.group_label(explanation, 2, group, "en")  # type: ignore[arg-type]

    assert name(CITIES, ChanceGroup((0, 1), 1, 0, 0)) == "① B0132 + ② A080104"
    assert name(CITIES, ChanceGroup((), 9, 0, 0, classes=4)) == "4 other classes"
    assert name(TABLES, ChanceGroup((), 9, 0.1, 0.1)) == "class 3"
    assert name(TABLES, ChanceGroup((), 9, 0, 0)) == "in no feasible panel"
    assert name(TABLES, ChanceGroup((), 9, 0.1, 0.1, classes=0)) == "tenth 3 by chance"


def test_more_groups_than_may_be_shown_end_in_one_rest() -> None:
    shown = wording.shown_groups(NATION, 10)
    assert shown[:9] == NATION.groups[:9]
    assert (shown[9].quotas, shown[9].classes) == ((), 2)
    assert wording.shown_groups(NATION, 11) == NATION.groups


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figures_are_sentences_with_their_numbers(language: wording.Language) -> None:
    text = "\n".join(wording.figure_lines(CITIES, language))
    for number in ("0.4%", "80.00%", "0.5%", "0.1200", "43.5", "0.01%"):
        assert number in text
    less = "\n".join(wording.figure_lines(NATION, language))
    assert less != text
    assert ("upper bound" in less) or ("不超过" in less)


def test_a_share_of_the_bound_is_never_rounded_up() -> None:
    close = replace(CITIES, figures=replace(CITIES.figures, min_probability=0.00499999, gini=0.00001))
    text = "\n".join(wording.figure_lines(close, "en"))
    assert "99.99%" in text
    assert "< 0.0001" in text


def test_keys_without_a_name_name_themselves() -> None:
    assert wording.named(wording.STATES, "void", "en") == "void"
    assert wording.named(wording.LEVELS, "unheard-of", "zh") == "unheard-of"

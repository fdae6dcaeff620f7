"""Bars of chances against the bound."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

from expert_hub.draws.explaining.chance_groups import ChanceGroup
from expert_hub.draws.explaining.picture_chances import MOST_ROWS, Scale, chance_rows
from tests.expert_hub.draws.pictured import CITIES, NATION


def rows_of(explanation: Any, language: Any = "en") -> list[ElementTree.Element]:
    parts, _ = chance_rows(explanation, language, 0)
    return [ElementTree.fromstring(part) for part in parts]


def test_a_scale_is_linear_while_chances_are_near_each_other() -> None:
    scale = Scale([0.01, 0.02, 0.0])
    assert (scale.is_log, scale.least, scale.most) == (False, 0, 0.02)
    assert (scale.at(0), scale.at(0.01), scale.at(0.02)) == (0, 194, 388)


def test_a_scale_over_decades_is_logarithmic() -> None:
    scale = Scale([0.0003, 0.1, 0.0])
    assert (scale.is_log, scale.most) == (True, 0.1)
    assert scale.least == 0.0001
    assert (scale.at(0), scale.at(0.00001), round(scale.at(0.001), 1), scale.at(0.1)) == (0, 0, 129.3, 388)


def test_every_class_has_a_bar_up_to_its_least_and_one_up_to_its_largest_chance() -> None:
    groups = [element for element in rows_of(CITIES) if element.tag == "g"]
    assert [group.findtext("title") for group in groups] == [
        "① B0132: 500 people · 0.4–0.6%",
        "① B0132 + ② A080104: 369 people · 0.6–0.8%",
        "② A080104: 3 people · 0",
    ]
    low, high = groups[0].findall("rect")[1:]
    assert (low.get("width"), high.get("x"), high.get("width")) == ("194", "210", "97")


def test_the_bound_is_marked_on_every_bar_and_named() -> None:
    found = rows_of(CITIES)
    ticks = [element for element in found if element.tag == "line" and element.get("stroke-width") == "2"]
    assert {tick.get("x1") for tick in ticks} == {"258.5"}
    assert len(ticks) == 3
    assert "bound of the least chance 0.5%" in [element.text for element in found]
    assert "最低概率的上限 0.5%" in [element.text for element in rows_of(CITIES, "zh")]


def test_many_classes_end_in_a_rest_and_the_scale_says_what_it_is() -> None:
    found = rows_of(NATION)
    groups = [element for element in found if element.tag == "g"]
    assert len(groups) == MOST_ROWS
    assert (groups[-1].findtext("title") or "").startswith("2 other classes: ")
    assert "logarithmic scale" in [element.text for element in found]


def test_labels_without_room_become_signs_and_then_an_ellipsis() -> None:
    wide = replace(
        NATION, groups=(ChanceGroup(tuple(range(8)), 5, 0.1, 0.1), ChanceGroup(tuple(range(25)), 5, 0.1, 0.1))
    )
    first, second = (element for element in rows_of(wide) if element.tag == "g")
    assert first.findall("text")[0].text == "①②③④⑤⑥⑦⑧"
    assert (second.findall("text")[0].text or "").endswith("…")


def test_nothing_is_painted_where_nobody_has_a_chance() -> None:
    none = replace(CITIES, groups=(ChanceGroup((0,), 5, 0, 0),), figures=replace(CITIES.figures, upper_bound=0.0))
    assert chance_rows(none, "en", 7) == ([], 7)

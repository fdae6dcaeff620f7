"""Bars from the library to the seats."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from expert_hub.draws.explaining.picture_funnel import MOST_GROUNDS, MOST_QUOTAS, funnel_rows
from tests.expert_hub.draws.pictured import CITIES, NATION, TABLES


def titles(explanation: Any, language: Any = "en") -> list[str]:
    rows, _ = funnel_rows(explanation, language, 0)
    return [ElementTree.fromstring(row).findtext("title") or "" for row in rows]


def test_every_stage_has_a_row_with_its_number() -> None:
    assert titles(CITIES) == [
        "library: 2,000 people",
        "left out (grounds may overlap): 1,128 people",
        "Q1 other speciality: 960 people",
        "C16 suspended, on leave, expired: 245 people",
        "C01 employed by a bidder: 47 people",
        "all other grounds together: fewer than 5 or none",
        "eligible: 872 people",
        "in no feasible panel: 3 people",
        "① B0132 · 3 seats: 550 people",
        "② A080104 · 2 seats: 9 people",
        "seats: 5 seats",
    ]
    assert titles(CITIES, "zh")[2:4] == ["Q1 专业不符: 960 人", "C16 暂停、请假、到期或超龄: 245 人"]


def test_small_grounds_and_many_quotas_are_put_together() -> None:
    found = titles(NATION)
    grounds = [title for title in found if title.startswith("C")]
    assert len(grounds) == MOST_GROUNDS
    rest = sum(1000 * number for number in range(1, 13 - MOST_GROUNDS)) + 77
    assert f"all other grounds together: {rest:,} people" in found
    assert f"{25 - MOST_QUOTAS} more quotas: {25 - MOST_QUOTAS} seats" in found
    assert any("fewer than 5" in title and "①" in title for title in found)


def test_hidden_sums_stay_hidden_beside_others() -> None:
    funnel = replace(NATION.funnel, merged=None)
    assert "15,000 + fewer than 5 or none" in " ".join(titles(replace(NATION, funnel=funnel)))


def test_a_lottery_of_two_tables_excludes_nobody() -> None:
    assert titles(TABLES) == ["library: 10 people", "in no feasible panel: 1 person", "seats: 3 seats"]


@pytest.mark.parametrize("explanation", [CITIES, NATION, TABLES])
def test_bars_are_as_long_as_their_numbers(explanation: Any) -> None:
    rows, end = funnel_rows(explanation, "en", 100)
    bars = [ElementTree.fromstring(row).findall("rect")[0] for row in rows]
    widths = [float(bar.get("width") or 0) for bar in bars]
    assert widths[0] == max(widths) == 388
    assert all(3 <= width <= 388 for width in widths)
    assert all(100 <= float(bar.get("y") or 0) < end for bar in bars)


def test_an_empty_library_is_no_reason_to_fail() -> None:
    empty = replace(CITIES, funnel=replace(CITIES.funnel, pool=0, eligible=0, grounds=()))
    assert titles(empty)[0] == "library: 0 people"

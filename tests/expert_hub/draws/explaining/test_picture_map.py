"""Places of the seats and of the members."""

from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from expert_hub.draws.explaining.picture_map import map_rows, place_name
from tests.expert_hub.draws.pictured import CITIES, NATION


def said(explanation: Any, language: Any, *members: str) -> list[str]:
    parts, _ = map_rows(explanation, members, language, 0)
    found = [ElementTree.fromstring(part) for part in parts]
    return [element.findtext("title") or element.text or "" for element in found]


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("4401", "广州", "Guangzhou"),
        ("440106", "广州 06", "Guangzhou 06"),
        ("440100", "广州", "Guangzhou"),
        ("430100", "湖南 0100", "Hunan 0100"),
        ("440606", "顺德", "Shunde"),
        ("44", "广东", "Guangdong"),
        ("4301", "湖南 01", "Hunan 01"),
        ("65", "新疆", "Xinjiang"),
        ("81", "香港", "Hong Kong"),
        ("99", "99", "99"),
    ],
)
def test_places_have_short_names(code: str, zh: str, en: str) -> None:
    assert (place_name(code, "zh"), place_name(code, "en")) == (zh, en)


def test_tiles_say_seats_parts_members_and_venue() -> None:
    found = said(CITIES, "en", "440100", "440100", "440106", "440606")
    assert "Guangzhou: 3 seats; 3 of the members; host venue" in found
    assert "Shunde: 2 seats; 1 of the members" in found
    assert "Zhanjiang: 2 seats; parts of it only" in found
    assert "Meizhou: 0 seats" in found
    assert "Limit: Guangzhou 1 to 2 seats" in found
    assert "●: where members come from (4)" in found


def test_members_outside_the_map_are_counted() -> None:
    assert "●：成员所在地（2 人，另 1 人在图外）" in said(CITIES, "zh", "440100", "44")


def test_secret_members_are_said_to_be_so() -> None:
    assert "成员所在地未列入抽取记录。" in said(CITIES, "zh")
    assert "The transcript does not say where members come from." in said(NATION, "en")


def test_without_places_nothing_is_said_of_members_and_limits() -> None:
    found = said(replace(CITIES, places=None), "en")
    assert not any("Limit" in text or "members" in text or "host venue" in text.split(": ")[0] for text in found)


def test_few_members_are_dots_and_many_a_number() -> None:
    def dots(count: int) -> int:
        return "".join(map_rows(CITIES, ["440100"] * count, "en", 0)[0]).count("<circle")

    assert [dots(count) for count in (0, 1, 2, 3, 9)] == [0, 1, 2, 1, 1]

"""Text is measured, broken and escaped; coordinates are short."""

from xml.etree import ElementTree

import pytest

from expert_hub.draws.explaining import svg
from tests.expert_hub.draws.pictured import HOSTILE


def test_chinese_is_wider_than_english() -> None:
    assert svg.width_of("专家", 10) == 20
    assert 10 < svg.width_of("experts", 10) < 45


@pytest.mark.parametrize("text", ["计算机及网络设备与其他", "the quick brown fox jumps", "a" * 500, "专" * 500, ""])
@pytest.mark.parametrize("room", [20, 60, 200])
def test_fitted_text_has_room(text: str, room: int) -> None:
    found = svg.fitted(text, 12, room)
    assert svg.width_of(found, 12) <= room
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


@pytest.mark.parametrize("text", ["机会最小者的概率 0.7，任何方案都不能高于该上限。", "No lottery gives more."])
def test_wrapped_text_keeps_every_sign_and_fits(text: str) -> None:
    lines = svg.wrapped(text, 12, 100)
    assert len(lines) > 1
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(svg.width_of(line, 12) <= 100 + 12 for line in lines)
    assert not any(line[0] in "，。 " for line in lines)


def test_english_is_broken_at_spaces_only() -> None:
    assert svg.wrapped("no two people sit together", 12, 80) == ["no two people", "sit together"]
    assert svg.wrapped("", 12, 80) == []


@pytest.mark.parametrize(("value", "text"), [(1, "1"), (1.04, "1"), (0.25, "0.2"), (12.66, "12.7"), (-3, "-3")])
def test_coordinates_have_one_decimal_at_most(value: float, text: str) -> None:
    assert svg.number(value) == text


def test_hostile_text_stays_text() -> None:
    marks = svg.group(HOSTILE, svg.write(0, 0, HOSTILE, fill=HOSTILE), svg.box(0, 0, 1, 1, fill='"/><script/>'))
    found = ElementTree.fromstring(marks)
    assert [element.tag for element in found] == ["title", "text", "rect"]
    assert found[0].text == found[1].text
    assert "\x1b" not in marks
    assert "\u202e" not in marks


def test_shapes_are_elements_with_their_place() -> None:
    assert svg.stroke(0, 1, 2, 3, stroke_width="2") == '<line x1="0" y1="1" x2="2" y2="3" stroke-width="2"/>'
    assert svg.dot(1, 2, 3.5, fill="red") == '<circle cx="1" cy="2" r="3.5" fill="red"/>'

from collections import Counter
from dataclasses import replace
from math import sqrt

import pytest

from scheduling.errors import TooTangledError
from scheduling.fair_draw import FairDrawer, draw_panel
from scheduling.fair_lottery import FairClass, FairLottery, FairTemplate, Figures
from scheduling.seed import Stream

LOTTERY = FairLottery(
    people=5,
    seats=2,
    method="rejection",
    classes=(FairClass((0, 1, 2), (1, 2, 3)), FairClass((3, 4), (4, 5))),
    templates=(FairTemplate(2, ((0, 1), (1, 1))), FairTemplate(1, ((0, 2),))),
    units=(0, 1, -1, 0, -1),
    unit_max=1,
    never=(),
    figures=Figures(0, 0, 0, 0, 0, 0, pair_is_exact=False),
)
# First template: weight of a pair over the sum of the allowed pairs; second: all pairs of 0, 1, 2.
FIRST = {(0, 4): 5, (1, 3): 8, (1, 4): 10, (2, 3): 12, (2, 4): 15}
SECOND = {(0, 1): 2, (0, 2): 3, (1, 2): 6}


def test_panels_are_drawn_in_proportion_to_their_weights():
    draws = 20_000
    stream, drawer = Stream(b"fixed"), FairDrawer(LOTTERY)
    counts = Counter(drawer.draw(stream) for _ in range(draws))
    wanted = {panel: 2 / 3 * weight / 50 for panel, weight in FIRST.items()}
    wanted |= {panel: 1 / 3 * weight / 11 for panel, weight in SECOND.items()}
    assert set(counts) == set(wanted)
    for panel, chance in wanted.items():
        assert abs(counts[panel] - draws * chance) <= 4 * sqrt(draws * chance * (1 - chance))


def test_a_seed_always_gives_the_same_panel():
    assert draw_panel(LOTTERY, b"\x01" * 32) == draw_panel(LOTTERY, b"\x01" * 32) == (2, 4)


def test_a_lottery_without_panels_gives_up():
    only = replace(LOTTERY, templates=(FairTemplate(1, ((0, 2),)),), units=(0, 0, 0, 1, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduling.fair_draw.MAX_TRIES", 50)
        with pytest.raises(TooTangledError):
            draw_panel(only, b"seed")


def test_a_unit_may_come_as_often_as_the_rule_allows():
    templates = (FairTemplate(1, ((0, 2), (1, 1))),)
    two = replace(LOTTERY, seats=3, units=(0, 0, 0, 1, 1), unit_max=2, templates=templates)
    panels = {FairDrawer(two).draw(Stream(bytes([number]))) for number in range(200)}
    assert panels == {(a, b, c) for a, b in ((0, 1), (0, 2), (1, 2)) for c in (3, 4)}


def test_plain_seats_are_taken_without_weights():
    plain = replace(LOTTERY, method="plain", classes=(FairClass((0, 1, 2)), FairClass((3, 4))))
    panels = {FairDrawer(plain).draw(Stream(bytes([number]))) for number in range(200)}
    assert panels == {(a, b) for a in (0, 1, 2) for b in (3, 4)} | {(0, 1), (0, 2), (1, 2)}

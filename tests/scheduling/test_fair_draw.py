from collections import Counter
from dataclasses import replace
from math import sqrt

import pytest

from scheduling.errors import TooTangledError
from scheduling.fair_draw import FairDrawer, below, draw_panel
from scheduling.fair_lottery import FairClass, FairLottery, FairTemplate, Figures
from scheduling.seed import Stream

LOTTERY = FairLottery(
    people=5,
    seats=2,
    method="table",
    classes=(FairClass((0, 1, 2), (1, 2, 3)), FairClass((3, 4), (4, 5))),
    templates=(FairTemplate(2, ((0, 1), (1, 1))), FairTemplate(1, ((0, 2),))),
    units=(0, 1, -1, 0, -1),
    never=(),
    figures=Figures(0, 0, 0, 0, 0, 0, pair_is_exact=False),
)
# First template: weight of a pair over the sum of the allowed pairs; second: all pairs of 0, 1, 2.
FIRST = {(0, 4): 5, (1, 3): 8, (1, 4): 10, (2, 3): 12, (2, 4): 15}
SECOND = {(0, 1): 2, (0, 2): 3, (1, 2): 6}


@pytest.mark.parametrize("method", ["table", "rejection"])
def test_both_methods_draw_from_the_same_distribution(method):
    draws = 20_000
    stream, drawer = Stream(b"fixed"), FairDrawer(replace(LOTTERY, method=method))
    counts = Counter(drawer.draw(stream) for _ in range(draws))
    wanted = {panel: 2 / 3 * weight / 50 for panel, weight in FIRST.items()}
    wanted |= {panel: 1 / 3 * weight / 11 for panel, weight in SECOND.items()}
    assert set(counts) == set(wanted)
    for panel, chance in wanted.items():
        assert abs(counts[panel] - draws * chance) <= 4 * sqrt(draws * chance * (1 - chance))


def test_a_seed_always_gives_the_same_panel():
    assert draw_panel(LOTTERY, b"\x01" * 32) == draw_panel(LOTTERY, b"\x01" * 32) == (1, 4)


def test_a_lottery_without_panels_gives_up():
    only = replace(LOTTERY, method="rejection", templates=(FairTemplate(1, ((0, 2),)),), units=(0, 0, 0, 1, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scheduling.fair_draw.MAX_TRIES", 50)
        with pytest.raises(TooTangledError):
            draw_panel(only, b"seed")


def test_large_bounds_are_drawn_from_several_words():
    stream, bound = Stream(b"x"), 3 << 100
    counts = Counter(below(stream, bound) >> 100 for _ in range(3_000))
    assert set(counts) == {0, 1, 2}
    assert max(counts.values()) < 1_200
    assert below(Stream(b"y"), 7) == Stream(b"y").below(7)

import numpy as np
import pytest

from scheduling.fair_lottery import FairClass, FairLottery, FairTemplate, Figures
from scheduling.figures import figures_of, gini, probabilities

EMPTY = Figures(0, 0, 0, 0, 0, 0, pair_is_exact=False)
PLAIN = FairLottery(
    people=6,
    seats=2,
    method="plain",
    classes=(FairClass((0, 1, 2)), FairClass((3, 4))),
    templates=(FairTemplate(3, ((0, 1), (1, 1))), FairTemplate(1, ((0, 2),))),
    units=None,
    unit_max=1,
    never=(5,),
    figures=EMPTY,
)


def test_chances_follow_from_the_definition():
    assert probabilities(PLAIN) == pytest.approx([5 / 12] * 3 + [3 / 8] * 2 + [0])


def test_the_figures_of_a_small_lottery_are_counted_by_hand():
    found = figures_of(PLAIN, 0.4)
    # Six panels of 1/8 each, three of 1/12 each.
    assert found.entropy_bits == pytest.approx(6 / 8 * np.log2(8) + 3 / 12 * np.log2(12))
    assert found.max_pair_probability == pytest.approx(1 / 8)
    assert (found.min_probability, found.max_probability) == (pytest.approx(3 / 8), pytest.approx(5 / 12))
    assert (found.upper_bound, found.pair_is_exact) == (0.4, True)


def test_the_gini_index_compares_all_pairs():
    chances = np.array([0.1, 0.4, 0.3])
    wanted = np.abs(chances[:, None] - chances[None, :]).sum() / (2 * 9 * chances.mean())
    assert gini(chances) == pytest.approx(wanted)
    assert gini(np.full(5, 0.2)) == 0

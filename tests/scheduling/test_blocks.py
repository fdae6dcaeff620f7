import numpy as np

from scheduling.blocks import blocks_of_units
from scheduling.partition import collapse
from scheduling.problem import LotteryProblem
from scheduling.targets import find_targets

KINDS = np.arange(400) % 4
UNITS = np.arange(400) // 4 % 50
PROBLEM = LotteryProblem(KINDS, (), 6, UNITS)
TARGETS = find_targets(PROBLEM, np.zeros(400, dtype=np.bool_))


def test_few_units_stay_alone():
    (finest,) = blocks_of_units(PROBLEM, TARGETS, 400)
    assert sorted(finest.tolist()) == list(range(50))


def test_many_units_are_packed_evenly_and_keep_room():
    coarse, finest = blocks_of_units(PROBLEM, TARGETS, 60)
    assert sorted(finest.tolist()) == list(range(50))
    loads = np.bincount(coarse, weights=TARGETS.expected)
    assert len(loads) == 15
    assert loads.max() <= 0.75
    assert len(collapse(PROBLEM, coarse).sizes) == 60


def test_units_that_cannot_break_the_rule_are_in_no_block():
    problem = LotteryProblem(np.zeros(5, dtype=np.int64), (), 2, np.array([0, 0, 1, 2, -1]))
    (finest,) = blocks_of_units(problem, find_targets(problem, np.zeros(5, dtype=np.bool_)), 10)
    assert finest.tolist() == [0, -1, -1]

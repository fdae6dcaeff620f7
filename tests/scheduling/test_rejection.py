import numpy as np
import pytest

from scheduling.cells import Row
from scheduling.fair_lottery import ACCEPT_SCALE
from scheduling.members import exact_seats
from scheduling.multisets import slots_of
from scheduling.patterns import find_patterns
from scheduling.problem import LotteryProblem
from scheduling.rejection import can_be_weighed, weigh_members
from scheduling.targets import find_targets, seats_of
from scheduling.templates import mix_templates

KINDS = np.arange(60) % 3
UNITS = np.where(np.arange(60) % 12 == 0, 0, np.arange(60) % 23)
PROBLEM = LotteryProblem(KINDS, (Row((0,), 1, 2), Row((1,), 1, 1)), 4, UNITS)
TARGETS = find_targets(PROBLEM, np.zeros(60, dtype=np.bool_))
MIXTURE = mix_templates(TARGETS.cells, seats_of(TARGETS.cells, TARGETS))


def test_whole_weights_meet_the_targets():
    found = weigh_members(PROBLEM, TARGETS, TARGETS.cells, MIXTURE)
    cells = TARGETS.cells
    patterns = find_patterns(cells.labels, found.weights.astype(np.float64), UNITS, len(cells.sizes))
    exact = exact_seats(slots_of(MIXTURE.templates, MIXTURE.chances), patterns.weights, patterns.counts)
    inside = patterns.weights[patterns.of_person, cells.labels]
    chances = exact.seats[patterns.of_person, cells.labels] * found.weights / inside
    assert chances == pytest.approx(TARGETS.chances, rel=1e-5)
    assert found.accept / ACCEPT_SCALE == pytest.approx(exact.accepted, rel=1e-9)


def test_members_alike_have_one_weight():
    found = weigh_members(PROBLEM, TARGETS, TARGETS.cells, MIXTURE)
    alike = {}
    for person in range(60):
        alike.setdefault((KINDS[person], UNITS[person]), set()).add(int(found.weights[person]))
    assert {len(weights) for weights in alike.values()} == {1}


def test_a_unit_that_is_always_there_makes_tries_fail():
    units = np.where(np.arange(60) < 48, 0, np.arange(60))
    problem = LotteryProblem(KINDS, (), 4, units)
    targets = find_targets(LotteryProblem(KINDS, (), 4, None), np.zeros(60, dtype=np.bool_))
    mixture = mix_templates(targets.cells, targets.found.seats)
    assert weigh_members(problem, targets, targets.cells, mixture) is None


def test_only_small_panels_of_single_members_per_unit_are_weighed():
    assert can_be_weighed(PROBLEM, TARGETS.cells)
    assert not can_be_weighed(LotteryProblem(KINDS, (), 4, UNITS, unit_max=2), TARGETS.cells)
    assert not can_be_weighed(LotteryProblem(KINDS, (), 13, UNITS), TARGETS.cells)

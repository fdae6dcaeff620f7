import numpy as np
import pytest

from scheduling.cells import Row
from scheduling.partition import collapse
from scheduling.problem import LotteryProblem
from scheduling.targets import find_targets, seats_of

NOBODY = np.zeros(12, dtype=np.bool_)


def problem(units, most=1):
    kinds = np.array([0] * 8 + [1] * 4)
    numbers = None if units is None else np.array([ord(unit) - ord("u") for unit in units])
    return LotteryProblem(kinds, (Row((0,), 2, 2), Row((1,), 1, 1)), 3, numbers, most)


def test_units_that_do_not_bind_get_no_row():
    found = find_targets(problem("uuvvwwxxyyzz"), NOBODY)
    assert found.blocks.tolist() == [-1] * 6
    assert found.chances == pytest.approx([0.25] * 12)
    assert found.expected == pytest.approx([0.5] * 6)


def test_a_unit_that_asks_for_more_than_a_seat_binds():
    found = find_targets(problem("uuuuuuvwuxyz"), NOBODY)
    assert found.blocks.tolist() == [0, -1, -1, -1, -1, -1]
    assert found.chances[[0, 1, 2, 3, 4, 5, 8]].sum() == pytest.approx(1.0)
    assert found.found.bound == pytest.approx(1 / 7)


def test_a_unit_may_have_more_seats_where_the_rule_allows_it():
    assert find_targets(problem("uuuuuuvwuxyz", 2), NOBODY).blocks.tolist() == [-1] * 6


def test_people_known_to_be_in_no_panel_are_left_out():
    found = find_targets(problem(None), np.arange(12) < 2)
    assert found.chances[:2].tolist() == [0, 0]
    assert found.found.bound == pytest.approx(0.25)


def test_without_a_solution_there_are_no_targets():
    assert find_targets(problem("u" * 12), NOBODY) is None


def test_expected_seats_of_finer_cells_are_those_of_their_people():
    found = find_targets(problem("uuvvwwxxyyzz"), NOBODY)
    cells = collapse(problem("uuvvwwxxyyzz"), np.array([0, -1, -1, -1, -1, -1]))
    assert seats_of(cells, found) == pytest.approx([1.5, 0.5, 1.0])

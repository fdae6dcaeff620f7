import numpy as np
import pytest

from scheduling.cells import Row
from scheduling.partition import block_per_person, collapse, unit_sizes
from scheduling.problem import LotteryProblem

ROWS = (Row((0,), 1, 2),)
PROBLEM = LotteryProblem(np.array([0, 1, 0, 0]), ROWS, 2, np.array([0, 0, 1, -1]))


def members(cells):
    return [group.tolist() for group in cells.members()]


def test_people_of_one_kind_are_one_cell():
    cells = collapse(PROBLEM)
    assert members(cells) == [[0, 2, 3], [1]]
    assert cells.rows == (Row((0, 1), 2, 2), Row((0,), 1, 2))


def test_a_unit_set_apart_gets_cells_and_a_row():
    cells = collapse(PROBLEM, np.array([0, -1]))
    assert members(cells) == [[2, 3], [0], [1]]
    assert cells.rows == (Row((0, 1, 2), 2, 2), Row((0, 1), 1, 2), Row((1, 2), 0, 1))


def test_units_of_one_block_share_cells_and_row():
    cells = collapse(PROBLEM, np.array([0, 0]))
    assert members(cells) == [[3], [0, 2], [1]]
    assert cells.rows[-1] == Row((1, 2), 0, 1)


def test_a_row_per_unit_allows_as_many_as_the_rule():
    two = LotteryProblem(np.array([0, 1, 1]), (), 3, np.array([0, 0, 0]), unit_max=2)
    assert collapse(two, np.array([0])).rows[-1] == Row((0, 1), 0, 2)


def test_absent_people_are_in_no_cell():
    assert members(collapse(PROBLEM, None, np.array([False, True, False, False]))) == [[0, 2, 3]]


@pytest.mark.parametrize(
    ("edges", "cliques"),
    [(((0, 2),), [(1, 2)]), (((2, 0), (0, 3), (3, 2)), [(0, 1, 2)]), (((0, 1), (1, 2)), [(1, 3), (2, 3)])],
)
def test_pairs_become_single_cells_and_rows_of_cliques(edges, cliques):
    cells = collapse(LotteryProblem(PROBLEM.kinds, ROWS, 2, None, edges=edges))
    touched = sorted({person for edge in edges for person in edge})
    assert [group for group in members(cells) if set(group) & set(touched)] == sorted(
        ([person] for person in touched), key=lambda group: (PROBLEM.kinds[group[0]], group)
    )
    assert [row.places for row in cells.rows if (row.low, row.high) == (0, 1)] == cliques


def test_counted_persons_per_unit():
    assert unit_sizes(PROBLEM, np.array([True, False, True, True])).tolist() == [1, 1]
    assert unit_sizes(LotteryProblem(PROBLEM.kinds, ROWS, 2, None), np.ones(4, dtype=np.bool_)).tolist() == []


def test_who_has_no_unit_has_no_block():
    assert block_per_person(PROBLEM, np.array([3, 4])).tolist() == [3, 3, 4, -1]
    assert block_per_person(PROBLEM, None).tolist() == [-1] * 4

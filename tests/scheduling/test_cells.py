import numpy as np

from scheduling.cells import Row, collapse, satisfies
from scheduling.quotas import FairProblem, FeatureQuota

PROBLEM = FairProblem(
    ("field",), (("a",), ("b",), ("a",), ("a",)), (FeatureQuota("field", "a", 1, 2),), 2, ("u", "u", "v", "")
)


def test_people_alike_in_all_categories_are_one_cell():
    cells = collapse(PROBLEM)
    assert cells.members == ((0, 2, 3), (1,))
    assert cells.rows == (Row((0, 1), 2, 2), Row((0,), 1, 2))


def test_a_unit_set_apart_gets_cells_and_a_row():
    cells = collapse(PROBLEM, {"u"})
    assert cells.members == ((0,), (1,), (2, 3))
    assert cells.parents == (0, 1, 0)
    assert cells.rows[-1] == Row((0, 1), 0, 1)


def test_absent_people_are_in_no_cell():
    assert collapse(PROBLEM, (), {1}).members == ((0, 2, 3),)


def test_sizes_and_rows_are_kept():
    cells = collapse(PROBLEM)
    assert satisfies(cells, np.array([1, 1]))
    assert satisfies(cells, np.array([2, 0]))
    assert not satisfies(cells, np.array([0, 2]))
    assert not satisfies(cells, np.array([1, 0]))

import numpy as np

from scheduling.cells import Cells, Row, satisfies

CELLS = Cells(np.array([0, 1, 0, -1, 0]), np.array([3, 1]), (Row((0, 1), 2, 2), Row((0,), 1, 2)), 2)


def test_sizes_and_rows_are_kept():
    assert satisfies(CELLS, np.array([1, 1]))
    assert satisfies(CELLS, np.array([2, 0]))
    assert not satisfies(CELLS, np.array([0, 2]))
    assert not satisfies(CELLS, np.array([1, 0]))


def test_members_stand_in_their_cell_ascending():
    assert [group.tolist() for group in CELLS.members()] == [[0, 2, 4], [1]]


def test_the_rows_as_a_table():
    assert CELLS.inside().tolist() == [[1, 1], [1, 0]]

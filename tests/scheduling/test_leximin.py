import numpy as np
import pytest

from scheduling.cells import Cells, Row
from scheduling.leximin import leximin_seats


def cells(sizes, rows, seats):
    labels = np.repeat(np.arange(len(sizes)), sizes)
    return Cells(labels, np.array(sizes), (Row(tuple(range(len(sizes))), seats, seats), *rows), seats)


def test_the_least_likely_is_raised_first_and_then_the_next():
    # One seat for 10 people, at least two seats for 4, the third of 5 takes what is left.
    found = leximin_seats(cells((10, 4, 5), (Row((0,), 1, 1), Row((1,), 2, 4)), 4))
    assert found.bound == pytest.approx(0.1)
    assert found.seats == pytest.approx([1, 2, 1])


def test_without_quotas_everybody_is_alike():
    found = leximin_seats(cells((3, 7), (), 2))
    assert found.seats == pytest.approx([0.6, 1.4])


def test_cells_without_a_seat_in_any_solution_are_named():
    found = leximin_seats(cells((3, 7), (Row((0,), 0, 0),), 2))
    assert (found.never, found.bound) == ((0,), pytest.approx(2 / 7))


def test_rows_that_contradict_each_other_have_no_solution():
    assert leximin_seats(cells((3, 7), (Row((0,), 1, 1), Row((1,), 2, 2)), 2)) is None

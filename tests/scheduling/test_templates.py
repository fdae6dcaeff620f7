import numpy as np
import pytest

from scheduling.cells import Cells, Row, satisfies
from scheduling.templates import mix_templates, panel_bits

SQUARE = Cells(
    np.array([0, 0, 0, 1, 1, 2, 2, 2, 3]),
    np.array([3, 2, 3, 1]),
    (Row((0, 1, 2, 3), 3, 3), Row((0, 1), 1, 2), Row((0, 2), 1, 2)),
    3,
)


def test_targets_are_met_by_whole_templates():
    targets = np.array([1.0, 0.5, 1.0, 0.5])
    found = mix_templates(SQUARE, targets)
    assert found.exact
    assert found.chances @ found.templates == pytest.approx(targets, abs=1e-8)
    assert all(satisfies(SQUARE, template) for template in found.templates)


def triangle(*more):
    rows = (Row((0, 1, 2, 3), 2, 2), Row((0, 1), 0, 1), Row((1, 2), 0, 1), Row((0, 2), 0, 1))
    return Cells(np.array([0, 1, 2, 3, 3]), np.array([1, 1, 1, 2]), (*rows, *more), 2)


def test_where_halves_are_no_panels_the_leximin_of_whole_panels_is_found():
    # The programme would seat one half of each of three; whole panels seat one of the three and one other.
    found = mix_templates(triangle(), np.array([0.5, 0.5, 0.5, 0.5]))
    assert not found.exact
    assert found.chances @ found.templates == pytest.approx([1 / 3, 1 / 3, 1 / 3, 1.0], abs=1e-8)


def test_cells_that_only_halves_could_seat_are_named():
    blocked = triangle(Row((0, 3), 0, 1), Row((0,), 0, 1))
    found = mix_templates(blocked, np.array([0.5, 0.5, 0.5, 0.5]))
    assert found.never == (0,)


def test_panels_of_a_template_are_counted():
    assert panel_bits(SQUARE, np.array([[1, 1, 1, 0]])) == pytest.approx([np.log2(3 * 2 * 3)])

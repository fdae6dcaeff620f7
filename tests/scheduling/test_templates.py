import numpy as np
import pytest

from scheduling.cells import Cells, Row, satisfies
from scheduling.templates import mix_templates

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


def test_what_whole_panels_allow_at_most_is_shown():
    found = mix_templates(triangle(), np.array([0.5, 0.5, 0.5, 0.5]))
    # In seats per person of the cell; the programme would allow 0.4.
    assert found.bound == pytest.approx(1 / 3, rel=1e-6)
    assert found.bound >= 1 / 3


def many_cells(seats, rows=()):
    count = 80
    halves = (Row(tuple(range(40)), 3, 5), Row(tuple(range(0, 80, 2)), 3, 6))
    every = Row(tuple(range(count)), seats, seats)
    return Cells(np.arange(count), np.ones(count, dtype=np.int64), (every, *halves, *rows), seats)


def test_many_cells_are_herded_and_meet_the_targets():
    told = []
    found = mix_templates(many_cells(8), np.full(80, 0.1), lambda stage, share: told.append((stage, share)))
    assert found.exact
    assert found.chances @ found.templates == pytest.approx([0.1] * 80, abs=1e-6)
    assert all(satisfies(many_cells(8), template) for template in found.templates)
    assert {stage for stage, _ in told} == {"templates"}


def test_in_large_problems_who_is_left_out_gets_a_template(monkeypatch):
    monkeypatch.setattr("scheduling.templates.MANY_CELLS", 70)
    monkeypatch.setattr("scheduling.templates.find_herd", lambda cells, targets, tell: None)
    found = mix_templates(many_cells(8), np.full(80, 0.1))
    assert not found.exact
    assert (found.chances @ found.templates > 0).all()
    blocked = mix_templates(many_cells(8, (Row((0, 1), 0, 0),)), np.full(80, 0.1))
    assert blocked.never == (0, 1)
    assert mix_templates(many_cells(8, (Row((0,), 1, 1), Row((0, 1), 0, 0))), np.full(80, 0.1)) is None

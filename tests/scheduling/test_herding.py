import numpy as np
import pytest

from scheduling.cells import Cells, Row, satisfies
from scheduling.herding import find_herd, tightened

COUNT = 90
ROWS = (Row(tuple(range(COUNT)), 9, 9), Row(tuple(range(30)), 3, 5), Row(tuple(range(0, COUNT, 3)), 2, 4))
CELLS = Cells(np.arange(COUNT), np.ones(COUNT, dtype=np.int64), ROWS, 9)


def quiet(share):
    assert 0 <= share <= 1


def test_a_row_at_its_bound_holds_in_every_template():
    rows = tightened(CELLS, np.full(COUNT, 0.1)).rows
    assert rows == (ROWS[0], Row(ROWS[1].places, 3, 3), ROWS[2])


def test_the_mean_of_a_herd_is_the_target():
    herd = find_herd(CELLS, np.full(COUNT, 0.1), quiet)
    assert herd.error <= 1e-6
    assert herd.least == pytest.approx(1, abs=1e-6)
    assert herd.chances @ herd.templates == pytest.approx([0.1] * COUNT, abs=1e-6)
    assert all(satisfies(CELLS, template) for template in herd.templates)
    assert len(np.unique(herd.templates, axis=0)) == len(herd.templates)


def test_out_of_reach_targets_give_the_nearest_herd():
    # Half a seat for each of three who exclude each other two by two is no mixture of whole panels.
    rows = (*ROWS, Row((30, 31), 0, 1), Row((31, 32), 0, 1), Row((30, 32), 0, 1))
    targets = np.full(COUNT, 7.5 / 87)
    targets[30:33] = 0.5
    herd = find_herd(Cells(CELLS.labels, CELLS.sizes, rows, 9), targets, quiet)
    assert herd is None or herd.error > 0.1


def test_enough_work_is_enough(monkeypatch):
    monkeypatch.setattr("scheduling.herding.MOST_WORK", 100_000)
    herd = find_herd(CELLS, np.full(COUNT, 0.1), quiet)
    assert len(herd.templates) < 60


def test_no_template_no_herd():
    blocked = Cells(CELLS.labels, CELLS.sizes, (*ROWS, Row((0,), 1, 1), Row((0, 1), 0, 0)), 9)
    assert find_herd(blocked, np.full(COUNT, 0.1), quiet) is None

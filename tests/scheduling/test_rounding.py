import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.cells import Cells, Row, satisfies
from scheduling.pricing import Pricer
from scheduling.rounding import Rounder

CELLS = Cells(
    np.repeat(np.arange(12), [1, 2, 1, 1, 3, 1, 1, 2, 1, 1, 1, 4]),
    np.array([1, 2, 1, 1, 3, 1, 1, 2, 1, 1, 1, 4]),
    (
        Row(tuple(range(12)), 6, 6),
        Row((0, 1, 2, 3, 4), 2, 3),
        Row((0, 5, 6, 7), 1, 2),
        Row((1, 5, 8, 9, 10, 11), 2, 4),
        Row((2, 6), 0, 1),
        Row((9, 10), 1, 1),
    ),
    6,
)
NONE = np.zeros(12, dtype=np.int64)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.integers(-99, 99), min_size=12, max_size=12), min_size=1, max_size=4))
def test_templates_keep_all_rows_whatever_the_prices(calls):
    rounder = Rounder(CELLS, NONE, CELLS.sizes)
    for prices in calls:
        assert satisfies(CELLS, rounder.template(np.array(prices, dtype=float)))
    assert rounder.work > 0


def test_templates_are_worth_nearly_as_much_as_the_best():
    rounder, pricer = Rounder(CELLS, NONE, CELLS.sizes), Pricer(CELLS, NONE, CELLS.sizes)
    found, best = 0.0, 0.0
    for turn in range(1, 60):
        prices = 1.0 + np.sin(np.arange(12.0) * turn)
        found += float(prices @ rounder.template(prices))
        best += float(prices @ pricer.best(prices))
    assert 0.95 * best <= found <= best + 1e-9


def test_overlapping_pairs_are_kept():
    pairs = tuple(Row((a, b), 0, 1) for a in range(20) for b in range(a + 1, 20) if (a * 7 + b * 3) % 5 == 0)
    cells = Cells(np.arange(20), np.ones(20, dtype=np.int64), (Row(tuple(range(20)), 5, 5), *pairs), 5)
    rounder = Rounder(cells, np.zeros(20, dtype=np.int64), cells.sizes)
    found = [rounder.template(np.sin(np.arange(20.0) * turn)) for turn in range(1, 30)]
    kept = [template for template in found if template is not None]
    assert len(kept) >= 25
    assert all(satisfies(cells, template) for template in kept)


def test_the_box_is_kept():
    low, high = NONE.copy(), np.minimum(CELLS.sizes, 1)
    low[11] = high[11] = 1
    found = Rounder(CELLS, low, high).template(-np.arange(12.0))
    assert ((found >= low) & (found <= high)).all()


@pytest.mark.parametrize("seats", [2, 3])
def test_contradicting_rows_have_no_template(seats):
    rows = (Row((0, 1, 2), seats, seats), Row((0,), 1, 1), Row((0, 1), 0, 0))
    cells = Cells(np.arange(3), np.ones(3, dtype=np.int64), rows, seats)
    assert Rounder(cells, np.zeros(3, dtype=np.int64), cells.sizes).template(np.ones(3)) is None

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.cells import Cells, Row, satisfies
from scheduling.pricing import Pricer, cover

# Three pairwise rows make vertices of one half: the exact search is needed.
CELLS = Cells(
    np.array([0, 1, 2, 3, 3]),
    np.array([1, 1, 1, 2]),
    (Row((0, 1, 2, 3), 2, 2), Row((0, 1), 0, 1), Row((1, 2), 0, 1), Row((0, 2), 0, 1)),
    2,
)
TEMPLATES = [np.array(x) for x in product((0, 1), (0, 1), (0, 1), (0, 1, 2)) if satisfies(CELLS, np.array(x))]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(-9, 9), min_size=4, max_size=4))
def test_the_best_template_is_as_good_as_the_best_of_all(prices):
    prices = np.array(prices, dtype=float)
    pricer = Pricer(CELLS, np.zeros(4, dtype=np.int64), CELLS.sizes)
    best = max(float(prices @ template) for template in TEMPLATES)
    assert satisfies(CELLS, pricer.best(prices))
    assert prices @ pricer.best(prices) == best
    assert pricer.proved
    assert prices @ pricer.improving(prices, [], 1e9) == best
    assert max([prices @ item for item in pricer.several(prices, [TEMPLATES[0]], best - 0.5)], default=None) == best
    assert pricer.several(prices, [TEMPLATES[0]], best) == []


def test_an_empty_box_has_no_template():
    assert Pricer(CELLS, np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)).best(np.ones(4)) is None


def test_cells_in_no_template_are_found():
    rows = (*CELLS.rows, Row((0, 3), 0, 0))
    blocked = Cells(CELLS.labels, CELLS.sizes, rows, 2)
    assert cover(blocked, [0])[1] == [0]
    templates, never = cover(CELLS, [0, 1, 2, 3])
    assert never == []
    assert all(satisfies(CELLS, template) for template in templates)
    assert (sum(templates) > 0).all()


def test_without_a_proof_cells_are_looked_at_one_by_one(monkeypatch):
    blocked = Cells(CELLS.labels, CELLS.sizes, (*CELLS.rows, Row((0, 3), 0, 0)), 2)
    listed = [np.array(x) for x in product((0, 1), (0, 1), (0, 1), (0, 1, 2)) if satisfies(blocked, np.array(x))]
    monkeypatch.setattr("scheduling.pricing.Pricer.best", lambda pricer, prices: _unproved(pricer))
    templates, never = cover(blocked, [0, 1, 2])
    assert (templates, never) == ([], [])
    assert listed == []


def _unproved(pricer):
    pricer.proved = False


def test_rounding_of_prices_is_accounted_for():
    pricer = Pricer(CELLS, np.zeros(4, dtype=np.int64), CELLS.sizes)
    assert pricer.excess(np.array([0.0, -3.0, 1.0, 2.0])) == 6.0 / 100_000_000

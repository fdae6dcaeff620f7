from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.cells import Cells, Row, satisfies
from scheduling.pricing import Pricer, unreachable

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
    assert prices @ pricer.improving(prices, [], 1e9) == best
    assert max([prices @ item for item in pricer.several(prices, [TEMPLATES[0]], best - 0.5)], default=None) == best
    assert pricer.several(prices, [TEMPLATES[0]], best) == []


def test_an_empty_box_has_no_template():
    assert Pricer(CELLS, np.zeros(4, dtype=np.int64), np.zeros(4, dtype=np.int64)).best(np.ones(4)) is None


def test_cells_in_no_template_are_found():
    rows = (*CELLS.rows, Row((0, 3), 0, 0))
    blocked = Cells(CELLS.labels, CELLS.sizes, rows, 2)
    assert unreachable(blocked, [0]) == [0]
    assert unreachable(CELLS, [0, 1, 2, 3]) == []

from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.members import exact_seats
from scheduling.multisets import slots_of
from scheduling.pairs import largest_plain_pair, largest_unit_pair
from scheduling.patterns import Patterns

TEMPLATES = np.array([[2, 1, 0], [1, 1, 1]])
CHANCES = np.array([0.6, 0.4])


def listed_pair(slots, weights, counts):
    units = np.repeat(np.arange(len(weights)), counts)
    found = {}
    for classes, chance in zip(slots.classes, CHANCES, strict=True):
        panels = {}
        for chosen in product(range(len(units)), repeat=len(classes)):
            if len(set(chosen)) == len(chosen):
                panels[chosen] = prod(weights[units[u], c] for c, u in zip(classes, chosen, strict=True))
        for chosen, weight in panels.items():
            persons = sorted(zip(chosen, classes.tolist(), strict=True))
            for one, a in enumerate(persons):
                for b in persons[one + 1 :]:
                    found[a, b] = found.get((a, b), 0) + chance * weight / sum(panels.values())
    return max(found.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=12, max_size=12))
def test_the_largest_pair_is_that_of_the_listed_panels(values):
    weights, counts = np.array(values, dtype=float).reshape(4, 3) + 0.5, np.array([1, 2, 1, 1])
    weights /= (weights * counts[:, None]).sum(axis=0)
    slots = slots_of(TEMPLATES, CHANCES)
    exact = exact_seats(slots, weights, counts)
    patterns = Patterns(weights, counts, np.zeros(0, dtype=np.int64))
    pair, is_exact = largest_unit_pair(slots, patterns, exact, weights)
    assert is_exact
    assert pair == pytest.approx(listed_pair(slots, weights, counts), rel=1e-9)


def test_with_many_slots_a_bound_is_given():
    slots = slots_of(np.array([[10, 0, 0]]), np.ones(1))
    weights = np.full((40, 3), 1 / 40)
    exact = exact_seats(slots, weights, np.ones(40, dtype=np.int64))
    patterns = Patterns(weights, np.ones(40, dtype=np.int64), np.zeros(0, dtype=np.int64))
    pair, is_exact = largest_unit_pair(slots, patterns, exact, weights)
    assert not is_exact
    assert pair >= 10 * 9 / (40 * 39)


def test_plain_pairs_are_counted():
    # Two of three in the first class 0.6 / 3; one of each 0.6 * 2 / 3 / 2 + 0.4 / 3 / 2.
    pair = largest_plain_pair(np.array([[2, 1, 0], [1, 1, 1]]), np.array([3.0, 2.0]), np.array([3, 2, 50]))
    assert pair == pytest.approx(0.4 / 2 / 3 + 0.6 * 2 / 6)


def test_large_seat_numbers_are_summed_without_loss():
    pair = largest_plain_pair(np.array([[200, 10]]), np.array([2.0**40]), np.array([2000, 100]))
    assert pair == pytest.approx(max(200 * 199 / (2000 * 1999), 0.1 * 0.1))

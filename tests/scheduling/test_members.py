from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.members import exact_seats, exponential, fit_weights
from scheduling.multisets import slots_of
from scheduling.patterns import Patterns

TEMPLATES = np.array([[2, 1, 0], [1, 1, 1], [0, 2, 1]])
CHANCES = np.array([0.5, 0.3, 0.2])
SLOTS = slots_of(TEMPLATES, CHANCES)


def enumerated(weights, counts):
    """Expected seats of a unit and chance of acceptance by listing every assignment of units to slots."""
    units = np.repeat(np.arange(len(weights)), counts)
    seats, totals = np.zeros_like(weights), []
    for classes, chance in zip(SLOTS.classes, CHANCES, strict=True):
        found = {}
        for chosen in product(range(len(units)), repeat=len(classes)):
            if len(set(chosen)) == len(chosen):
                found[chosen] = prod(weights[units[u], c] for c, u in zip(classes, chosen, strict=True))
        total = sum(found.values())
        totals.append(total / prod((weights * counts[:, None]).sum(axis=0)[classes]))
        for chosen, weight in found.items():
            for group, unit in zip(classes, chosen, strict=True):
                seats[units[unit], group] += chance * weight / total / counts[units[unit]]
    return seats, totals


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=12, max_size=12))
def test_expected_seats_are_those_of_the_listed_assignments(values):
    weights, counts = np.array(values, dtype=float).reshape(4, 3), np.array([1, 2, 1, 3])
    found = exact_seats(SLOTS, weights, counts)
    seats, totals = enumerated(weights, counts)
    assert np.abs(found.seats - seats).max() <= 1e-9
    assert found.accepted == pytest.approx(totals, rel=1e-9)
    assert found.error < 1e-9


def test_long_products_of_small_weights_do_not_count():
    weights = np.array([[1e7, 1.0, 1.0], [1.0, 1e7, 1.0], [1.0, 1.0, 1e7], [1.0, 2.0, 1.0]])
    counts = np.array([3, 3, 3, 1])
    assert np.abs(exact_seats(SLOTS, weights, counts).seats - enumerated(weights, counts)[0]).max() <= 1e-10


def test_a_power_series_of_two_slots():
    # exp(a x + b y + c xy) = 1 + a x + b y + (c + ab) xy, for x and y squared = 0.
    assert exponential(np.array([[0.0, 2.0, 3.0, 5.0]])).tolist() == [[1.0, 2.0, 3.0, 11.0]]


def test_the_fit_meets_targets_that_can_be_met():
    counts = np.array([2, 1, 1, 1, 1])
    wanted, _ = enumerated(np.array([[9, 1, 2], [1, 1, 3], [2, 5, 1], [3, 1, 1], [4, 1, 8]], dtype=float), counts)
    weights = fit_weights(SLOTS, Patterns(np.ones((5, 3)), counts, np.zeros(0, dtype=np.int64)), wanted)
    assert exact_seats(SLOTS, weights, counts).seats == pytest.approx(wanted, rel=1e-4)

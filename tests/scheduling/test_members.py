from itertools import product
from math import prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.members import Slots, can_fill, exact_seats, fit_weights, pair_bound, slots_of

TEMPLATES = np.array([[2, 1, 0], [1, 1, 1], [0, 2, 1]])
CHANCES = np.array([0.5, 0.3, 0.2])


def enumerated(slots, weights):
    """Expected seats and normalised totals by listing every assignment of units to slots."""
    seats, totals = np.zeros_like(weights), []
    for classes, chance in zip(slots.classes, slots.chances, strict=True):
        found = {}
        for units in product(range(weights.shape[1]), repeat=len(classes)):
            if len(set(units)) == len(units):
                found[units] = prod(weights[c, u] for c, u in zip(classes, units, strict=True))
        total = sum(found.values())
        totals.append(total / prod(weights[classes].sum(axis=1)))
        for units, weight in found.items():
            for group, unit in zip(classes, units, strict=True):
                seats[group, unit] += chance * weight / total
    return seats, totals


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 1000), min_size=15, max_size=15))
def test_expected_seats_are_those_of_the_listed_assignments(values):
    slots = slots_of(TEMPLATES, CHANCES)
    weights = np.array(values, dtype=float).reshape(3, 5)
    found = exact_seats(slots, weights)
    seats, totals = enumerated(slots, weights)
    assert np.abs(found.seats - seats).max() <= 1e-9
    assert found.totals == pytest.approx(totals, rel=1e-9)


def test_many_small_units_are_exact_too():
    weights = 1.0 + np.arange(60).reshape(3, 20) % 7
    slots = slots_of(TEMPLATES, CHANCES)
    found = exact_seats(slots, weights)
    seats, _ = enumerated(slots, weights)
    assert np.abs(found.seats - seats).max() <= 1e-12


def test_the_fit_meets_targets_that_can_be_met():
    slots = slots_of(TEMPLATES, CHANCES)
    wanted, _ = enumerated(slots, np.array([[9, 1, 2, 3, 4], [1, 1, 5, 1, 1], [2, 3, 1, 1, 8]], dtype=float))
    weights = fit_weights(slots, np.ones((3, 5)), wanted)
    assert exact_seats(slots, weights).seats == pytest.approx(wanted, rel=1e-4)


def test_a_pair_never_exceeds_its_bound():
    slots = Slots(np.array([[0, 1]]), np.ones(1))
    weights = np.array([[3.0, 1.0, 1.0], [1.0, 1.0, 3.0]])
    weights /= weights.sum(axis=1, keepdims=True)
    total = sum(weights[0, u] * weights[1, v] for u in range(3) for v in range(3) if u != v)
    pair = max(weights[0, u] * weights[1, v] / total for u in range(3) for v in range(3) if u != v)
    assert pair_bound(slots, weights, weights) == pytest.approx(pair)


def test_templates_that_units_cannot_fill_are_seen():
    held = np.array([[True, False], [True, False]])
    assert not can_fill(Slots(np.array([[0, 1]]), np.ones(1)), held)
    held[1, 1] = True
    assert can_fill(Slots(np.array([[0, 1]]), np.ones(1)), held)

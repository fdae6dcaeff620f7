import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.balance import Panels, find_balance

SIZES = np.array([3, 4, 1, 2])
TEMPLATES = np.array([[1, 1, 1, 0], [2, 1, 0, 0], [1, 2, 0, 0], [0, 2, 1, 0], [1, 1, 0, 1], [0, 1, 1, 1], [2, 0, 0, 1]])


def test_panels_are_counted():
    assert Panels(TEMPLATES[:2], SIZES).bits() == pytest.approx([np.log2(3 * 4), np.log2(3 * 4)])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 20), min_size=7, max_size=7))
def test_targets_inside_are_met_with_more_entropy_than_any_other_way(weights):
    chances = np.array(weights) / sum(weights)
    targets, bits = chances @ TEMPLATES, Panels(TEMPLATES, SIZES).bits()
    found = find_balance(Panels(TEMPLATES, SIZES), targets)
    assert found.error <= 1e-8
    assert found.chances @ TEMPLATES == pytest.approx(targets, abs=1e-7)
    assert entropy(found.chances, bits) >= entropy(chances, bits) - 1e-9


def entropy(chances, bits):
    return float(chances @ bits - chances @ np.log2(chances))


def test_targets_out_of_reach_are_said_to_be():
    found = find_balance(Panels(TEMPLATES[:3], SIZES), np.array([0.5, 0.5, 1.0, 1.0]))
    assert found.error > 0.1
    assert found.chances.sum() == pytest.approx(1.0)


def test_large_cells_do_not_draw_all_weight_to_one_template():
    sizes = np.array([1000, 1, 50, 7])
    templates = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]])
    targets = np.full(4, 0.5)
    assert find_balance(Panels(templates, sizes), targets).error <= 1e-9

import pytest

from scheduling.quotas import FairProblem, FeatureQuota
from scheduling.targets import find_targets


def problem(units):
    people = tuple(("a" if number < 8 else "b",) for number in range(12))
    return FairProblem(
        ("field",), people, (FeatureQuota("field", "a", 2, 2), FeatureQuota("field", "b", 1, 1)), 3, units
    )


def test_units_that_do_not_bind_get_no_row():
    found = find_targets(problem(tuple("uuvvwwxxyyzz")))
    assert found.apart == frozenset()
    assert found.chances == pytest.approx([0.25] * 12)


def test_a_unit_that_asks_for_more_than_a_seat_binds():
    found = find_targets(problem(tuple("uuuuuuvwuxyz")))
    assert found.apart == {"u"}
    assert found.chances[[0, 1, 2, 3, 4, 5, 8]].sum() == pytest.approx(1.0)
    assert found.found.bound == pytest.approx(1 / 7)


def test_people_known_to_be_in_no_panel_are_left_out():
    found = find_targets(problem(None), frozenset({0, 1}))
    assert found.chances[:2].tolist() == [0, 0]
    assert found.found.bound == pytest.approx(0.25)


def test_without_a_solution_there_are_no_targets():
    assert find_targets(problem(("u",) * 12)) is None

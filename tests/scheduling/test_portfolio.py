from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.artefact import Policy
from scheduling.order import Rules
from scheduling.portfolio import TooManyError, list_panels, portfolio_lottery
from scheduling.seats import seat_plan

numbers = st.integers(0, 5)
groups = st.sets(numbers, max_size=6).map(sorted)


@settings(max_examples=80)
@given(st.tuples(groups, groups), st.sets(st.tuples(numbers, numbers).filter(lambda e: e[0] < e[1]), max_size=3))
def test_list_is_complete_and_without_repetition(
    members: tuple[list[int], list[int]], edges: set[tuple[int, int]]
) -> None:
    units = ("a", "a", "b", "", "", "c")
    rules = Rules(Policy(1, tuple(sorted(edges)), "all", permute=True), units)
    seats = seat_plan([1, 1], 1, [len(group) for group in members])
    expected = set()
    for first in combinations(members[0], 2):
        for second in combinations(members[1], 2):
            chosen: list[int] = []
            if all(rules.can_join(person, chosen) and not chosen.append(person) for person in (*first, *second)):  # type: ignore[func-returns-value]
                expected.add((first, second))
    panels = list_panels(members, seats, rules)
    found = {
        tuple(tuple(p for p, seat in zip(panel, seats, strict=True) if seat.quota == quota) for quota in (0, 1))
        for panel in panels
    }
    assert found == expected
    assert len(panels) == len(expected)


def test_list_that_grows_too_long_is_given_up() -> None:
    rules = Rules(Policy(0, (), "all", permute=True), ("",) * 60)
    with pytest.raises(TooManyError):
        list_panels([list(range(60))], seat_plan([5], 0, [60]), rules)
    with pytest.raises(TooManyError):
        list_panels([list(range(60))], seat_plan([2], 0, [60]), rules, max_steps=100)


def test_dr_08_every_listed_panel_has_weight_one() -> None:
    seats = seat_plan([1], 1, [3])
    policy = Policy(0, (), "all", permute=True)
    lottery = portfolio_lottery([(0, 2), (2, 4)], seats, policy, ("",) * 5)
    assert [group.members for group in lottery.classes] == [(0,), (2,), (4,)]
    assert [(item.weight, item.classes) for item in lottery.templates] == [(1, (0, 1)), (1, (1, 2))]

"""Classes are put together without losing anybody, and no small group stands alone where that is asked."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.draws.explaining.chance_groups import ChanceGroup, merge_alike, merge_rest, merge_small_groups, tenths

GROUPS = st.lists(
    st.builds(
        lambda quotas, people, low, more: ChanceGroup(quotas, people, low, min(1.0, low + more)),
        st.lists(st.integers(0, 2), max_size=2, unique=True).map(lambda found: tuple(sorted(found))),
        st.integers(1, 20),
        st.floats(0, 1),
        st.floats(0, 1),
    ),
    min_size=1,
    max_size=12,
)


@given(GROUPS)
def test_alike_classes_become_one_and_nobody_is_lost(groups: list[ChanceGroup]) -> None:
    merged = merge_alike(groups)
    assert len({group.quotas for group in merged}) == len(merged)
    assert sum(group.people for group in merged) == sum(group.people for group in groups)
    assert sum(group.classes for group in merged) == len(groups)
    assert [group.people for group in merged] == sorted((group.people for group in merged), reverse=True)
    for one in groups:
        home = next(group for group in merged if group.quotas == one.quotas)
        assert home.low <= one.low <= one.high <= home.high


@given(GROUPS, st.integers(1, 10))
def test_small_groups_hide_in_larger_ones(groups: list[ChanceGroup], least: int) -> None:
    total = sum(group.people for group in groups)
    shown = merge_small_groups(merge_alike(groups), least)
    assert sum(group.people for group in shown) == total
    assert len(shown) == 1 or all(group.people >= least for group in shown)


def test_no_rest_adds_no_group() -> None:
    group = ChanceGroup((0,), 1, 0.1, 0.1)
    assert merge_rest([group], []) == (group,)
    assert merge_rest([group], [group]) == (group, ChanceGroup((), 1, 0.1, 0.1))


def test_tenths_go_from_the_least_likely_to_the_most_likely() -> None:
    parts = tenths(np.linspace(0.5, 0, 25))
    assert [part.people for part in parts] == [3] * 5 + [2] * 5
    assert (parts[0].low, parts[-1].high) == (0, 0.5)
    assert all(one.high <= other.low for one, other in pairwise(parts))
    assert len(tenths(np.array([0.5, 0.25]))) == 2

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.committee import CommitteeFloors, check_committee, required_experts
from scheduling.request import Quota

TENDER = CommitteeFloors(min_members=5, odd=True, expert_share="2/3", rep_max="1/3")


@pytest.mark.parametrize(("size", "experts"), [(3, 2), (5, 4), (7, 5), (9, 6), (11, 8), (13, 9)])
def test_dr_05_experts_are_two_thirds_rounded_up(size: int, experts: int) -> None:
    assert required_experts(size, "2/3") == experts


def codes(size: int, representatives: int, experts: int, floors: CommitteeFloors = TENDER) -> list[str]:
    return [reason.code for reason in check_committee(size, representatives, [Quota("q", "A08", experts)], floors)]


@pytest.mark.parametrize(("size", "representatives"), [(5, 1), (7, 2), (9, 3), (5, 0)])
def test_lawful_committee_has_no_fault(size: int, representatives: int) -> None:
    assert codes(size, representatives, size - representatives) == []


def test_dr_01_even_or_too_small_size() -> None:
    assert codes(6, 2, 4) == ["committee/even-size"]
    assert codes(3, 1, 2) == ["committee/too-small"]


def test_dr_02_large_budget_needs_seven() -> None:
    large = CommitteeFloors(min_members=7, odd=True, expert_share="2/3", rep_max="1/3")
    assert codes(5, 1, 4, large) == ["committee/too-small"]
    assert codes(7, 2, 5, large) == []


def test_dr_03_group_of_three_where_the_pack_allows_it() -> None:
    assert codes(3, 1, 2, CommitteeFloors(min_members=3, odd=True, expert_share="2/3")) == []


def test_dr_05_share_and_dr_06_representatives() -> None:
    assert codes(5, 2, 3) == ["committee/expert-share", "committee/too-many-representatives"]


def test_dr_07_counts_of_the_quotas_make_up_the_expert_seats() -> None:
    reasons = check_committee(7, 1, [Quota("a", "A08", 3), Quota("b", "A09", 2)], TENDER)
    facts: dict[str, Any] = {"size": 7, "experts": 5, "representatives": 1}
    assert [(reason.code, reason.facts) for reason in reasons] == [("committee/seats-mismatch", facts)]


@given(st.integers(1, 60))
def test_required_share_is_reached_and_not_exceeded_by_a_whole_person(size: int) -> None:
    experts = required_experts(size, "2/3")
    assert 3 * experts >= 2 * size > 3 * (experts - 1)

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduling import refusals as errors
from scheduling.demand import Committee, DirectSelection, Quota
from scheduling.errors import InvalidRequestError, KernelError, TooEarlyError
from scheduling.lawful import CommitteeRules, ensure_lawful, least_size, refusals
from scheduling.request import DrawRequest

Requests = Callable[..., DrawRequest]
AT = datetime(2026, 2, 1, tzinfo=UTC)
PROCUREMENT = CommitteeRules(
    min_members=5,
    odd=True,
    expert_share="2/3",
    large_min=7,
    large_budget_yuan=10_000_000,
    group_min=3,
    group_min_large=5,
    sector_min_water=7,
    rep_max="1/3",
    direct_allowed=True,
    direct_approver="主管预算单位",
    direct_consent=True,
    floors=("committee.min_members",),
    citations={"committee.min_members": "O87 47"},
)
DIRECT = DirectSelection(("x1",), "only maker of such an engine", "主管预算单位", "doc-1", "doc-2", "salt")


def committee(size: int, representatives: int = 1, **changes: Any) -> Committee:
    return replace(Committee(size, representatives, "mandate 7"), **changes)


@pytest.fixture
def found(make_request: Requests) -> Callable[..., list[KernelError]]:
    """Return the refusals of a request of ``experts`` drawn seats."""

    def search(experts: int, whole: Committee | None, rules: CommitteeRules = PROCUREMENT, **changes: Any) -> Any:
        request = make_request(quotas=(Quota("q", "A08", experts),), committee=whole, **changes)
        return list(refusals(request, rules, AT))

    return search


def test_lawful_committees_are_not_refused(found: Callable[..., list[KernelError]], make_request: Requests) -> None:
    assert found(4, committee(5)) == []
    assert found(5, committee(5, 0)) == []
    ensure_lawful(make_request(quotas=(Quota("q", "A08", 4),), committee=committee(5)), PROCUREMENT, AT)


@pytest.mark.parametrize(
    ("changes", "least"),
    [
        ({}, 5),
        ({"budget_fen": 999_999_999}, 5),
        ({"budget_fen": 1_000_000_000}, 7),
        ({"traits": ("complex",)}, 7),
        ({"traits": ("great_social_effect",)}, 7),
        ({"traits": ("water_works",)}, 7),
        ({"procedure": "group"}, 3),
        ({"procedure": "group", "budget_fen": 2_000_000_000}, 3),
        ({"procedure": "group", "traits": ("above_open_tender_threshold",)}, 5),
    ],
)
def test_dr_01_to_dr_04_the_floor_of_the_size(changes: dict[str, Any], least: int) -> None:
    assert least_size(committee(5, **changes), PROCUREMENT) == least


def test_pack_without_special_floors_keeps_the_ordinary_one() -> None:
    plain = CommitteeRules(min_members=5, odd=True, expert_share="2/3")
    for changes in ({"procedure": "group"}, {"budget_fen": 10**12}, {"traits": ("water_works", "complex")}):
        assert least_size(committee(5, **changes), plain) == 5


@pytest.mark.parametrize(
    ("experts", "whole", "changes", "error"),
    [
        (2, committee(3), {}, errors.CommitteeTooSmallError),
        (4, committee(5, traits=("complex",)), {}, errors.CommitteeTooSmallError),
        (5, committee(6), {}, errors.EvenCommitteeError),
        (5, committee(7), {}, errors.SeatsMismatchError),
        (4, None, {}, errors.CommitteeMissingError),
        (4, committee(5, mandate=" "), {}, errors.NoMandateError),
        (4, committee(5), {"draw_opens_at": datetime(2026, 2, 1, 0, 0, 1, tzinfo=UTC)}, TooEarlyError),
        (4, committee(5), {"grounds": ("C01",)}, errors.AgencyUncheckedError),
        (4, committee(7, 2, traits=("state_required",)), {"direct_selection": DIRECT}, None),
        (4, committee(7, 2), {"direct_selection": DIRECT}, errors.DirectNotAllowedError),
        (
            4,
            committee(7, 2, traits=("complex",)),
            {"direct_selection": replace(DIRECT, approver="")},
            errors.DirectWithoutApproverError,
        ),
        (
            4,
            committee(7, 2, traits=("complex",)),
            {"direct_selection": replace(DIRECT, consent="")},
            errors.DirectIncompleteError,
        ),
    ],
)
def test_chapter_3_each_hard_error_has_a_code_of_its_own(
    found: Callable[..., list[KernelError]],
    experts: int,
    whole: Committee | None,
    changes: dict[str, Any],
    error: type[KernelError] | None,
) -> None:
    assert [type(item) for item in found(experts, whole, **changes)] == ([error] if error else [])


def test_dr_05_and_dr_06_too_few_experts_are_too_many_representatives(
    found: Callable[..., list[KernelError]],
) -> None:
    assert [item.code for item in found(3, committee(5, 2))] == [
        "committee/expert-share",
        "committee/too-many-representatives",
    ]


def test_pack_that_forbids_direct_selection(found: Callable[..., list[KernelError]]) -> None:
    rules = replace(PROCUREMENT, direct_allowed=False)
    listed = found(6, committee(7, 0, traits=("complex",)), rules, direct_selection=DIRECT)
    assert [type(item) for item in listed] == [errors.DirectNotAllowedError]


def test_floor_without_citation(found: Callable[..., list[KernelError]]) -> None:
    for citations in (None, {}, {"committee.min_members": " "}):
        listed = found(4, committee(5), replace(PROCUREMENT, citations=citations))
        assert [(item.code, item.facts) for item in listed] == [
            ("draw/uncited-floor", {"keys": ["committee.min_members"]})
        ]


def test_a_request_without_any_seat_and_a_malformed_one_are_refused_first(make_request: Requests) -> None:
    with pytest.raises(InvalidRequestError):
        ensure_lawful(make_request(quotas=(), committee=committee(5)), PROCUREMENT, AT)
    with pytest.raises(errors.CommitteeTooSmallError):
        ensure_lawful(make_request(quotas=(Quota("q", "A08", 3),), committee=committee(3, 0)), PROCUREMENT, AT)

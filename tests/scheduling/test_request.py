from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

from scheduling.canonical import encode
from scheduling.request import (
    AvoidedOrganisation,
    Committee,
    DirectSelection,
    DrawRequest,
    Limit,
    Party,
    Quota,
    VenueGroup,
    request_digest,
    request_document,
)


def test_document_holds_every_field_of_the_request(make_request: Callable[..., DrawRequest]) -> None:
    assert set(request_document(make_request())) == {field.name for field in fields(DrawRequest)}


def test_digest_changes_with_every_field(make_request: Callable[..., DrawRequest]) -> None:
    request = make_request()
    changes: dict[str, Any] = {
        "request_id": "r2",
        "quotas": (Quota("q1", "A08", 3, accept_ancestor=True),),
        "bid_deadline": date(2026, 3, 3),
        "draw_opens_at": datetime(2026, 1, 1, tzinfo=UTC),
        "grounds": ("C01",),
        "avoid": (AvoidedOrganisation("X", "", "r"),),
        "max_age": None,
        "venue_city": "4401",
        "regions": ("44",),
        "limits": (Limit("l", "home", ("4401",), 1, 2),),
        "venue_groups": (VenueGroup("sz", ("4403",)),),
        "alternates_min": 1,
        "co_service_max": 3,
        "committee": Committee(5, 1, "m"),
        "direct_selection": DirectSelection(("x",), "r", "a", "e", salt="s"),
    }
    digests = {request_digest(replace(request, **{name: value})) for name, value in changes.items()}
    assert len(digests | {request_digest(request)}) == len(changes) + 1


def test_equal_instants_in_other_zones_are_one_request(make_request: Callable[..., DrawRequest]) -> None:
    request = make_request()
    moved = replace(request, evaluation_starts_at=request.evaluation_starts_at.astimezone(UTC))
    assert request_digest(moved) == request_digest(request)


def test_days_of_the_evaluation_are_local_days(make_request: Callable[..., DrawRequest]) -> None:
    late = make_request(
        evaluation_starts_at=datetime(2026, 3, 2, 16, tzinfo=UTC),
        evaluation_ends_at=datetime(2026, 3, 3, 16, tzinfo=UTC),
    )
    assert (late.first_day, late.last_day) == (date(2026, 3, 3), date(2026, 3, 3))


def test_document_names_no_expert_and_every_part_of_the_request(make_request: Callable[..., DrawRequest]) -> None:
    direct = DirectSelection(("expert-8", "expert-7"), "r", "a", "e", "c", "salt-1")
    request = make_request(
        quotas=(Quota("q", "A08", 2, ("44",), venue_group="sz", alternates=3),),
        venue_groups=(VenueGroup("sz", ("4403",)),),
        limits=(Limit("l", "title", ("senior",), 0, 1),),
        committee=Committee(5, 1, "m", traits=("complex",)),
        direct_selection=direct,
    )
    text = encode(request_document(request)).decode()
    assert "expert-7" not in text
    assert "salt-1" not in text
    document = request_document(request)
    assert document["quotas"][0] == {
        "quota_id": "q",
        "speciality": "A08",
        "count": 2,
        "regions": ["44"],
        "accept_ancestor": False,
        "venue_group": "sz",
        "alternates": 3,
    }
    assert document["limits"] == [{"limit_id": "l", "attribute": "title", "values": ["senior"], "low": 0, "high": 1}]
    again = request_document(replace(request, direct_selection=replace(direct, experts=direct.experts[::-1])))
    assert again == document
    other = request_document(replace(request, direct_selection=replace(direct, salt="salt-2")))
    assert other["direct_selection"]["experts"] != document["direct_selection"]["experts"]


def test_reserve_of_a_quota_and_regions_of_a_group(make_request: Callable[..., DrawRequest]) -> None:
    request = make_request(
        quotas=(Quota("q", "A08", 2), Quota("r", "A08", 3, alternates=0)), venue_groups=(VenueGroup("sz", ("4403",)),)
    )
    assert [request.alternates_of(quota) for quota in request.quotas] == [1, 0]
    assert (request.seats, request.group_regions("sz")) == (5, ("4403",))
    assert Party("bidder", "", "x") in make_request(parties=(Party("bidder", "", "x"),)).parties

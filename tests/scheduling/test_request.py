from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from scheduling.errors import InvalidRequestError
from scheduling.request import (
    AvoidedOrganisation,
    DrawRequest,
    Party,
    Quota,
    ensure_valid,
    is_speciality_code,
    request_digest,
    request_document,
)


def test_valid_request_passes(make_request: Callable[..., DrawRequest]) -> None:
    ensure_valid(make_request())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quotas": ()}, "number of quotas"),
        ({"quotas": (Quota("q", "A08", 1), Quota("q", "A09", 1))}, "quota_id not unique"),
        ({"quotas": (Quota("q", "A08", 0),)}, "quota q: count outside 1..100"),
        ({"quotas": (Quota("q", "D08", 1),)}, "quota q: speciality code"),
        ({"quotas": (Quota("q", "A08", 1, ("广州",)),)}, "quota q: region code"),
        ({"parties": (Party("friend", "X", "Y"),)}, "party role friend"),
        ({"parties": (Party("bidder", "", ""),)}, "party without code and name"),
        ({"avoid": (AvoidedOrganisation("", "", "r"),)}, "avoided organisation without code and name"),
        ({"avoid": (AvoidedOrganisation("X", "", ""),)}, "avoided organisation X: no reason"),
        ({"avoid": (AvoidedOrganisation("X", "", "r"),), "grounds": ()}, "avoid list given but C15 not in force"),
        ({"grounds": ("C20",)}, "ground C20"),
        ({"speciality_match": "any"}, "speciality_match"),
        ({"alternates_per_quota": -1}, "alternates_per_quota outside 0..100"),
        ({"window_years": -1}, "window_years outside 0..100"),
        ({"same_employer_max": 0}, "same_employer_max below 1"),
        ({"k_anonymity": 0}, "k_anonymity below 1"),
        ({"pack_hash": ""}, "no pack_hash"),
        ({"requested_by": "u1", "supervised_by": "u1"}, "requester is also supervisor"),
        ({"evaluation_ends_at": datetime(2026, 3, 3, 1, tzinfo=UTC)}, "evaluation ends before it starts"),
        ({"evaluation_ends_at": datetime(2026, 3, 3, 17)}, "instant without offset"),  # noqa: DTZ001
    ],
)
def test_hard_errors_of_chapter_3(
    make_request: Callable[..., DrawRequest], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        ensure_valid(make_request(**changes))
    assert caught.value.facts == {"reasons": [reason]}
    assert reason in caught.value.text("en")
    assert reason in caught.value.text("zh")


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


@pytest.mark.parametrize(
    ("code", "is_code"),
    [
        ("A", True),
        ("A08", True),
        ("B0801", True),
        ("C080101", True),
        ("A08010101", False),
        ("D08", False),
        ("A8", False),
        ("", False),
        ("a08", False),
        ("A０８", False),
    ],
)
def test_el_07_form_of_a_speciality_code(code: str, is_code: bool) -> None:
    assert is_speciality_code(code) is is_code

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduling.errors import InvalidRequestError
from scheduling.refusals import RequesterSupervisesError, TooFewAlternatesError
from scheduling.request import (
    AvoidedOrganisation,
    Committee,
    DirectSelection,
    DrawRequest,
    Limit,
    Party,
    Quota,
    VenueGroup,
)
from scheduling.request_checks import ensure_valid, is_region_prefix, is_speciality_code


def test_valid_request_passes(make_request: Callable[..., DrawRequest]) -> None:
    ensure_valid(make_request())


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quotas": ()}, "number of quotas"),
        ({"quotas": (Quota("q", "A08", 1), Quota("q", "A09", 1))}, "quota_id not unique"),
        ({"quotas": (Quota("q", "A08", 0),)}, "quota q: count outside 1..200"),
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
        ({"quotas": (Quota("q", "A08", 101), Quota("r", "A08", 100))}, "more than 200 seats"),
        ({"quotas": (Quota("q", "A08", 1, alternates=-1),)}, "quota q: alternates outside 0..200"),
        ({"quotas": (Quota("q", "A08", 1, venue_group="sz"),)}, "quota q: unknown venue group"),
        ({"venue_group": "sz"}, "unknown venue group"),
        ({"venue_groups": (VenueGroup("sz", ()),)}, "venue group sz: name or region code"),
        ({"venue_groups": (VenueGroup("sz", ("44",)),) * 2}, "venue group not unique"),
        ({"regions": ("4401001",)}, "region code"),
        ({"limits": (Limit("l", "height", ("44",), 0, 1),)}, "limit l: attribute"),
        ({"limits": (Limit("l", "home", ("gz",), 0, 1),)}, "limit l: values"),
        ({"limits": (Limit("l", "venue_group", ("sz",), 0, 1),)}, "limit l: values"),
        ({"limits": (Limit("l", "title", (), 0, 1),)}, "limit l: values"),
        ({"limits": (Limit("l", "title", ("senior",), 2, 1),)}, "limit l: low and high"),
        ({"limits": (Limit("l", "title", ("senior",), 0, 1),) * 2}, "limit_id not unique"),
        ({"limits": tuple(Limit(str(n), "home", ("44",), 0, 9) for n in range(61))}, "number of limits"),
        ({"committee": Committee(0)}, "committee: size or representatives"),
        ({"committee": Committee(5, procedure="auction")}, "committee: procedure"),
        ({"committee": Committee(5, traits=("nice",))}, "committee: traits"),
        ({"committee": Committee(5, budget_fen=-1)}, "committee: budget"),
        ({"direct_selection": DirectSelection(("x", "x"), "", "", "")}, "directly selected expert not unique"),
        ({"alternates_min": -1}, "alternates_min below 0"),
        ({"co_service_max": -1}, "co_service_max below 0"),
        ({"co_service_days": -1}, "co_service_days outside 0..36600"),
        ({"evaluation_ends_at": datetime(2026, 3, 3, 1, tzinfo=UTC)}, "evaluation ends before it starts"),
        ({"evaluation_ends_at": datetime(2026, 3, 3, 17)}, "instant without offset"),  # noqa: DTZ001
    ],
)
def test_a_request_that_contradicts_itself_is_refused_with_every_reason(
    make_request: Callable[..., DrawRequest], changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        ensure_valid(make_request(**changes))
    assert caught.value.facts == {"reasons": [reason]}
    assert reason in caught.value.text("en")
    assert reason in caught.value.text("zh")


def test_chapter_3_the_requester_may_not_supervise(make_request: Callable[..., DrawRequest]) -> None:
    with pytest.raises(RequesterSupervisesError):
        ensure_valid(make_request(requested_by="u1", supervised_by="u1"))
    ensure_valid(make_request(requested_by="u1", supervised_by="u2"))
    ensure_valid(make_request(requested_by="", supervised_by=""))


def test_dr_11_every_quota_has_the_alternates_of_the_pack(make_request: Callable[..., DrawRequest]) -> None:
    quotas = (Quota("q", "A08", 1), Quota("r", "A08", 1, alternates=2))
    with pytest.raises(TooFewAlternatesError) as caught:
        ensure_valid(make_request(quotas=quotas, alternates_per_quota=1, alternates_min=2))
    assert caught.value.facts == {"quotas": ["q"], "least": 2}
    ensure_valid(make_request(quotas=quotas, alternates_per_quota=2, alternates_min=2))


def test_dr_09_all_seats_may_be_selected_directly(make_request: Callable[..., DrawRequest]) -> None:
    ensure_valid(make_request(quotas=(), direct_selection=DirectSelection(("x",), "r", "a", "e")))


def test_region_prefix_is_the_beginning_of_a_code() -> None:
    assert [is_region_prefix(code) for code in ("44", "440106", "4401061", "", "44a", "４４")] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]


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

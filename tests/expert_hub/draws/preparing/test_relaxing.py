from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.draws.errors import ChangeInvalid
from expert_hub.draws.preparing.relaxing import ChangeForm, change_form, changed, offers_document
from scheduling.demand import Limit, Quota, VenueGroup
from scheduling.eligibility import assess
from scheduling.pool import Pool
from scheduling.records import CandidateRecord
from scheduling.relaxations import relaxations
from scheduling.request import DrawRequest

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def _request(**changes: Any) -> DrawRequest:
    base: dict[str, Any] = {
        "request_id": "r",
        "quotas": (
            Quota("q1", "A0801", 2, ("4401",), venue_group="west"),
            Quota("q2", "A09", 1, (), alternates=3),
        ),
        "parties": (),
        "bid_deadline": date(2026, 3, 1),
        "evaluation_starts_at": STARTS_AT,
        "evaluation_ends_at": STARTS_AT.replace(hour=9),
        "alternates_per_quota": 2,
        "grounds": ("C16",),
        "window_years": 3,
        "same_employer_max": 1,
        "max_age": None,
        "max_age_senior": None,
        "speciality_match": "self_or_descendant",
        "pack_hash": "p",
        "regions": ("44",),
        "venue_group": "west",
        "venue_groups": (VenueGroup("west", ("44",)),),
        "limits": (Limit("l", "home", ("4401",), 2, 2),),
    }
    return DrawRequest(**{**base, **changes})


def _people(count: int, region: str, speciality: str = "A0801") -> list[CandidateRecord]:
    return [
        CandidateRecord(
            candidate_id=f"{region}-{speciality}-{number}",
            standing="admitted",
            born_on=date(1980, 1, 1),
            title_level="senior",
            employer_code="",
            employer_name="",
            region_code=region,
            specialities=(speciality,),
        )
        for number in range(count)
    ]


@pytest.mark.parametrize(
    "people",
    [
        [*_people(3, "440100"), *_people(9, "440800"), *_people(9, "440100", "A09")],
        [*_people(9, "440100", "A08"), *_people(9, "440100", "A09")],
        [*_people(9, "440100"), *_people(2, "440100", "A09")],
    ],
)
def test_what_is_offered_can_be_sent_back(people: list[CandidateRecord]) -> None:
    request = _request()
    offers = relaxations(assess(Pool.from_records(people), request))
    assert offers
    for offer, shown in zip(offers, offers_document(offers), strict=True):
        sent = msgspec.convert(shown["changes"], list[ChangeForm])
        assert changed(request, sent) == offer.request
        assert sent == [change_form(change) for change in offer.changes]
        assert (shown["zh"], shown["en"]) == (offer.text("zh"), offer.text("en"))


@pytest.mark.parametrize(
    ("kind", "target", "values"),
    [
        ("alternates", "q1", ["2"]),
        ("alternates", "q1", ["x"]),
        ("alternates", "q1", ["１"]),
        ("alternates", "q9", ["1"]),
        ("alternates", "q1", []),
        ("limit_low", "l", ["2"]),
        ("limit_low", "l", ["3"]),
        ("limit_high", "l", ["1"]),
        ("limit_high", "m", ["9"]),
        ("venue_group", "q2", []),
        ("regions", "q2", ["440800"]),
        ("regions", "q1", ["west"]),
        ("regions", "q1", []),
        ("all_regions", "q1", ["440800"]),
        ("ancestor", "q9", []),
    ],
)
def test_what_gives_nothing_up_is_refused(kind: Any, target: str, values: list[str]) -> None:
    with pytest.raises(ChangeInvalid):
        changed(_request(), [ChangeForm(kind, target, values)])


def test_the_same_change_twice_is_refused() -> None:
    with pytest.raises(ChangeInvalid):
        changed(_request(), [ChangeForm("ancestor", "q1"), ChangeForm("ancestor", "q1")])


def test_a_speciality_without_a_broader_one_has_no_parent() -> None:
    request = _request(quotas=(Quota("q1", "A", 2),))
    with pytest.raises(ChangeInvalid):
        changed(request, [ChangeForm("parent", "q1")])

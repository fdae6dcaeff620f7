from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from scheduling.demand import DirectSelection
from scheduling.direct import ensure_direct, seated_findings
from scheduling.eligibility import assess
from scheduling.pins import Pin
from scheduling.pool import CandidateRecord, CoService, Pool, Relation
from scheduling.refusals import DirectExcludedError
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]
Requests = Callable[..., DrawRequest]
BIDDER, ENTITY = "91110000600037341L", "12000000000000027G"


def selected(*experts: str) -> DirectSelection:
    return DirectSelection(experts, "reason", "approver", "evidence")


@pytest.fixture
def refused(make_record: Maker, make_request: Requests) -> Callable[..., dict[str, Any] | None]:
    """Return the facts of the refusal of e0000 and e0001, None when they may be selected."""

    def search(*changes: dict[str, Any], pins: tuple[Pin, ...] = (), **request: Any) -> dict[str, Any] | None:
        pool = Pool.from_records(make_record(number, **fields) for number, fields in enumerate(changes))
        asked = make_request(**{"direct_selection": selected("e0000", "e0001"), **request})
        try:
            ensure_direct(pool, asked, pins)
        except DirectExcludedError as error:
            return error.facts
        return None

    return search


def test_dr_09_a_selected_person_with_a_ground_is_refused(refused: Callable[..., dict[str, Any] | None]) -> None:
    assert refused({}, {}) is None
    tied = {"relations": (Relation("director", BIDDER),)}
    assert refused(tied, {"standing": "suspended"}) == {"count": 2, "grounds": ["C02", "C16"]}
    assert refused({}, {}, tied) is None
    late = Pin("e0001", "pinned_conflict", "C07", "r", "u")
    assert refused({}, {}, pins=(late,)) == {"count": 1, "grounds": ["C07"]}
    assert refused({}) == {"count": 1, "grounds": ["unknown"]}


def test_c09_own_staff_of_the_entity_may_be_selected_but_not_drawn(
    refused: Callable[..., dict[str, Any] | None], make_record: Maker, make_request: Requests
) -> None:
    own = {"employer_code": ENTITY}
    assert refused(own, {}) is None
    drawn = assess(Pool.from_records([make_record(0, **own)]), make_request())
    assert [exclusion.ground for exclusion in drawn.exclusions] == ["C09"]


def test_c13_and_c14_hold_among_the_selected(refused: Callable[..., dict[str, Any] | None]) -> None:
    assert refused({"kin": ("e0001",)}, {}) == {"count": 2, "grounds": ["C13"]}
    colleagues = ({"employer_name": "同一家"}, {"employer_name": "同一家"})
    assert refused(*colleagues) == {"count": 2, "grounds": ["C14"]}
    assert refused(*colleagues, same_employer_max=2) is None
    assert refused(*colleagues, grounds=("C13",)) is None


def test_whoever_conflicts_with_a_selected_expert_is_not_drawn(make_record: Maker, make_request: Requests) -> None:
    met = CoService("e0000", (date(2026, 3, 3) - timedelta(days=1),))
    records = [
        make_record(0, employer_name="同一家"),
        make_record(1, employer_name="同一家"),
        make_record(2, kin=("e0000",)),
        make_record(3, co_service=(met,)),
        make_record(4),
    ]
    request = make_request(direct_selection=selected("e0000"), co_service_max=0, co_service_days=9)
    eligibility = assess(Pool.from_records(records), request)
    assert eligibility.mask.tolist() == [[False, False, False, False, True]]
    assert [(item.index, item.ground, item.note) for item in eligibility.exclusions] == [
        (0, "C16", "direct"),
        (1, "C14", ""),
        (2, "C13", ""),
        (3, "C16", "co_service"),
    ]
    assert {item.party.code for item in eligibility.exclusions if item.party} == {"e0000"}


def test_without_direct_selection_nobody_is_seated(make_record: Maker, make_request: Requests) -> None:
    assert seated_findings(Pool.from_records([make_record(0)]), make_request()) == []

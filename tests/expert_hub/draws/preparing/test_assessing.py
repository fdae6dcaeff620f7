from datetime import UTC, date, datetime
from typing import Any

import pytest

from expert_hub.draws.preparing.assessing import (
    Case,
    Unfillable,
    assessed,
    explained,
    lottery_for,
    risk_document,
    shown_shortage,
    without_secrets,
)
from expert_hub.draws.preparing.pool_loading import Library
from scheduling.demand import AvoidedOrganisation, DirectSelection, Limit, Party, Quota
from scheduling.errors import PoolTooSmallError
from scheduling.pins import Pin
from scheduling.pool import Pool
from scheduling.records import CandidateRecord
from scheduling.request import DrawRequest

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
BIDDER = Party("bidder", "X1", "甲公司")


def _people(count: int, **changes: Any) -> list[CandidateRecord]:
    base: dict[str, Any] = {
        "standing": "admitted",
        "born_on": date(1980, 1, 1),
        "title_level": "senior",
        "employer_code": "",
        "employer_name": "",
        "region_code": "440100",
        "specialities": ("A0801",),
    }
    return [CandidateRecord(candidate_id=f"e{number:03}", **{**base, **changes}) for number in range(count)]


def _case(people: list[CandidateRecord], pins: tuple[Pin, ...] = (), **changes: Any) -> Case:
    base: dict[str, Any] = {
        "request_id": "r",
        "quotas": (Quota("q1", "A0801", 3),),
        "parties": (BIDDER,),
        "bid_deadline": date(2026, 3, 1),
        "evaluation_starts_at": STARTS_AT,
        "evaluation_ends_at": STARTS_AT.replace(hour=9),
        "alternates_per_quota": 2,
        "grounds": ("C01", "C07", "C16"),
        "window_years": 3,
        "same_employer_max": 1,
        "max_age": None,
        "max_age_senior": None,
        "speciality_match": "self_or_descendant",
        "pack_hash": "p",
    }
    return Case(DrawRequest(**{**base, **changes}), Library(Pool.from_records(people), {}), pins)


def _refused(case: Case) -> Unfillable:
    with pytest.raises(Unfillable) as found:
        lottery_for(assessed(case), case.pins)
    return found.value


def test_panel_and_reserve_must_both_be_there() -> None:
    assert lottery_for(assessed(_case(_people(5))), ()).seats == 3
    refusal = explained(_refused(_case(_people(4))))
    assert refusal.code == "draw/pool-too-small"
    assert refusal.facts["quotas"] == [{"quota_id": "q1", "required": 5, "eligible": "<5", "short": "≥1"}]
    assert [offer["changes"][0]["kind"] for offer in refusal.facts["relaxations"]] == ["alternates"]


def test_limits_that_nobody_can_meet_are_a_refusal_with_ways_out() -> None:
    limits = (Limit("l", "title", ("intermediate",), 2, 3),)
    refusal = explained(_refused(_case(_people(20), limits=limits)))
    assert refusal.code == "draw/infeasible-quotas"
    assert refusal.facts["people"] == 20
    assert refusal.facts["relaxations"][0]["changes"] == [{"kind": "limit_low", "target": "l", "values": ["0"]}]
    assert "relaxations" not in refusal.text("en")


def test_cf_08_a_few_people_are_no_number() -> None:
    limits = (Limit("l", "title", ("intermediate",), 2, 3),)
    few = _case(_people(4), limits=limits, quotas=(Quota("q1", "A0801", 2, alternates=0),))
    assert explained(_refused(few)).facts["people"] == "<5"


def test_decisions_of_persons_count_in_ways_out() -> None:
    pins = tuple(Pin(f"e{number:03}", "pinned_conflict", "C07", "r", "d") for number in range(3))
    refusal = _refused(_case(_people(7), pins))
    assert refusal.pins == pins
    changes = [offer["changes"] for offer in explained(refusal).facts["relaxations"]]
    assert changes == [[{"kind": "alternates", "target": "q1", "values": ["0"]}]]


def test_that_one_of_a_few_was_drawn_often_is_not_said() -> None:
    few, many = _case(_people(4)), _case(_people(60))
    drawn = {"e000": 9}
    shown = risk_document(assessed(few), drawn)["quotas"][0]
    assert [reason["code"] for reason in shown["reasons"]] == ["few_people", "few_per_seat"]
    assert [reason["code"] for reason in risk_document(assessed(many), drawn)["quotas"][0]["reasons"]] == [
        "often_drawn"
    ]


def test_tbl_22_what_is_secret_is_left_out() -> None:
    request = _case(
        _people(5),
        parties=(BIDDER, Party("controller", "", "乙"), Party("procuring_entity", "Y", "医院")),
        avoid=(AvoidedOrganisation("Z", "z", "r"),),
        direct_selection=DirectSelection(("e001",), "r", "a", "e"),
        co_service_max=3,
    ).request
    plain = without_secrets(request)
    assert [party.role for party in plain.parties] == ["procuring_entity"]
    assert (plain.avoid, plain.direct_selection, plain.co_service_max) == ((), None, None)
    assert plain.quotas == request.quotas


def test_a_shortage_shows_no_count_of_a_few_experts() -> None:
    few = {"quota_id": "q1", "required": 6, "eligible": 3, "short": 3}
    many = {"quota_id": "q2", "required": 9, "eligible": 7, "short": 2}
    shown = shown_shortage(PoolTooSmallError(short=5, quotas=[few, many]), 5)
    assert shown.facts["quotas"] == [{**few, "eligible": "<5", "short": "≥1"}, many]
    assert "3" not in shown.text("en")
    alone = PoolTooSmallError(short=2, quotas=[many])
    assert shown_shortage(alone, 5).facts == alone.facts

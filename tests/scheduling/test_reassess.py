from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from scheduling.demand import Party
from scheduling.eligibility import assess
from scheduling.errors import InvalidRequestError
from scheduling.parties import MatchedParty
from scheduling.pins import Pin
from scheduling.pool import CandidateRecord, Pool, Relation
from scheduling.reassess import reassess
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]
OPENED = (
    Party("bidder", "B1", "乙公司"),
    Party("consortium_member", "B2", "丙公司"),
    Party("controller", "", "丁集团"),
)


@pytest.fixture
def again(make_record: Maker, make_request: Callable[..., DrawRequest]) -> Callable[..., dict[str, list[Any]]]:
    """Return (ground, party) per member of the second pass."""

    def search(*changes: dict[str, Any], pins: tuple[Pin, ...] = (), opened: Any = OPENED) -> dict[str, list[Any]]:
        members = Pool.from_records(make_record(number, **fields) for number, fields in enumerate(changes))
        found = reassess(members, make_request(), opened, pins).by_member()
        return {name: [(item.ground, item.party) for item in items] for name, items in found.items()}

    return search


def test_cf_03_opened_bidders_their_consortium_and_controllers(again: Callable[..., dict[str, list[Any]]]) -> None:
    assert again({}, {}) == {}
    assert again({"employer_code": "B1"}, {}) == {"e0000": [("C01", MatchedParty("bidder", "B1", "乙公司"))]}
    tie = Relation("director", "B2", ends_on=date(2024, 1, 1))
    assert again({}, {"relations": (tie,)}) == {"e0001": [("C02", MatchedParty("consortium_member", "B2", "丙公司"))]}
    tie = Relation("actual_controller", "", "丁集团")
    assert again({"relations": (tie,)}) == {"e0000": [("C03", MatchedParty("controller", "", "丁集团"))]}


def test_cf_03_bidders_that_were_known_at_draw_time_but_did_not_bid_count_no_longer(
    again: Callable[..., dict[str, list[Any]]], make_record: Maker, make_request: Callable[..., DrawRequest]
) -> None:
    former = {"employer_code": "91110000600037341L"}
    assert assess(Pool.from_records([make_record(0, **former)]), make_request()).mask.tolist() == [[False]]
    assert again(former) == {}
    assert [ground for ground, _ in again({"employer_name": "某医院"})["e0000"]] == ["C09"]


def test_cf_06_what_is_declared_late_uses_the_same_function(again: Callable[..., dict[str, list[Any]]]) -> None:
    late = Pin("e0000", "pinned_conflict", "C07", "told at check-in", "u", party_code="B1")
    assert again({}, {}, pins=(late,)) == {"e0000": [("C07", MatchedParty("bidder", "B1", "乙公司"))]}
    assert [ground for ground, _ in again({"standing": "debarred"})["e0000"]] == ["C16"]


def test_c13_kin_found_late_names_both(again: Callable[..., dict[str, list[Any]]]) -> None:
    assert again({"kin": ("e0001",)}, {}, {}) == {
        "e0000": [("C13", MatchedParty("member", "e0001"))],
        "e0001": [("C13", MatchedParty("member", "e0000"))],
    }


def test_quota_and_own_seat_are_not_asked_again(again: Callable[..., dict[str, list[Any]]]) -> None:
    assert again({"specialities": ("Z",), "region_code": "999999"}) == {}


def test_an_opened_party_must_be_well_formed(again: Callable[..., dict[str, list[Any]]]) -> None:
    with pytest.raises(InvalidRequestError):
        again({}, opened=(Party("bidder", "", ""),))

from collections.abc import Callable
from typing import Any

import pytest

from scheduling.eligibility import Eligibility, assess
from scheduling.parties import MatchedParty
from scheduling.pins import Pin, apply_pins, ensure_pins, indices_of, pin_places
from scheduling.pool import CandidateRecord, Pool, Relation
from scheduling.refusals import PinRefusedError
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]
Requests = Callable[..., DrawRequest]
ENTITY = "12000000000000027G"


def conflict(ground: str, candidate_id: str = "e0000", **changes: Any) -> Pin:
    return Pin(candidate_id, "pinned_conflict", ground, **{"reason": "r", "decided_by": "u", **changes})


def clear(ground: str, candidate_id: str = "e0000", **changes: Any) -> Pin:
    return Pin(candidate_id, "pinned_clear", ground, **{"reason": "r", "decided_by": "u", **changes})


@pytest.mark.parametrize(
    ("pin", "fault"),
    [
        (clear("C01"), "the law sets the ground"),
        (clear("C10"), "the law sets the ground"),
        (clear("C15"), "the law sets the ground"),
        (clear("C16"), "the ground is no tie between a person and a party"),
        (clear("C14"), "the ground is no tie between a person and a party"),
        (conflict("C19"), "the ground is not in force"),
        (conflict("C99"), "the ground is not in force"),
        (conflict("C07", reason=" "), "reason or person is missing"),
        (conflict("C07", decided_by=""), "reason or person is missing"),
        (clear("C13"), "the other expert is missing"),
        (clear("C12"), None),
        (conflict("C01"), None),
        (clear("C13", party_code="e0001"), None),
    ],
)
def test_cf_01_what_may_be_pinned(make_request: Requests, pin: Pin, fault: str | None) -> None:
    if fault is None:
        ensure_pins([pin], make_request())
        return
    with pytest.raises(PinRefusedError) as caught:
        ensure_pins([pin], make_request())
    assert caught.value.facts == {"ground": pin.ground, "reason": fault}


@pytest.fixture
def grounds(make_record: Maker, make_request: Requests) -> Callable[..., list[tuple[str, str]]]:
    def search(pins: list[Pin], *relations: Relation) -> list[tuple[str, str]]:
        pool = Pool.from_records([make_record(0, relations=relations), make_record(1, relations=relations)])
        found: Eligibility = assess(pool, make_request(), pins)
        assert found.exclusions.of(1) == assess(pool, make_request()).exclusions.of(1)
        return [(exclusion.ground, exclusion.note) for exclusion in found.exclusions.of(0)]

    return search


def test_cf_01_a_local_ground_is_cleared_for_one_party_or_all(grounds: Callable[..., list[tuple[str, str]]]) -> None:
    ties = (Relation("need_planning", ENTITY), Relation("employment", "", "某咨询公司"))
    assert grounds([], *ties) == [("C12", "review")] * 2
    assert grounds([clear("C12")], *ties) == []
    assert grounds([clear("C12", party_code=ENTITY)], *ties) == [("C12", "review")]
    assert grounds([clear("C12", party_name="某咨询(公司)")], *ties) == [("C12", "review")]
    assert grounds([clear("C12", party_name="其他")], *ties) == [("C12", "review")] * 2
    assert grounds([clear("C12", "gone")], *ties) == [("C12", "review")] * 2
    assert grounds([clear("C11")], *ties) == [("C12", "review")] * 2


def test_cf_06_a_declared_conflict_is_an_exclusion_with_its_party_and_evidence(
    make_record: Maker, make_request: Requests
) -> None:
    pool = Pool.from_records([make_record(0), make_record(1)])
    pins = [conflict("C07", party_name="老甲公司", evidence="letter-1"), conflict("C01", "gone")]
    exclusions = assess(pool, make_request(), pins).exclusions
    (only,) = exclusions
    assert (only.index, only.ground, only.note, only.evidence) == (0, "C07", "pinned", "letter-1")
    assert only.party == MatchedParty("bidder", "91110000600037341L", "甲公司")
    stranger = apply_pins([], pool, make_request(), [conflict("C07", party_name="外人")])
    assert stranger[0].party == MatchedParty("", "", "外人")


def test_a_pinned_conflict_is_not_cleared_by_another_pin(grounds: Callable[..., list[tuple[str, str]]]) -> None:
    assert grounds([conflict("C12"), clear("C12")]) == [("C12", "pinned")]


def test_places_of_those_who_are_named(make_record: Maker) -> None:
    pool = Pool.from_records(make_record(number) for number in range(3))
    assert pin_places(pool, [clear("C13", "e0002", party_code="e0000"), conflict("C07", "gone")]) == {
        "e0000": 0,
        "e0002": 2,
    }
    assert indices_of(pool, set()) == {}

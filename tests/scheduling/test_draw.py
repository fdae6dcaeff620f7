from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from scheduling.canonical import encode
from scheduling.commitment import IN_ORDER, Commitment, commit_body, prepare
from scheduling.demand import Quota
from scheduling.draw import Course, draw_first, draw_next, transcript_of
from scheduling.eligibility import Eligibility
from scheduling.lottery import build_lottery
from scheduling.succession import Bench
from scheduling.transcript import BeaconValue, draw_seed, replacement_seed, transcript_digest
from tests.scheduling.test_commitment import terms

Make = Callable[..., Any]
LINKS = [b"c" * 32, b"s" * 32]
BEACON = BeaconValue("public", "ab" * 32, 9, "cd" * 48)


@pytest.fixture(params=["fresh_seed", IN_ORDER])
def commitment(request: pytest.FixtureRequest, make_record: Make, assessed: Make) -> Commitment:
    people = [
        make_record(number, employer_name=f"第{number // 2}院", specialities=("A0801",) if number % 3 else ("B0101",))
        for number in range(30)
    ]
    found: Eligibility = assessed(people, quotas=(Quota("q1", "A08", 3), Quota("q2", "B01", 2)), alternates_per_quota=2)
    prepared = prepare(found, build_lottery(found), b"k" * 32)
    body = commit_body(prepared.fixed, terms(replacement=request.param))
    return Commitment(body, prepared.lottery, prepared.leaves)


def test_the_same_randomness_gives_the_same_panel(commitment: Commitment) -> None:
    drawn = draw_first(commitment, LINKS, BEACON)
    assert drawn == draw_first(commitment, LINKS, BEACON)
    assert drawn.seed == draw_seed(commitment.digest, LINKS, BEACON)
    others = [draw_first(commitment, [bytes([number]) * 32, b"s" * 32], BEACON).seats for number in range(20)]
    assert len(set(others)) > 10


def test_quotas_get_their_seats_and_nobody_two(commitment: Commitment) -> None:
    drawn = draw_first(commitment, LINKS, None)
    assert Counter(quota for quota, _ in drawn.seats) == {0: 3, 1: 2}
    units = [commitment.leaves.unit_of(position) for _, position in drawn.seats]
    assert len(set(units)) == 5
    wanted = {0: 2, 1: 2} if commitment.body["replacement"] == IN_ORDER else {}
    assert Counter(quota for quota, _ in drawn.alternates) == wanted
    everybody = [position for _, position in (*drawn.seats, *drawn.alternates)]
    assert len(set(everybody)) == len(everybody)
    assert set(everybody) <= drawn.touched


def test_dr_17_empty_seats_are_filled_by_fresh_randomness(commitment: Commitment) -> None:
    first = draw_first(commitment, LINKS, BEACON)
    gone = frozenset(first.seats[seat][1] for seat in (1, 4))
    bench = Bench(first.seats, (1, 4), gone)
    seen = set()
    for number in range(15):
        found = draw_next(commitment, (first.seed, 1), bench, [bytes([number]) * 32, b"s" * 32], BEACON)
        assert found.seed == replacement_seed(first.seed, 1, [bytes([number]) * 32, b"s" * 32], BEACON)
        assert [(seat, quota) for seat, quota, _ in found.filled] == [(seat, first.seats[seat][0]) for seat in (1, 4)]
        after = bench.after(found.filled)
        assert gone.isdisjoint(position for _, position in after)
        assert len({commitment.leaves.unit_of(position) for _, position in after}) == 5
        seen.add(found.filled)
    assert len(seen) > 5


def test_a_transcript_opens_what_was_touched_and_nothing_else(commitment: Commitment) -> None:
    first = draw_first(commitment, LINKS, BEACON)
    course = Course(
        signatures={},
        stamp={},
        seed={},
        drawn=first.seats,
        alternates=first.alternates,
        outcomes=[],
        replacements=[],
        touched=first.touched,
        entries=[],
        close="",
        panel=[(seat, *place) for seat, place in enumerate(first.seats)],
    )
    transcript = transcript_of(commitment, course)
    assert [opening[0] for opening in transcript["openings"]] == sorted(first.touched)
    assert transcript["digest"] == transcript_digest(transcript)
    assert transcript["result"]["state"] == "complete"
    unopened = set(range(len(commitment.leaves))) - first.touched
    text = encode(transcript).decode()
    assert all(commitment.leaves.leaf(position)[0] not in text for position in unopened)
    void = transcript_of(commitment, replace(course, panel=[]))
    assert void["result"] == {"state": "void", "panel": []}

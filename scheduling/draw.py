"""The draw of XD-1: commitment before chance, seats after it, and one transcript for strangers.

>>> from datetime import UTC, date, datetime
>>> from scheduling.commitment import CommitTerms, Commitment, PartyLink, PlanItem, commit_body, prepare
>>> from scheduling.draw import draw_first
>>> from scheduling.eligibility import assess
>>> from scheduling.lottery import build_lottery
>>> from scheduling.pool import CandidateRecord, Pool
>>> from scheduling.request import DrawRequest, Party, Quota
>>> pool = Pool.from_records(CandidateRecord(f"e{n}", "admitted", date(1980, 1, 1), "senior", "", f"employer {n}",
...     "440100", specialities=("A0801",)) for n in range(20))
>>> request = DrawRequest("r1", (Quota("q1", "A08", 4),), (Party("bidder", "", "employer 7"),), date(2026, 3, 2),
...     datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC), alternates_per_quota=2,
...     grounds=("C01", "C14"), window_years=3, same_employer_max=1, max_age=65, max_age_senior=70,
...     speciality_match="self_or_descendant", pack_hash="ab" * 32)
>>> eligibility = assess(pool, request)
>>> prepared = prepare(eligibility, build_lottery(eligibility), b"k" * 32)
>>> prepared.lottery.figures.min_probability, prepared.lottery.figures.upper_bound
('0.2105263158', '0.2105263158')
>>> terms = CommitTerms("d1", "lot 1", "00" * 32, (PartyLink("centre", "11" * 32, 1), PartyLink("supervisor", "22" * 32,
...     1)), None, (PlanItem("parties"),), datetime(2026, 3, 1, tzinfo=UTC))
>>> commitment = Commitment(commit_body(prepared.fixed, terms), prepared.lottery, prepared.leaves)
>>> drawn = draw_first(commitment, [b"c" * 32, b"s" * 32], None)
>>> len(drawn.seats), drawn.seats == draw_first(commitment, [b"c" * 32, b"s" * 32], None).seats
(4, True)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from scheduling.artefact import lottery_document
from scheduling.commitment import Commitment
from scheduling.conditioned import draw_replacement
from scheduling.order import Seat, draw_seats
from scheduling.succession import Bench, Filled
from scheduling.transcript import PROTOCOL, BeaconValue, draw_seed, replacement_seed, transcript_digest


@dataclass(frozen=True, slots=True)
class FirstDraw:
    """What the first drawing gave.

    Args:
        seed: 32 bytes.
        seats: (quota, position) per seat number.
        alternates: (quota, position); only where a pack asks for the next in order.
        touched: positions to be opened.

    Source: XD-1 section 7
    """

    seed: bytes
    seats: tuple[Seat, ...]
    alternates: tuple[Seat, ...]
    touched: frozenset[int]


@dataclass(frozen=True, slots=True)
class NextDraw:
    """What a replacement gave: (seat, quota, position) per empty seat.

    Source: XD-1 section 9
    """

    seed: bytes
    filled: tuple[Filled, ...]
    touched: frozenset[int]


def draw_first(commitment: Commitment, links: Sequence[bytes], beacon: BeaconValue | None) -> FirstDraw:
    """Draw the panel from the revealed links and the beacon.

    Args:
        commitment: published before.
        links: in the order of the parties of the commitment, 32 bytes each.
        beacon: None at the level ``parties``.

    Raises:
        TooTangledError: no try was accepted.

    Source: domain DR-08, DR-11, DR-21; XD-1 section 7
    """
    seed = draw_seed(commitment.digest, links, beacon)
    drawn = draw_seats(commitment.lottery, seed, commitment.leaves.unit_of, commitment.body["alternates"])
    return FirstDraw(seed, tuple(drawn.seats), tuple(drawn.alternates), frozenset(drawn.touched))


def draw_next(
    commitment: Commitment, seed: tuple[bytes, int], bench: Bench, links: Sequence[bytes], beacon: BeaconValue | None
) -> NextDraw:
    """Draw who takes the empty seats, from the lottery conditioned on those who sit.

    Args:
        commitment: of the draw.
        seed: of the first drawing, and the number of this replacement.
        bench: the panel with its empty seats.
        links, beacon: fresh ones.

    Raises:
        NoContinuationError, TooTangledError: the committed lottery has nobody for these seats.

    Source: domain DR-12, DR-17; XD-1 section 9
    """
    value = replacement_seed(seed[0], seed[1], links, beacon)
    drawn = draw_replacement(commitment.lottery, value, bench.standing(), commitment.leaves.unit_of)
    return NextDraw(value, bench.fill(drawn.seats), frozenset(drawn.touched))


@dataclass(frozen=True, slots=True)
class Course:
    """What happened after the commitment, as documents of the protocol.

    Args:
        signatures, stamp, seed: sections 3 and 6.
        drawn, alternates: (quota, position).
        outcomes, replacements: sections 8 and 9.
        touched: positions to be opened.
        entries: (text, proof), ascending by index.
        close: final checkpoint.
        panel: (seat, quota, position); empty when the draw is void.
        names: (position, name, salt in hex) of published names.

    Source: XD-1 section 3
    """

    signatures: dict[str, str]
    stamp: dict[str, Any]
    seed: dict[str, Any]
    drawn: Sequence[Seat]
    alternates: Sequence[Seat]
    outcomes: list[dict[str, Any]]
    replacements: list[dict[str, Any]]
    touched: frozenset[int]
    entries: Sequence[tuple[str, list[str]]]
    close: str
    panel: Sequence[Filled]
    names: Sequence[tuple[int, str, str]] = ()


def transcript_of(commitment: Commitment, course: Course) -> dict[str, Any]:
    """Write the transcript, canonical-ready.

    Source: domain DR-20, DR-21; XD-1 section 3
    """
    transcript: dict[str, Any] = {
        "protocol": PROTOCOL,
        "commit": commitment.body,
        "signatures": course.signatures,
        "lottery": lottery_document(commitment.lottery),
        "stamp": course.stamp,
        "seed": course.seed,
        "drawn": [list(seat) for seat in course.drawn],
        "alternates": [list(seat) for seat in course.alternates],
        "outcomes": course.outcomes,
        "replacements": course.replacements,
        "openings": [commitment.leaves.opening(position) for position in sorted(course.touched)],
        "entries": [[text, proof] for text, proof in course.entries],
        "close": course.close,
        "result": {
            "state": "complete" if course.panel else "void",
            "panel": [list(filled) for filled in course.panel],
        },
        "names": [list(name) for name in course.names],
    }
    return {**transcript, "digest": transcript_digest(transcript)}

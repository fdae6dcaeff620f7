"""Stages of the evaluation room and the lawful ways between them.

The table is the one of the rule book: a stage is left only through a listed transition, by the listed actor, and only
while its guard returns no reason against it.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Literal

import msgspec

from evaluation.errors import MembersNotReady, RoomError, StartNotReached
from evaluation.refusals import (
    AlertsOpen,
    BriefingIncomplete,
    CandidatesMissing,
    ConfirmationsMissing,
    LeaderNotElected,
    SheetsMissing,
    SignaturesMissing,
    TieOpen,
    TooFewBids,
    TotalsMissing,
    VotesMissing,
)
from evaluation.refusals_review import ClarificationsOpen, LowPricesOpen


class Stage(StrEnum):
    """Where the room stands; the last five are the side states. Source: engineering choice."""

    CREATED = "created"
    COMMITTEE_READY = "committee_ready"
    CHECK_IN = "check_in"
    LEADER_ELECTION = "leader_election"
    BRIEFING = "briefing"
    PRELIMINARY = "preliminary"
    DETAILED = "detailed"
    PERSONAL_SUBMITTED = "personal_submitted"
    CONSISTENCY_CHECK = "consistency_check"
    AGGREGATION = "aggregation"
    CANDIDATES = "candidates"
    REPORT_SIGNING = "report_signing"
    CLOSED = "closed"
    ARCHIVED = "archived"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    BACKTRACKED = "backtracked"
    REBUILD = "rebuild"
    FAILED = "failed"


HELD = (Stage.PAUSED, Stage.SUSPENDED)
_MAIN = tuple(Stage)[: tuple(Stage).index(Stage.ARCHIVED) + 1]
OPEN = _MAIN[1 : _MAIN.index(Stage.CLOSED)]


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """What the guards look at: plain counts, taken from the state of a room at one moment.

    Attributes:
        started: whether the announced start has been reached.
        starts_at: the announced start, for the text of a refusal.
        seats: number of seats of the committee.
        ready: members with identity, locked phone, promise and no declared conflict.
        leader_elected: whether there is a leader.
        briefed: members who confirmed the briefing.
        votes_missing: preliminary votes still to be cast, over all seats, bids and checks.
        preliminary_closed: whether the leader closed the preliminary review.
        valid_bids: bids that passed it.
        bidders_counted: bidders behind the valid bids; bids of one brand count once.
        min_valid: bidders the rules ask for.
        competition_upheld: whether the committee decided that competition is not lacking.
        submitted: members who submitted their sheet.
        alerts_open: alerts nobody settled yet.
        confirmed: members who confirmed the consistency check.
        totals_agreed: whether two computations gave the same totals.
        ties_open: ties that must be settled before candidates are proposed.
        candidates_proposed: whether the leader proposed the candidates.
        ended: members in one of the four ends.
        clarifications_open: clarifications that are not settled.
        low_prices_open: low prices whose explanation is not judged.

    Source: engineering choice
    """

    started: bool
    starts_at: str
    seats: int
    ready: int
    leader_elected: bool
    briefed: int
    votes_missing: int
    preliminary_closed: bool
    valid_bids: int
    bidders_counted: int
    min_valid: int
    competition_upheld: bool
    submitted: int
    alerts_open: int
    confirmed: int
    totals_agreed: bool
    ties_open: int
    candidates_proposed: bool
    ended: int
    clarifications_open: int = 0
    low_prices_open: int = 0


Reasons = tuple[RoomError, ...]
Guard = Callable[[Progress], Reasons]
Mover = Literal["host_operator", "leader", "member", "procuring_entity", "system"]


class Transition(msgspec.Struct, frozen=True):
    """One row of the table: from, to, who moves, and what may stand against it. Source: engineering choice."""

    source: Stage
    target: Stage
    mover: Mover
    guard: Guard


def _free(_: Progress) -> Reasons:
    return ()


def _start_reached(progress: Progress) -> Reasons:
    return () if progress.started else (StartNotReached(starts_at=progress.starts_at),)


def _all_ready(progress: Progress) -> Reasons:
    missing = progress.seats - progress.ready
    return (MembersNotReady(missing=missing),) if missing else ()


def _leader_elected(progress: Progress) -> Reasons:
    return () if progress.leader_elected else (LeaderNotElected(),)


def _all_briefed(progress: Progress) -> Reasons:
    missing = progress.seats - progress.briefed
    return (BriefingIncomplete(missing=missing),) if missing else ()


def _votes_complete(progress: Progress) -> Reasons:
    if progress.votes_missing or not progress.preliminary_closed:
        return (VotesMissing(missing=progress.votes_missing),)
    return ()


def _enough_bids(progress: Progress) -> Reasons:
    reasons = _votes_complete(progress)
    enough = progress.bidders_counted >= progress.min_valid or progress.competition_upheld
    if not progress.valid_bids or not enough:
        reasons += (TooFewBids(counted=progress.bidders_counted, needed=progress.min_valid),)
    return reasons + _clarified(progress)


def _clarified(progress: Progress) -> Reasons:
    return (ClarificationsOpen(open=progress.clarifications_open),) if progress.clarifications_open else ()


def _sheets_final(progress: Progress) -> Reasons:
    prices: Reasons = (LowPricesOpen(open=progress.low_prices_open),) if progress.low_prices_open else ()
    return _clarified(progress) + prices + _all_submitted(progress)


def _all_submitted(progress: Progress) -> Reasons:
    return (SheetsMissing(),) if progress.submitted < progress.seats else ()


def _consistent(progress: Progress) -> Reasons:
    reasons: Reasons = (AlertsOpen(),) if progress.alerts_open else ()
    missing = progress.seats - progress.confirmed
    return (*reasons, ConfirmationsMissing(missing=missing)) if missing else reasons


def _totals_agreed(progress: Progress) -> Reasons:
    return () if progress.totals_agreed else (TotalsMissing(),)


def _candidates_named(progress: Progress) -> Reasons:
    reasons: Reasons = (TieOpen(),) if progress.ties_open else ()
    return reasons if progress.candidates_proposed else (*reasons, CandidatesMissing())


def _all_ended(progress: Progress) -> Reasons:
    missing = progress.seats - progress.ended
    return (SignaturesMissing(missing=missing),) if missing else ()


TRANSITIONS: tuple[Transition, ...] = (
    Transition(Stage.CREATED, Stage.COMMITTEE_READY, "system", _free),
    Transition(Stage.COMMITTEE_READY, Stage.CHECK_IN, "host_operator", _start_reached),
    Transition(Stage.CHECK_IN, Stage.LEADER_ELECTION, "system", _all_ready),
    Transition(Stage.LEADER_ELECTION, Stage.BRIEFING, "system", _leader_elected),
    Transition(Stage.BRIEFING, Stage.PRELIMINARY, "leader", _all_briefed),
    Transition(Stage.PRELIMINARY, Stage.DETAILED, "leader", _enough_bids),
    Transition(Stage.PRELIMINARY, Stage.FAILED, "leader", _votes_complete),
    # A bid can still fall in the detailed review, and the question of competition comes up again.
    Transition(Stage.DETAILED, Stage.FAILED, "system", _votes_complete),
    Transition(Stage.DETAILED, Stage.PERSONAL_SUBMITTED, "member", _sheets_final),
    Transition(Stage.PERSONAL_SUBMITTED, Stage.CONSISTENCY_CHECK, "system", _all_submitted),
    Transition(Stage.CONSISTENCY_CHECK, Stage.AGGREGATION, "member", _consistent),
    Transition(Stage.AGGREGATION, Stage.CANDIDATES, "system", _totals_agreed),
    Transition(Stage.CANDIDATES, Stage.REPORT_SIGNING, "leader", _candidates_named),
    Transition(Stage.REPORT_SIGNING, Stage.CLOSED, "system", _all_ended),
    # Re-evaluation by the same committee, after signing.
    Transition(Stage.CLOSED, Stage.CANDIDATES, "procuring_entity", _free),
    Transition(Stage.CLOSED, Stage.ARCHIVED, "host_operator", _free),
    # One file per lot is kept for failed tenders as well.
    Transition(Stage.FAILED, Stage.ARCHIVED, "host_operator", _free),
    Transition(Stage.REBUILD, Stage.ARCHIVED, "host_operator", _free),
)
SIDE_WAYS: frozenset[tuple[Stage, Stage]] = frozenset(
    {
        *((stage, side) for stage in OPEN for side in (*HELD, Stage.REBUILD)),
        *((side, stage) for stage in OPEN for side in HELD),
        *((stage, Stage.BACKTRACKED) for stage in OPEN[2:]),
        *((Stage.BACKTRACKED, stage) for stage in OPEN[1:]),
        *((stage, Stage.FAILED) for stage in (*OPEN[3:], *HELD)),
        *((side, Stage.REBUILD) for side in HELD),
        (Stage.PAUSED, Stage.SUSPENDED),
    }
)
"""Ways into and out of the side states; who may take them and when is decided in `evaluation.decisions`."""
_BY_ENDS = {(row.source, row.target): row for row in TRANSITIONS}


def find_transition(source: Stage, target: Stage) -> Transition | None:
    """Look a transition up.

    Args:
        source: the stage the room is in.
        target: the stage it should enter.

    Returns:
        The row of the table, or None when the table has no such way.

    Source: engineering choice
    """
    return _BY_ENDS.get((source, target))


def reasons_against(source: Stage, target: Stage, progress: Progress) -> Reasons:
    """Say what stands against entering a stage.

    Args:
        source: the stage the room is in.
        target: the stage it should enter.
        progress: the counts of this moment.

    Returns:
        The reasons in the order of the guard, empty when the way is free.

    Raises:
        KeyError: when the table has no such way; a caller that asks for one is wrong, not the user.

    Source: engineering choice
    """
    return _BY_ENDS[(source, target)].guard(progress)

"""State of a room: what the events so far add up to, and plain questions about it."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from msgspec import Struct, structs

from evaluation.check_lists import committee_checks, entity_checks
from evaluation.correction_state import CorrectionState
from evaluation.course import Course, Talk
from evaluation.errors import UnknownSeat
from evaluation.events import (
    AlertAnswered,
    CandidatesProposed,
    CheckVoted,
    CompetitionDecided,
    PreliminaryClosed,
    RoomFailed,
    TieResolved,
    TotalsComputed,
)
from evaluation.findings import Alert, OpenTie
from evaluation.ranking import Resolution
from evaluation.review_state import ReviewState
from evaluation.setup import BidSetup, RoomSetup, SeatSetup
from evaluation.stages import Progress, Stage

End = Literal["signed", "signed_with_dissent", "deemed_agreed"]


class SeatStanding(Struct, frozen=True, kw_only=True):
    """Where one seat stands; `tenure_id` names the present tenure. Source: engineering choice."""

    tenure_id: str
    identity_confirmed: bool = False
    checked_in: bool = False
    promise: Literal["none", "clear", "conflict"] = "none"
    conflict_reason: str = ""
    briefed: bool = False
    submitted: bool = False
    confirmed: bool = False
    end: End | None = None
    statement: str = ""


class FormerTenure(Struct, frozen=True):
    """A tenure that ended by replacement, one of the four ends; its void opinions are in the archived `version`.

    Source: 招标投标法实施条例 第48条
    """

    seat_id: str
    tenure_id: str
    reason: str
    version: int = 0


class Round(Struct, frozen=True):
    """A finished round of the ballot; who voted for whom is not in it. Source: engineering choice."""

    round: int
    tally: dict[str, int]
    tied: tuple[str, ...]


@dataclass(frozen=True)
class Archived:
    """Forms put aside by a backtrack or a replacement, as the room held them at that moment.

    Attributes:
        version: number from 1.
        cause: what put them aside.
        stage: where the room stood.
        target: the stage it went back to.
        reason: the reason given.
        seat_id: the replaced seat, whose opinions are void; None for a backtrack.
        forms: the state at that moment, without its own archive.

    Source: 招标投标法实施条例 第48条; domain 4 (backtracked)
    """

    version: int
    cause: Literal["backtrack", "replacement"]
    stage: Stage
    target: Stage
    reason: str
    seat_id: str | None
    forms: "RoomState"


@dataclass
class RoomState:
    """Fold of the events of a room. Changed by `evaluation.fold` only. Source: engineering choice."""

    setup: RoomSetup
    stage: Stage
    stages: tuple[tuple[Stage, datetime], ...]
    seats: dict[str, SeatStanding]
    former: tuple[FormerTenure, ...] = ()
    round: int = 1
    runners: tuple[str, ...] = ()
    ballots: dict[str, str] = field(default_factory=dict)
    rounds: tuple[Round, ...] = ()
    leader: str | None = None
    leader_by: str | None = None
    votes: dict[str, dict[tuple[str, str], CheckVoted]] = field(default_factory=dict)
    preliminary: PreliminaryClosed | None = None
    competition: CompetitionDecided | None = None
    failure: RoomFailed | None = None
    sheets: dict[str, dict[tuple[str, str], str]] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    closed_alerts: frozenset[str] = frozenset()
    answers: tuple[AlertAnswered, ...] = ()
    totals: TotalsComputed | None = None
    resolutions: tuple[TieResolved, ...] = ()
    open_ties: tuple[OpenTie, ...] = ()
    proposal: CandidatesProposed | None = None
    review: ReviewState = field(default_factory=ReviewState)
    corrections: CorrectionState = field(default_factory=CorrectionState)
    course: Course = field(default_factory=Course)
    talk: Talk = field(default_factory=Talk)
    marks: dict[Stage, "RoomState"] = field(default_factory=dict)
    archives: tuple[Archived, ...] = ()

    @property
    def work_stage(self) -> Stage:
        """The stage the evaluation stands at; in a hold the one it was held from."""
        return self.course.hold.source if self.course.hold else self.stage

    def copy(self) -> "RoomState":
        """Return a state that can be folded further without touching this one."""
        return replace(
            self,
            seats=dict(self.seats),
            ballots=dict(self.ballots),
            votes={seat_id: dict(votes) for seat_id, votes in self.votes.items()},
            sheets={seat_id: dict(sheet) for seat_id, sheet in self.sheets.items()},
            alerts=dict(self.alerts),
            marks=dict(self.marks),
            review=self.review.copy(),
            corrections=self.corrections.copy(),
        )

    def seat(self, seat_id: str | None) -> SeatSetup:
        """Return the description of a seat.

        Args:
            seat_id: identifier of the seat.

        Raises:
            UnknownSeat: when the room has no such seat.
        """
        self.require_seat(seat_id)
        return next(seat for seat in self.setup.seats if seat.seat_id == seat_id)

    def require_seat(self, seat_id: str | None) -> None:
        """Refuse a seat this room does not have.

        Args:
            seat_id: identifier of the seat.

        Raises:
            UnknownSeat: when the room has no such seat.
        """
        if seat_id not in self.seats:
            raise UnknownSeat()

    def valid_bids(self) -> tuple[BidSetup, ...]:
        """Return the bids that passed the preliminary review, none before it is closed; repaired prices count."""
        valid = self.preliminary.valid if self.preliminary else ()
        return tuple(self.priced(bid) for bid in self.setup.bids if bid.bid_id in valid)

    def priced(self, bid: BidSetup) -> BidSetup:
        """Return a bid with the price the evaluation works with: the one its bidder confirmed after repair, if any."""
        repaired = self.review.repaired_price(bid.bid_id)
        return bid if repaired is None else structs.replace(bid, quote=repaired)

    def all_submitted(self) -> bool:
        """Say whether the last member has submitted."""
        return all(seat.submitted for seat in self.seats.values())

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts nobody settled yet."""
        return tuple(alert for alert_id, alert in self.alerts.items() if alert_id not in self.closed_alerts)

    def recorded_orders(self) -> tuple[Resolution, ...]:
        """Return the orders recorded for tied bids."""
        return tuple(Resolution(item.kind, item.bid_ids) for item in self.resolutions)


def votes_missing(state: RoomState) -> int:
    """Count the preliminary votes still to be cast.

    Args:
        state: state of a room.

    Returns:
        Votes missing over all seats, bids that are not out already, and checks of the committee.

    Source: 财政部令第87号 第50条
    """
    return sum(votes_missing_by_seat(state).values())


def votes_missing_by_seat(state: RoomState) -> dict[str, int]:
    """Count the preliminary votes each member still has to cast.

    Args:
        state: state of a room.

    Returns:
        Votes missing by seat id.

    Source: 财政部令第87号 第50条
    """
    excluded, checks = state.review.excluded(), committee_checks(state.setup)
    needed = {
        (bid.bid_id, check.check_id) for bid in state.setup.bids for check in checks if bid.bid_id not in excluded
    }
    return {seat_id: len(needed - state.votes.get(seat_id, {}).keys()) for seat_id in state.seats}


def qualification_missing(state: RoomState) -> int:
    """Count the checks of qualification the procuring entity still has to decide.

    Args:
        state: state of a room.

    Returns:
        Decisions missing over all bids.

    Source: 财政部令第87号 第44条
    """
    return len(state.setup.bids) * len(entity_checks(state.setup)) - len(state.review.qualifications)


def progress_of(state: RoomState, at: datetime) -> Progress:
    """Take the counts the guards look at.

    Args:
        state: state of a room.
        at: the instant of the question, with zone.

    Returns:
        The counts.

    Source: engineering choice
    """
    seats = state.seats.values()
    closed = state.preliminary
    return Progress(
        started=at >= state.setup.starts_at,
        starts_at=state.setup.starts_at.isoformat(),
        seats=len(seats),
        ready=sum(seat.checked_in and seat.promise == "clear" for seat in seats),
        leader_elected=state.leader is not None,
        briefed=sum(seat.briefed for seat in seats),
        votes_missing=votes_missing(state),
        preliminary_closed=closed is not None,
        valid_bids=len(closed.valid) if closed else 0,
        bidders_counted=closed.bidders_counted if closed else 0,
        min_valid=state.setup.rules.prelim_min_valid,
        competition_upheld=state.competition is not None and not state.competition.lacking,
        clarifications_open=len(state.review.open_clarifications()),
        low_prices_open=len(state.review.open_low_prices()),
        submitted=sum(seat.submitted for seat in seats),
        alerts_open=len(state.open_alerts()),
        confirmed=sum(seat.confirmed for seat in seats),
        totals_agreed=state.totals is not None,
        ties_open=len(state.open_ties),
        candidates_proposed=state.proposal is not None,
        ended=sum(seat.end is not None for seat in seats),
    )

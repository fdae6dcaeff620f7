"""Fold of events into the state of a room: each event is applied as it stands, nothing is decided again."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from evaluation import events as ev
from evaluation.correction_state import Signature
from evaluation.errors import RecordOutOfOrder
from evaluation.events import Event
from evaluation.fold_correction import CORRECTION_FOLDS
from evaluation.fold_review import REVIEW_FOLDS
from evaluation.fold_states import STATE_FOLDS, mark_stage, reopen_incomplete, replace_seat
from evaluation.stages import Stage
from evaluation.state import RoomState, Round, SeatStanding


def begin(event: Event, at: datetime) -> RoomState:
    """Build the first state of a room.

    Args:
        event: the first event; it carries the description of the room.
        at: instant of its record.

    Returns:
        A state in the stage `created`.

    Raises:
        RecordOutOfOrder: when the first event is another one.

    Source: engineering choice
    """
    if not isinstance(event, ev.RoomOpened):
        raise RecordOutOfOrder(expected=ev.RoomOpened.__struct_config__.tag, found=type(event).__struct_config__.tag)
    seats = {seat.seat_id: SeatStanding(tenure_id=seat.tenure_id) for seat in event.setup.seats}
    return RoomState(event.setup, Stage.CREATED, ((Stage.CREATED, at),), seats)


def fold(state: RoomState, event: Event, at: datetime) -> None:
    """Apply one event to a state, in place.

    Args:
        state: the state before the event; it is changed.
        event: any event but the first of a room.
        at: instant of its record, kept for the history of stages.

    Raises:
        RecordOutOfOrder: when a room is opened a second time.

    Source: engineering choice
    """
    if isinstance(event, ev.StageChanged):
        state.stage = event.target
        state.stages = (*state.stages, (event.target, at))
        mark_stage(state, event.source, event.target)
    elif isinstance(event, ev.SeatReplaced):
        replace_seat(state, event, at)
    elif isinstance(event, ev.RoomOpened):
        raise RecordOutOfOrder(expected="a later event", found="room_opened")
    else:
        _FOLDS[type(event)](state, event)


def _mark(state: RoomState, seat_id: str, **changes: Any) -> None:
    state.seats[seat_id] = replace(state.seats[seat_id], **changes)


def _identity(state: RoomState, event: ev.IdentityConfirmed) -> None:
    _mark(state, event.seat_id, identity_confirmed=True)


def _checked_in(state: RoomState, event: ev.MemberCheckedIn) -> None:
    _mark(state, event.seat_id, checked_in=True)


def _promise(state: RoomState, event: ev.PromiseSigned) -> None:
    answer = "conflict" if event.conflict_declared else "clear"
    _mark(state, event.seat_id, promise=answer, conflict_reason=event.reason)


def _leader_vote(state: RoomState, event: ev.LeaderVoteCast) -> None:
    state.ballots[event.seat_id] = event.candidate_seat_id


def _tied(state: RoomState, event: ev.BallotTied) -> None:
    state.rounds = (*state.rounds, Round(event.round, event.tally, event.tied))
    state.round, state.runners, state.ballots = event.round + 1, event.tied, {}


def _elected(state: RoomState, event: ev.LeaderElected) -> None:
    state.rounds = (*state.rounds, Round(event.round, event.tally, ()))
    # The ballot is secret: once it is counted the state forgets who voted for whom.
    state.leader, state.leader_by, state.ballots = event.seat_id, event.by, {}


def _briefed(state: RoomState, event: ev.BriefingConfirmed) -> None:
    _mark(state, event.seat_id, briefed=True)


def _check_vote(state: RoomState, event: ev.CheckVoted) -> None:
    state.votes.setdefault(event.seat_id, {})[event.bid_id, event.check_id] = event


def _preliminary(state: RoomState, event: ev.PreliminaryClosed) -> None:
    state.preliminary = event
    reopen_incomplete(state)


def _competition(state: RoomState, event: ev.CompetitionDecided) -> None:
    state.competition = event


def _failed(state: RoomState, event: ev.RoomFailed) -> None:
    state.failure = event


def _score(state: RoomState, event: ev.ScoreEntered) -> None:
    state.sheets.setdefault(event.seat_id, {})[event.bid_id, event.criterion_id] = event.value


def _submitted(state: RoomState, event: ev.SheetSubmitted) -> None:
    _mark(state, event.seat_id, submitted=True)
    if event.sums:
        state.corrections.sums[event.seat_id] = event.sums


def _alerts(state: RoomState, event: ev.AlertsRaised) -> None:
    state.alerts = {alert.alert_id: alert for alert in event.alerts}


def _answer(state: RoomState, event: ev.AlertAnswered) -> None:
    state.answers = (*state.answers, event)
    # A corrected sum is no score: the sheet holds values of criteria alone.
    if not event.keep and event.criterion_id:
        state.sheets[event.seat_id][event.bid_id, event.criterion_id] = event.value
    if event.closed:
        state.closed_alerts |= {event.alert_id}


def _confirmed(state: RoomState, event: ev.ConsistencyConfirmed) -> None:
    _mark(state, event.seat_id, confirmed=True)


def _totals(state: RoomState, event: ev.TotalsComputed) -> None:
    state.totals, state.open_ties = event, event.open_ties


def _tie(state: RoomState, event: ev.TieResolved) -> None:
    state.resolutions = (*state.resolutions, event)
    state.open_ties = event.open_ties


def _proposal(state: RoomState, event: ev.CandidatesProposed) -> None:
    state.proposal = event


def _signed(state: RoomState, event: ev.ReportSigned) -> None:
    _mark(state, event.seat_id, end=event.end, statement=event.dissent)
    state.corrections.signatures[event.seat_id] = Signature(event.digest, event.signature)


def _deemed(state: RoomState, event: ev.AgreementDeemed) -> None:
    _mark(state, event.seat_id, end="deemed_agreed", statement=event.note)
    state.corrections.signatures[event.seat_id] = Signature(event.digest, "")


_FOLDS: dict[type[Any], Callable[[RoomState, Any], None]] = {
    **REVIEW_FOLDS,
    **CORRECTION_FOLDS,
    ev.IdentityConfirmed: _identity,
    ev.MemberCheckedIn: _checked_in,
    ev.PromiseSigned: _promise,
    ev.LeaderVoteCast: _leader_vote,
    ev.BallotTied: _tied,
    ev.LeaderElected: _elected,
    ev.BriefingConfirmed: _briefed,
    ev.CheckVoted: _check_vote,
    ev.PreliminaryClosed: _preliminary,
    ev.CompetitionDecided: _competition,
    ev.RoomFailed: _failed,
    ev.ScoreEntered: _score,
    ev.SheetSubmitted: _submitted,
    ev.AlertsRaised: _alerts,
    ev.AlertAnswered: _answer,
    ev.ConsistencyConfirmed: _confirmed,
    ev.TotalsComputed: _totals,
    ev.TieResolved: _tie,
    ev.CandidatesProposed: _proposal,
    ev.ReportSigned: _signed,
    ev.AgreementDeemed: _deemed,
    **STATE_FOLDS,
}

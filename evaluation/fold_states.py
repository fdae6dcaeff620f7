"""Fold of the course of a room: holds, backtracks, replacement, outages, time, talk."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from evaluation import events_states as ev
from evaluation import events_talk as talk
from evaluation.course import Incident, Turn
from evaluation.events import SeatReplaced
from evaluation.review_state import ReviewState
from evaluation.sheets import missing_items
from evaluation.stages import HELD, OPEN, Stage
from evaluation.state import Archived, FormerTenure, RoomState, SeatStanding

KEPT: frozenset[str] = frozenset({"setup", "stage", "stages", "seats", "former", "course", "talk", "marks", "archives"})
"""Fields of the state that going back never touches; every other one returns to what it was at the target."""


def restore(state: RoomState, past: RoomState, *, but: tuple[str, ...] = ()) -> None:
    """Put the fields of a state back to what they were, in place.

    Args:
        state: the state; it is changed.
        past: the state as it entered the target.
        but: fields to leave as they are, beside those that are always kept.

    Source: engineering choice
    """
    again, reevaluations = vars(past.copy()), state.corrections.reevaluations
    for name, value in again.items():
        if name not in KEPT and name not in but:
            setattr(state, name, value)
    # That a signed result was opened again stays on record whatever follows.
    state.corrections.reevaluations = reevaluations


def mark_stage(state: RoomState, source: Stage, target: Stage) -> None:
    """Keep what the room was when it entered a stage, so that a backtrack can return to it.

    Args:
        state: the state, already in the target; it is changed.
        source: the stage before; after a hold nothing is kept, because the stage was entered earlier.
        target: the stage entered.

    Source: domain 4 (backtracked)
    """
    if source not in HELD and target in OPEN[2:]:
        kept = state.copy()
        kept.marks, kept.archives = {}, ()
        _strip(kept, target)
        state.marks[target] = kept


def _strip(kept: RoomState, target: Stage) -> None:
    """Leave out what belongs to the stage or a later one: after a replacement the others' forms are there already."""
    changes: dict[str, Any] = {}
    if target in OPEN[2 : OPEN.index(Stage.PERSONAL_SUBMITTED)]:
        kept.sheets, changes["submitted"] = {}, False
    if target in OPEN[2 : OPEN.index(Stage.DETAILED)]:
        kept.votes, kept.review = {}, ReviewState(qualifications=kept.review.qualifications)
    if target in OPEN[2 : OPEN.index(Stage.PRELIMINARY)]:
        changes["briefed"] = False
    if target is Stage.LEADER_ELECTION:
        kept.leader, kept.leader_by, kept.rounds, kept.round, kept.runners = None, None, (), 1, ()
    kept.seats = {seat_id: replace(seat, **changes) for seat_id, seat in kept.seats.items()}


def replace_seat(state: RoomState, event: SeatReplaced, at: datetime) -> None:
    """End a tenure: its opinions are void and kept, those of the others stand, what the committee derived is redone.

    Args:
        state: the state; it is changed. Before the first check-in is complete there is nothing to put aside.
        event: the replacement.
        at: instant of its record.

    Source: 招标投标法实施条例 第48条; 财政部令第87号 第49条
    """
    version = 0
    if Stage.LEADER_ELECTION in state.marks:
        source = state.stages[-2][0] if state.stage is Stage.BACKTRACKED else state.stage
        version = _next(state)
        _put_aside(state, Archived(version, "replacement", source, Stage.CHECK_IN, event.reason, event.seat_id, state))
        _void_seat(state, event.seat_id)
        turn = Turn("replaced", source, at, event.reason)
        _course(state, turns=(*state.course.turns, turn), backtrack=None)
    gone = FormerTenure(event.seat_id, event.former_tenure_id, event.reason, version)
    state.former = (*state.former, gone)
    state.seats[event.seat_id] = SeatStanding(tenure_id=event.tenure_id)
    _forget_presence(state, event.seat_id)


def _void_seat(state: RoomState, seat_id: str) -> None:
    votes = {key: cast for key, cast in state.votes.items() if key != seat_id}
    sheets = {key: sheet for key, sheet in state.sheets.items() if key != seat_id}
    review = _review_without(state, seat_id)
    sums = {key: stated for key, stated in state.corrections.sums.items() if key != seat_id}
    stays = () if state.leader in (None, seat_id) else ("leader", "leader_by", "rounds", "round", "runners")
    restore(state, state.marks[Stage.LEADER_ELECTION], but=stays)
    state.votes, state.sheets, state.review, state.corrections.sums = votes, sheets, review, sums
    state.seats = {key: replace(seat, confirmed=False, end=None, statement="") for key, seat in state.seats.items()}
    state.marks = {stage: mark for stage, mark in state.marks.items() if stage is Stage.LEADER_ELECTION}


def _review_without(state: RoomState, seat_id: str) -> ReviewState:
    """Questions and answers stay unless the voided member voted on one: then the committee asks and decides anew."""
    review = state.review.copy()
    if any(seat_id in review.opinions.get(item.motion_id, {}) for item in review.motions.values()):
        review = ReviewState(qualifications=review.qualifications)
    review.competition_votes = {}
    return review


def _forget_presence(state: RoomState, seat_id: str) -> None:
    incidents = tuple(
        replace(item, replaced=True) if item.seat_id == seat_id and item.is_open else item
        for item in state.course.incidents
    )
    left = {key: vote for key, vote in state.course.time_votes.items() if key != seat_id}
    agreed = {key: vote for key, vote in state.course.stop_votes.items() if key != seat_id}
    _course(state, incidents=incidents, time_votes=left, stop_votes=agreed)
    state.talk = replace(state.talk, hands=tuple(key for key in state.talk.hands if key != seat_id))


def reopen_incomplete(state: RoomState) -> None:
    """Give a sheet back to its member when a repeated review let in a bid that it does not hold.

    Args:
        state: the state after the review was closed; it is changed.

    Source: 招标投标法实施条例 第48条
    """
    bid_ids = [bid.bid_id for bid in state.valid_bids()]
    for seat_id, seat in state.seats.items():
        if seat.submitted and missing_items(bid_ids, state.setup.criteria, state.sheets.get(seat_id, {})):
            state.seats[seat_id] = replace(seat, submitted=False)


def _next(state: RoomState) -> int:
    return len(state.archives) + 1


def _put_aside(state: RoomState, archived: Archived) -> None:
    forms = state.copy()
    forms.marks, forms.archives = {}, ()
    parts = (archived.version, archived.cause, archived.stage, archived.target, archived.reason, archived.seat_id)
    state.archives = (*state.archives, Archived(*parts, forms))


def _course(state: RoomState, **changes: Any) -> None:
    state.course = replace(state.course, **changes)


def _turn(state: RoomState, turn: Turn, **changes: Any) -> None:
    _course(state, turns=(*state.course.turns, turn), **changes)


def _held(state: RoomState, event: ev.RoomHeld) -> None:
    _turn(state, Turn(event.kind, event.source, event.at, event.reason), hold=event)


def _resumed(state: RoomState, event: ev.RoomResumed) -> None:
    _turn(state, Turn("resumed", state.work_stage, event.at), hold=None)


def _requested(state: RoomState, event: ev.BacktrackRequested) -> None:
    _course(state, backtrack=event, requests=state.course.requests + 1)


def _decided(state: RoomState, _: ev.BacktrackDecided) -> None:
    _course(state, backtrack=None)


def _backtracked(state: RoomState, event: ev.RoomBacktracked) -> None:
    _put_aside(state, Archived(event.version, "backtrack", event.source, event.target, event.reason, None, state))
    past, found = state.marks[event.target], state.review.qualifications
    restore(state, past)
    # What the procuring entity found is no form of the committee.
    state.review.qualifications = dict(found)
    state.seats = dict(past.seats)
    order = OPEN.index(event.target)
    state.marks = {stage: mark for stage, mark in state.marks.items() if OPEN.index(stage) <= order}
    _turn(state, Turn("backtracked", event.source, event.at, event.reason))


def _rebuilt(state: RoomState, event: ev.RoomToBeRebuilt) -> None:
    _course(state, rebuild=event, hold=None)


def _reported(state: RoomState, event: ev.DefectReported) -> None:
    _course(state, defect=event, defects=state.course.defects + 1, stop_votes={event.seat_id: True})


def _stop_vote(state: RoomState, event: ev.StopVoted) -> None:
    _course(state, stop_votes={**state.course.stop_votes, event.seat_id: event.agree})


def _dismissed(state: RoomState, _: ev.StopDismissed) -> None:
    _course(state, defect=None, stop_votes={})


def _stopped(state: RoomState, event: ev.RoomStopped) -> None:
    _course(state, stop=event, defect=None, hold=None)


def _offline(state: RoomState, event: ev.SeatWentOffline) -> None:
    begun = Incident(event.incident_id, event.seat_id, event.phase, event.since, event.due_at)
    _course(state, incidents=(*state.course.incidents, begun))


def _incident(state: RoomState, incident_id: str, **changes: Any) -> None:
    found = state.course.incidents
    _course(
        state,
        incidents=tuple(replace(item, **changes) if item.incident_id == incident_id else item for item in found),
    )


def _online(state: RoomState, event: ev.SeatCameBack) -> None:
    _incident(state, event.incident_id, ended_at=event.at)


def _expired(state: RoomState, event: ev.OutageExpired) -> None:
    _incident(state, event.incident_id, expired=True)


def _outage_decided(state: RoomState, event: ev.OutageDecided) -> None:
    changes: dict[str, Any] = {"decision": event.decision, "reason": event.reason}
    if event.due_at is not None:
        changes |= {"due_at": event.due_at, "expired": False}
    _incident(state, event.incident_id, **changes)


def _time_vote(state: RoomState, event: ev.TimeVoted) -> None:
    _course(state, time_votes={**state.course.time_votes, event.seat_id: event.short})


def _due(state: RoomState, _: ev.ExtensionDue) -> None:
    _course(state, extension_due=True)


def _extended(state: RoomState, event: ev.TimeExtended) -> None:
    turn = Turn("extended", state.work_stage, event.at, event.reason)
    _turn(state, turn, extension_due=False, time_votes={}, extensions=(*state.course.extensions, event))


def _published(state: RoomState, event: ev.ResultPublished) -> None:
    _course(state, published=event)


def _said(state: RoomState, event: talk.MessageSaid) -> None:
    state.talk = replace(state.talk, messages=(*state.talk.messages, event))


def _raised(state: RoomState, event: talk.HandRaised) -> None:
    state.talk = replace(state.talk, hands=(*state.talk.hands, event.seat_id))


def _lowered(state: RoomState, event: talk.HandLowered) -> None:
    state.talk = replace(state.talk, hands=tuple(hand for hand in state.talk.hands if hand != event.seat_id))


def _warned(state: RoomState, event: talk.WarningGiven) -> None:
    state.talk = replace(state.talk, warnings=(*state.talk.warnings, event))


STATE_FOLDS: dict[type[Any], Callable[[RoomState, Any], None]] = {
    ev.RoomHeld: _held,
    ev.RoomResumed: _resumed,
    ev.BacktrackRequested: _requested,
    ev.BacktrackDecided: _decided,
    ev.RoomBacktracked: _backtracked,
    ev.RoomToBeRebuilt: _rebuilt,
    ev.DefectReported: _reported,
    ev.StopVoted: _stop_vote,
    ev.StopDismissed: _dismissed,
    ev.RoomStopped: _stopped,
    ev.SeatWentOffline: _offline,
    ev.SeatCameBack: _online,
    ev.OutageExpired: _expired,
    ev.OutageDecided: _outage_decided,
    ev.TimeVoted: _time_vote,
    ev.ExtensionDue: _due,
    ev.TimeExtended: _extended,
    ev.ResultPublished: _published,
    talk.MessageSaid: _said,
    talk.HandRaised: _raised,
    talk.HandLowered: _lowered,
    talk.WarningGiven: _warned,
}

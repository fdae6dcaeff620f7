"""Fold of the events after the totals; each is applied as it stands."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import asdict, replace

from evaluation import events_correction as ev
from evaluation.correction_state import AbnormalCall, Correction, Reevaluation
from evaluation.state import RoomState


def _proposed(state: RoomState, event: ev.CorrectionProposed) -> None:
    state.corrections.corrections[event.correction_id] = Correction(**asdict(event))


def _correction_settled(state: RoomState, event: ev.CorrectionSettled) -> None:
    known = state.corrections.corrections
    item = known[event.correction_id] = replace(known[event.correction_id], confirmed=event.confirmed)
    if event.confirmed:
        _rescore(state, item.seat_id, (item.bid_id, item.criterion_id), item.value)


def _rescore(state: RoomState, seat_id: str, item: tuple[str, str], value: str) -> None:
    state.sheets[seat_id][item] = value
    # Everything that followed from the old totals is void; the room computes them anew.
    state.totals, state.resolutions, state.open_ties, state.proposal = None, (), (), None


def _called(state: RoomState, event: ev.AbnormalCalled) -> None:
    state.corrections.calls[event.call_id] = AbnormalCall(**asdict(event))


def _mark(state: RoomState, call_id: str, **changes: Any) -> None:
    known = state.corrections.calls
    known[call_id] = replace(known[call_id], **changes)


def _judged(state: RoomState, event: ev.AbnormalJudged) -> None:
    _mark(state, event.call_id, status="demanded" if event.abnormal else "dropped")


def _explained(state: RoomState, event: ev.ScoreExplained) -> None:
    _mark(state, event.call_id, status="explained", explanation=event.reason)


def _kept(state: RoomState, event: ev.ScoreKept) -> None:
    _mark(state, event.call_id, status="kept")


def _replaced(state: RoomState, event: ev.ScoreReplaced) -> None:
    _mark(state, event.call_id, status="replaced", previous=event.previous, value=event.value)
    call = state.corrections.calls[event.call_id]
    _rescore(state, call.seat_id, (call.bid_id, call.criterion_id), event.value)


def _reopened(state: RoomState, event: ev.ReevaluationOpened) -> None:
    corrections = state.corrections
    corrections.reevaluations = (*corrections.reevaluations, Reevaluation(**asdict(event)))
    corrections.signatures, state.proposal = {}, None
    state.seats = {seat_id: replace(seat, end=None, statement="") for seat_id, seat in state.seats.items()}


def _concluded(state: RoomState, event: ev.ReevaluationConcluded) -> None:
    corrections = state.corrections
    last = replace(corrections.reevaluations[-1], changed=event.changed)
    corrections.reevaluations = (*corrections.reevaluations[:-1], last)


CORRECTION_FOLDS: dict[type[Any], Callable[[RoomState, Any], None]] = {
    ev.CorrectionProposed: _proposed,
    ev.CorrectionSettled: _correction_settled,
    ev.AbnormalCalled: _called,
    ev.AbnormalJudged: _judged,
    ev.ScoreExplained: _explained,
    ev.ScoreKept: _kept,
    ev.ScoreReplaced: _replaced,
    ev.ReevaluationOpened: _reopened,
    ev.ReevaluationConcluded: _concluded,
}

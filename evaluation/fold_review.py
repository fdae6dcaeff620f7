"""Fold of the events of the review; each is applied as it stands."""

from collections.abc import Callable
from typing import Any

from msgspec.structs import asdict, replace

from evaluation import events_review as ev
from evaluation.review_state import Clarification, LowPriceTask, Motion, Opinion, PriceRepair, Qualification
from evaluation.state import RoomState


def _qualified(state: RoomState, event: ev.QualificationDecided) -> None:
    state.review.qualifications[event.bid_id, event.check_id] = Qualification(**asdict(event))


def _competition_vote(state: RoomState, event: ev.CompetitionVoted) -> None:
    state.review.competition_votes[event.seat_id] = Opinion(event.lacking, event.reason)


def _drafted(state: RoomState, event: ev.ClarificationDrafted) -> None:
    state.review.clarifications[event.clarification_id] = Clarification(**asdict(event))


def _mark(state: RoomState, clarification_id: str, **changes: Any) -> None:
    known = state.review.clarifications
    known[clarification_id] = replace(known[clarification_id], **changes)


def _sent(state: RoomState, event: ev.ClarificationSent) -> None:
    _mark(state, event.clarification_id, status="sent", answer_by=event.answer_by, digest=event.digest)


def _dropped(state: RoomState, event: ev.ClarificationDropped) -> None:
    _mark(state, event.clarification_id, status="dropped", note=event.reason)


def _relayed(state: RoomState, event: ev.ClarificationRelayed) -> None:
    _mark(state, event.clarification_id, status="relayed")


def _answered(state: RoomState, event: ev.ClarificationAnswered) -> None:
    changes = asdict(event)
    _mark(state, changes.pop("clarification_id"), status="answered", **changes)


def _lapsed(state: RoomState, event: ev.ClarificationLapsed) -> None:
    _mark(state, event.clarification_id, status="lapsed")


def _settled(state: RoomState, event: ev.ClarificationSettled) -> None:
    # A lapsed question stays lapsed: that nothing was answered is part of the record.
    lapsed = state.review.clarifications[event.clarification_id].status == "lapsed"
    _mark(state, event.clarification_id, status="lapsed" if lapsed else "settled", accepted=event.accepted)


def _motion(state: RoomState, event: ev.MotionOpened) -> None:
    state.review.motions[event.motion_id] = Motion(**asdict(event))
    state.review.opinions[event.motion_id] = {}


def _motion_vote(state: RoomState, event: ev.MotionVoted) -> None:
    state.review.opinions[event.motion_id][event.seat_id] = Opinion(event.favour, event.reason)


def _motion_decided(state: RoomState, event: ev.MotionDecided) -> None:
    known = state.review.motions
    known[event.motion_id] = replace(known[event.motion_id], carried=event.carried)


def _repair(state: RoomState, event: ev.PriceRepairProposed) -> None:
    state.review.repairs[event.repair_id] = PriceRepair(**asdict(event))


def _repair_settled(state: RoomState, event: ev.PriceRepairSettled) -> None:
    known = state.review.repairs
    known[event.repair_id] = replace(known[event.repair_id], confirmed=event.confirmed)


def _rejected(state: RoomState, event: ev.BidRejected) -> None:
    review = state.review
    review.exclusions = (*review.exclusions, event.rejection)
    if state.preliminary is None:
        return
    rejections = (*state.preliminary.rejections, event.rejection)
    state.preliminary = replace(
        state.preliminary, valid=event.valid, bidders_counted=event.bidders_counted, rejections=rejections
    )
    # With fewer bids the question of competition is a new one.
    state.competition, review.competition_votes = None, {}


def _low_prices_checked(state: RoomState, event: ev.LowPricesChecked) -> None:
    review = state.review
    review.low_prices_checked = True
    for found in event.found:
        task = review.low_prices.get(found.bid_id, LowPriceTask(bid_id=found.bid_id))
        review.low_prices[found.bid_id] = replace(task, findings=(*task.findings, found))


def _low_price_opened(state: RoomState, event: ev.LowPriceOpened) -> None:
    state.review.low_prices[event.bid_id] = LowPriceTask(bid_id=event.bid_id, reason=event.reason)


def _low_price_settled(state: RoomState, event: ev.LowPriceSettled) -> None:
    known = state.review.low_prices
    known[event.bid_id] = replace(known[event.bid_id], accepted=event.accepted)


REVIEW_FOLDS: dict[type[Any], Callable[[RoomState, Any], None]] = {
    ev.QualificationDecided: _qualified,
    ev.CompetitionVoted: _competition_vote,
    ev.ClarificationDrafted: _drafted,
    ev.ClarificationSent: _sent,
    ev.ClarificationDropped: _dropped,
    ev.ClarificationRelayed: _relayed,
    ev.ClarificationAnswered: _answered,
    ev.ClarificationLapsed: _lapsed,
    ev.ClarificationSettled: _settled,
    ev.MotionOpened: _motion,
    ev.MotionVoted: _motion_vote,
    ev.MotionDecided: _motion_decided,
    ev.PriceRepairProposed: _repair,
    ev.PriceRepairSettled: _repair_settled,
    ev.BidRejected: _rejected,
    ev.LowPricesChecked: _low_prices_checked,
    ev.LowPriceOpened: _low_price_opened,
    ev.LowPriceSettled: _low_price_settled,
}

"""Votes on motions, and what follows from each outcome."""

import json
from collections.abc import Callable

from evaluation.commands_review import VoteMotion
from evaluation.decisions.abnormal import replace_by_mean
from evaluation.decisions.closing import settle_tie
from evaluation.decisions.low_prices import judge_explanation
from evaluation.decisions.review import is_majority
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event
from evaluation.events_correction import AbnormalJudged, CorrectionSettled, ScoreKept
from evaluation.events_review import ClarificationSettled, LowPriceOpened, MotionDecided, MotionVoted
from evaluation.refusals_review import MotionVotedAlready, UnknownMotion
from evaluation.review_state import Motion
from evaluation.state import RoomState

Consequence = Callable[[RoomState, Motion, MotionDecided], list[Event]]


def vote_motion(now: Situation, command: VoteMotion) -> list[Event]:
    """Vote on a motion; the last vote decides it by more than half of all seats.

    Args:
        now: the situation.
        command: the motion, for or against, the reason.

    Returns:
        The vote; with the last one also the outcome and what follows from it.

    Raises:
        UnknownMotion: when it does not exist or is decided.
        MotionVotedAlready: on a second vote.
        ReasonMissing: without a reason.

    Source: 财政部令第87号 第61条; 评标委员会和评标方法暂行规定 第27条
    """
    state = now.state
    motion = state.review.motions.get(command.motion_id)
    if motion is None or motion.carried is not None:
        raise UnknownMotion()
    cast = state.review.opinions[motion.motion_id]
    if now.seat_id in cast:
        raise MotionVotedAlready()
    vote = MotionVoted(motion.motion_id, now.seat_id, command.favour, require_text(command.reason))
    if len(cast) + 1 < len(state.seats):
        return [vote]
    favour = sum(opinion.favour for opinion in cast.values()) + command.favour
    decided = MotionDecided(motion.motion_id, is_majority(favour, len(state.seats)), favour, len(state.seats))
    return [vote, decided, *CONSEQUENCES[motion.kind](state, motion, decided)]


def _answer_judged(_: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    return [ClarificationSettled(motion.subject_id, decided.carried)]


def _cause_seen(_: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    return [LowPriceOpened(motion.bid_id, motion.proposal)] if decided.carried else []


def _price_judged(state: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    return judge_explanation(state, motion.subject_id, decided)


def _tie_ordered(state: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    bid_ids = tuple(json.loads(motion.subject_id))
    still_open = any(sorted(tie.bid_ids) == sorted(bid_ids) for tie in state.open_ties)
    return [settle_tie(state, bid_ids, "committee_vote", motion.proposal)] if decided.carried and still_open else []


def _correction_judged(_: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    return [CorrectionSettled(motion.subject_id, decided.carried)]


def _abnormal_judged(_: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    return [AbnormalJudged(motion.subject_id, decided.carried)]


def _reason_judged(state: RoomState, motion: Motion, decided: MotionDecided) -> list[Event]:
    if decided.carried:
        return [ScoreKept(motion.subject_id)]
    return [replace_by_mean(state, state.corrections.calls[motion.subject_id])]


CONSEQUENCES: dict[str, Consequence] = {
    "answer_admissible": _answer_judged,
    "low_price_cause": _cause_seen,
    "low_price_explained": _price_judged,
    "tie_order": _tie_ordered,
    "correction": _correction_judged,
    "abnormal_score": _abnormal_judged,
    "abnormal_reason": _reason_judged,
}

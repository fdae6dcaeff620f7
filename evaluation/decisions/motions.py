"""Motions: what the committee decides by argued votes of all its members, and what follows from each."""

from collections.abc import Callable

from evaluation.commands_review import VoteMotion
from evaluation.decisions.review import is_majority
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event
from evaluation.events_review import ClarificationSettled, MotionDecided, MotionOpened, MotionVoted
from evaluation.refusals_review import MotionVotedAlready, UnknownMotion
from evaluation.review_state import Motion, MotionKind
from evaluation.state import RoomState

Consequence = Callable[[RoomState, Motion, MotionDecided], list[Event]]


def open_motion(state: RoomState, kind: MotionKind, subject_id: str, bid_id: str, proposal: str) -> MotionOpened:
    """Put a question to the committee.

    Args:
        state: state of the room.
        kind: what is decided.
        subject_id: what it is about.
        bid_id: the bid, empty when it is about several.
        proposal: what is proposed.

    Returns:
        The event; the motion is the next in number.

    Source: 财政部令第87号 第61条
    """
    return MotionOpened(f"M{len(state.review.motions) + 1}", kind, subject_id, bid_id, proposal)


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


CONSEQUENCES: dict[str, Consequence] = {"answer_admissible": _answer_judged}

"""Motions: questions the committee decides by argued votes of all its members."""

from evaluation.events_review import MotionOpened
from evaluation.review_state import MotionKind
from evaluation.state import RoomState


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

"""Parts of the report about the review: qualification, clarifications, repaired prices, votes of the committee."""

from msgspec import Struct

from evaluation.review_state import Clarification, Motion
from evaluation.state import RoomState


class ClarificationRow(Struct, frozen=True):
    """A question to a bidder as sent, the answer, and what the committee made of it; never who asked.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """

    clarification_id: str
    bid_id: str
    purpose: str
    page: str
    question: str
    answer_by: str
    answer: str
    status: str
    accepted: bool | None
    digest: str
    document_sha256: str


class RepairRow(Struct, frozen=True):
    """A price repaired by the rules: before, after, steps (rule, subject, before, after), the bidder's word.

    Source: 财政部令第87号 第59条
    """

    bid_id: str
    before: str
    after: str
    steps: tuple[tuple[str, str, str, str], ...]
    confirmed: bool | None


class MotionRow(Struct, frozen=True):
    """A question the committee decided, with votes and reasons by alias. Source: 财政部令第87号 第61条."""

    motion_id: str
    kind: str
    subject_id: str
    bid_id: str
    proposal: str
    carried: bool
    favour: dict[str, bool]
    reasons: dict[str, str]


class QualificationRow(Struct, frozen=True):
    """A check of qualification as the procuring entity decided it. Source: 财政部令第87号 第44条."""

    bid_id: str
    check_id: str
    passed: bool
    ground: str
    page: str
    reason: str


def clarification_rows(state: RoomState) -> tuple[ClarificationRow, ...]:
    """List the clarifications that were sent.

    Args:
        state: state of a room.

    Returns:
        Rows in the order in which they were drafted.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """
    sent = (item for item in state.review.clarifications.values() if item.status not in ("draft", "dropped"))
    return tuple(_clarification(item) for item in sent)


def _clarification(item: Clarification) -> ClarificationRow:
    return ClarificationRow(
        clarification_id=item.clarification_id,
        bid_id=item.bid_id,
        purpose=item.purpose,
        page=item.page,
        question=item.question,
        answer_by=item.answer_by.isoformat() if item.answer_by else "",
        answer=item.answer,
        status=item.status,
        accepted=item.accepted,
        digest=item.digest,
        document_sha256=item.document_sha256,
    )


def repair_rows(state: RoomState) -> tuple[RepairRow, ...]:
    """List the repaired prices.

    Args:
        state: state of a room.

    Returns:
        Rows in the order in which the repairs were proposed.

    Source: 财政部令第87号 第59条
    """
    repairs = state.review.repairs.values()
    return tuple(RepairRow(item.bid_id, item.before, item.after, item.steps, item.confirmed) for item in repairs)


def motion_rows(state: RoomState) -> tuple[MotionRow, ...]:
    """List what the committee decided by motion.

    Args:
        state: state of a room.

    Returns:
        Rows of the decided motions in their order.

    Source: 财政部令第87号 第58条, 第61条
    """
    return tuple(
        _motion(state, item, item.carried) for item in state.review.motions.values() if item.carried is not None
    )


def _motion(state: RoomState, motion: Motion, carried: bool) -> MotionRow:
    aliases = {seat.seat_id: seat.alias for seat in state.setup.seats}
    opinions = state.review.opinions[motion.motion_id]
    return MotionRow(
        motion_id=motion.motion_id,
        kind=motion.kind,
        subject_id=motion.subject_id,
        bid_id=motion.bid_id,
        proposal=motion.proposal,
        carried=carried,
        favour={aliases[seat_id]: opinion.favour for seat_id, opinion in opinions.items()},
        reasons={aliases[seat_id]: opinion.reason for seat_id, opinion in opinions.items()},
    )


def qualification_rows(state: RoomState) -> tuple[QualificationRow, ...]:
    """List what the procuring entity decided on qualification.

    Args:
        state: state of a room.

    Returns:
        Rows in the order of the first decision.

    Source: 财政部令第87号 第44条, 第58条
    """
    found = state.review.qualifications.values()
    return tuple(
        QualificationRow(item.bid_id, item.check_id, item.passed, item.ground, item.page, item.reason) for item in found
    )

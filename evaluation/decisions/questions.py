"""Questions to a bidder: how one is worded, sent and digested."""

from datetime import UTC, datetime
from hashlib import sha256

import msgspec
from msgspec import Struct

from evaluation.decisions.situation import Situation
from evaluation.errors import UnknownBid
from evaluation.events_review import ClarificationDrafted, ClarificationSent
from evaluation.refusals_review import ClarificationClosed, DeadlineInvalid, MemberNamed, QuestionMissing
from evaluation.review_state import Clarification
from evaluation.stages import Stage
from evaluation.state import RoomState


class Question(Struct, frozen=True):
    """What a bidder is to be asked. Source: 招标投标法实施条例 第52条."""

    bid_id: str
    purpose: str
    question: str
    page: str


def draft(now: Situation, asked: Question) -> ClarificationDrafted:
    """Word a question; the clarification is the next in number.

    Args:
        now: the situation.
        asked: the question.

    Returns:
        The draft.

    Raises:
        ClarificationClosed: between the close of the preliminary review and the detailed one.
        UnknownBid: for a bid that is not in this lot or is out.
        QuestionMissing: without question or page.
        MemberNamed: when the question names a member.

    Source: 招标投标法实施条例 第52条
    """
    state = now.state
    if state.stage is Stage.PRELIMINARY and state.preliminary:
        raise ClarificationClosed()
    known = state.valid_bids() if state.preliminary else state.setup.bids
    if asked.bid_id not in {bid.bid_id for bid in known} - state.review.excluded():
        raise UnknownBid()
    if not (asked.question.strip() and asked.page.strip()):
        raise QuestionMissing()
    require_no_member(state, asked.question, asked.page)
    number = f"Q{len(state.review.clarifications) + 1}"
    return ClarificationDrafted(number, now.seat_id, asked.bid_id, asked.purpose, asked.question, asked.page)


def require_no_member(state: RoomState, *texts: str) -> None:
    """Refuse texts for a bidder that name a member.

    Args:
        state: state of the room.
        texts: what the bidder would read.

    Raises:
        MemberNamed: when one holds the alias of a seat.

    Source: 招标投标法 第37条; 电子招标投标办法 第33条
    """
    if any(seat.alias in text for seat in state.setup.seats for text in texts):
        raise MemberNamed()


def send(now: Situation, item: Clarification, answer_by: datetime) -> ClarificationSent:
    """Send a draft that is not leading.

    Args:
        now: the situation.
        item: the draft.
        answer_by: end of the time to answer.

    Returns:
        The sending, with the digest of what the bidder is to read.

    Raises:
        DeadlineInvalid: when the time to answer has no zone or is over.

    Source: 评标委员会和评标方法暂行规定 第19条
    """
    if answer_by.tzinfo is None or answer_by <= now.at:
        raise DeadlineInvalid()
    until = answer_by.astimezone(UTC)
    return ClarificationSent(item.clarification_id, until, True, content_digest(item, until))


def content_digest(item: Clarification, answer_by: datetime) -> str:
    """Digest what the bidder reads.

    Args:
        item: the clarification.
        answer_by: end of the time to answer.

    Returns:
        SHA-256 in hex over the JSON list of id, bid, purpose, page, question and instant in UTC.

    Source: 电子签名法 第13条; 电子招标投标办法 第40条
    """
    content = [item.clarification_id, item.bid_id, item.purpose, item.page, item.question, answer_by.astimezone(UTC)]
    return sha256(msgspec.json.encode(content)).hexdigest()

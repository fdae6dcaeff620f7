"""Clarifications: a member words a question, the leader sends it, the agency relays it, the bidder answers in time."""

from evaluation.commands_review import (
    DraftClarification,
    DropClarification,
    LapseClarification,
    RecordAnswer,
    RelayClarification,
    SendClarification,
)
from evaluation.decisions.low_prices import ask_about_explanation
from evaluation.decisions.motions import open_motion
from evaluation.decisions.questions import Question, draft, send
from evaluation.decisions.repairing import settle_repair
from evaluation.decisions.situation import Situation, require_text
from evaluation.events import Event
from evaluation.events_review import (
    ClarificationAnswered,
    ClarificationDropped,
    ClarificationLapsed,
    ClarificationRelayed,
    ClarificationSettled,
)
from evaluation.refusals_review import (
    AnswerLate,
    AnswerNotLate,
    AnswerUnsolicited,
    ConfirmationMissing,
    LeadingQuestion,
    UnknownClarification,
)
from evaluation.review_state import Clarification
from evaluation.state import RoomState


def draft_clarification(now: Situation, command: DraftClarification) -> list[Event]:
    """Word a question to the bidder of one bid that is still in.

    Args:
        now: the situation.
        command: the bid, the purpose, the question and the page.

    Returns:
        The draft.

    Raises:
        ClarificationClosed: between the close of the preliminary review and the detailed one.
        UnknownBid: for a bid that is not in this lot or is out.
        QuestionMissing: without question or page.
        MemberNamed: when the question names a member.

    Source: 招标投标法实施条例 第52条; 财政部令第87号 第51条
    """
    return [draft(now, Question(command.bid_id, command.purpose, command.question, command.page))]


def _find(state: RoomState, clarification_id: str, *statuses: str) -> Clarification | None:
    found = state.review.clarifications.get(clarification_id)
    return found if found and found.status in statuses else None


def send_clarification(now: Situation, command: SendClarification) -> list[Event]:
    """Send a draft for the committee.

    Args:
        now: the situation.
        command: the draft, the statement that it is not leading, the end of the time to answer.

    Returns:
        The sending, with the digest of what the bidder is to read.

    Raises:
        UnknownClarification: when it is no draft.
        LeadingQuestion: without the statement.
        DeadlineInvalid: when the time to answer has no zone or is over.

    Source: 评标委员会和评标方法暂行规定 第19条, 第20条; 财政部令第87号 第51条
    """
    found = _find(now.state, command.clarification_id, "draft")
    if found is None:
        raise UnknownClarification()
    if not command.not_leading:
        raise LeadingQuestion()
    return [send(now, found, command.answer_by)]


def drop_clarification(now: Situation, command: DropClarification) -> list[Event]:
    """Drop a draft.

    Args:
        now: the situation.
        command: the draft and the reason.

    Returns:
        The record of it.

    Raises:
        UnknownClarification: when it is no draft.
        ReasonMissing: without a reason.

    Source: engineering choice
    """
    if _find(now.state, command.clarification_id, "draft") is None:
        raise UnknownClarification()
    return [ClarificationDropped(command.clarification_id, require_text(command.reason))]


def relay_clarification(now: Situation, command: RelayClarification) -> list[Event]:
    """Record that the question has gone to the bidder.

    Args:
        now: the situation.
        command: the clarification.

    Returns:
        The record of it.

    Raises:
        UnknownClarification: when it has not been sent or has gone already.

    Source: 财政部令第87号 第51条
    """
    if _find(now.state, command.clarification_id, "sent") is None:
        raise UnknownClarification()
    return [ClarificationRelayed(command.clarification_id)]


def record_answer(now: Situation, command: RecordAnswer) -> list[Event]:
    """Take the bidder's written answer to a question that has gone out.

    Args:
        now: the situation.
        command: the answer; for a repaired price whether the bidder confirms it.

    Returns:
        The answer, and what follows: the committee is asked whether it may be used, or the repair is settled.

    Raises:
        AnswerUnsolicited: when no question to this bidder waits for an answer.
        AnswerLate: after the time to answer.
        ReasonMissing: for an empty answer.
        ConfirmationMissing: for a repaired price without yes or no.

    Source: 招标投标法实施条例 第52条; 财政部令第87号 第51条, 第59条
    """
    found = _find(now.state, command.clarification_id, "relayed")
    if found is None or found.answer_by is None:
        raise AnswerUnsolicited()
    if now.at > found.answer_by:
        raise AnswerLate(answer_by=found.answer_by.isoformat())
    require_text(command.answer)
    is_repair = found.purpose == "price_repair"
    if is_repair and command.confirms is None:
        raise ConfirmationMissing()
    confirms = command.confirms if is_repair else None
    answered = ClarificationAnswered(found.clarification_id, command.answer, confirms, command.document_sha256)
    if is_repair:
        return [answered, *_settle_repair(now.state, found, bool(confirms))]
    about_price = _ask_about_price(now.state, found, answered=True)
    return [answered, *(about_price or [_ask_committee(now.state, found)])]


def _ask_committee(state: RoomState, item: Clarification) -> Event:
    return open_motion(state, "answer_admissible", item.clarification_id, item.bid_id, item.question)


def _ask_about_price(state: RoomState, item: Clarification, *, answered: bool) -> list[Event]:
    return ask_about_explanation(state, item, answered=answered) if item.purpose == "low_price" else []


def _settle_repair(state: RoomState, item: Clarification, confirmed: bool) -> list[Event]:
    settled = ClarificationSettled(item.clarification_id, confirmed)
    return [settled, *settle_repair(state, item.clarification_id, confirmed)]


def lapse_clarification(now: Situation, command: LapseClarification) -> list[Event]:
    """Close a question the bidder left without answer.

    Args:
        now: the situation.
        command: the clarification.

    Returns:
        The lapse, and what follows: an unconfirmed repair makes the bid invalid, an unexplained price goes to the vote.

    Raises:
        UnknownClarification: when it does not wait for an answer.
        AnswerNotLate: while the bidder may answer.

    Source: 财政部令第87号 第59条, 第60条
    """
    found = _find(now.state, command.clarification_id, "sent", "relayed")
    if found is None or found.answer_by is None:
        raise UnknownClarification()
    if now.at <= found.answer_by:
        raise AnswerNotLate(answer_by=found.answer_by.isoformat())
    lapsed = ClarificationLapsed(found.clarification_id)
    if found.purpose == "price_repair":
        return [lapsed, *_settle_repair(now.state, found, confirmed=False)]
    return [lapsed, *_ask_about_price(now.state, found, answered=False)]

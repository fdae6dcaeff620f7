"""Repair of an inconsistent price in the room: found by the rules, put to the bidder, confirmed or the bid is out."""

from evaluation.commands_review import ProposePriceRepair
from evaluation.decisions.questions import Question, draft, send
from evaluation.decisions.rejecting import ground_for, reject
from evaluation.decisions.situation import Situation
from evaluation.events import Event
from evaluation.events_review import ClarificationDrafted, PriceRepairProposed, PriceRepairSettled
from evaluation.findings import Rejection
from evaluation.methods.price_repair import PricedItem, PriceStatement, RepairedPrice, repair_price
from evaluation.refusals_review import NothingToRepair, RepairKnown
from evaluation.review_state import Clarification, PriceRepair
from evaluation.state import RoomState


def propose_price_repair(now: Situation, command: ProposePriceRepair) -> list[Event]:
    """Repair a price by the rules in their order and ask the bidder to confirm it.

    Args:
        now: the situation.
        command: what the bid says about its price, the question to the bidder, the end of the time to answer.

    Returns:
        The repair with its steps, and the question, sent.

    Raises:
        RepairKnown: when the bid has a repair.
        NothingToRepair: when nothing is inconsistent.
        PriceMalformed: when an amount is not above 0.
        ClarificationClosed, UnknownBid, QuestionMissing, MemberNamed, DeadlineInvalid: as for any question.

    Source: 财政部令第87号 第59条; 评标委员会和评标方法暂行规定 第19条
    """
    state, rules = now.state, now.state.setup.rules
    if any(item.bid_id == command.bid_id for item in state.review.repairs.values()):
        raise RepairKnown()
    question = draft(now, Question(command.bid_id, "price_repair", command.question, command.page))
    repaired = repair_price(_statement(command), rules.price_repair_order, rules.round_money)
    if not repaired.needs_confirmation:
        raise NothingToRepair()
    proposed = _proposed(state, command, question, repaired)
    return [proposed, question, send(now, _as_draft(question), command.answer_by)]


def _statement(command: ProposePriceRepair) -> PriceStatement:
    return PriceStatement(
        figures=command.figures,
        words=command.words,
        opening=command.opening,
        chinese_text=command.chinese_text,
        items=tuple(PricedItem(item.name, item.quantity, item.unit_price) for item in command.items),
    )


def _proposed(
    state: RoomState, command: ProposePriceRepair, question: ClarificationDrafted, repaired: RepairedPrice
) -> PriceRepairProposed:
    return PriceRepairProposed(
        repair_id=f"F{len(state.review.repairs) + 1}",
        bid_id=command.bid_id,
        clarification_id=question.clarification_id,
        before=next(bid.quote for bid in state.setup.bids if bid.bid_id == command.bid_id),
        after=repaired.price,
        steps=tuple((step.rule, step.subject, step.before, step.after) for step in repaired.steps),
    )


def _as_draft(event: ClarificationDrafted) -> Clarification:
    return Clarification(
        clarification_id=event.clarification_id,
        bid_id=event.bid_id,
        purpose=event.purpose,
        question=event.question,
        page=event.page,
        seat_id=event.seat_id,
    )


def settle_repair(state: RoomState, clarification_id: str, confirmed: bool) -> list[Event]:
    """Take the bidder's answer to a repaired price.

    Args:
        state: state of the room.
        clarification_id: the question that was asked.
        confirmed: whether the bidder confirms; silence does not.

    Returns:
        The repair settled; without confirmation also the rejection of the bid.

    Source: 财政部令第87号 第59条
    """
    repair = next(item for item in state.review.repairs.values() if item.clarification_id == clarification_id)
    settled = PriceRepairSettled(repair.repair_id, confirmed)
    return [settled] if confirmed else [settled, reject(state, _rejection(state, repair))]


def _rejection(state: RoomState, repair: PriceRepair) -> Rejection:
    page = state.review.clarifications[repair.clarification_id].page
    ground = ground_for(state.setup.rules, "price_repair")
    return Rejection(repair.bid_id, "price_repair", 0, len(state.seats), ((ground, page),), "rule")

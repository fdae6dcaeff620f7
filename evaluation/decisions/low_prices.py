"""Abnormally low prices in the room: the task opens, the bidder is asked, the committee judges the explanation."""

from evaluation.commands_review import SuspectLowPrice
from evaluation.decisions.motions import open_motion
from evaluation.decisions.rejecting import ground_for, reject
from evaluation.decisions.situation import Situation, require_text
from evaluation.errors import UnknownBid
from evaluation.events import Event
from evaluation.events_review import (
    ClarificationSettled,
    LowPricesChecked,
    LowPriceSettled,
    MotionDecided,
)
from evaluation.findings import Rejection
from evaluation.methods.low_price import LowPriceShares, find_low_prices, shares_of
from evaluation.refusals_review import LowPriceKnown
from evaluation.review_state import Clarification, LowPriceFinding
from evaluation.state import RoomState


def check_low_prices(state: RoomState) -> list[Event]:
    """Compare the prices of all compliant bids with the limits of the rules, once, when the detailed review begins.

    Args:
        state: state of the room, in the detailed review.

    Returns:
        The findings, one a bid and limit; nothing when the check has been made or the rules leave it to the committee.

    Source: 财库〔2026〕2号; 财政部令第87号 第60条
    """
    shares = shares_of(state.setup.rules)
    if state.review.low_prices_checked or shares == LowPriceShares():
        return []
    quotes = {bid.bid_id: bid.quote for bid in state.valid_bids()}
    found = find_low_prices(quotes, shares, state.setup.terms.ceiling)
    return [LowPricesChecked(tuple(LowPriceFinding(i.bid_id, i.trigger, i.price, i.limit) for i in found))]


def suspect_low_price(now: Situation, command: SuspectLowPrice) -> list[Event]:
    """Ask the committee whether it sees cause to examine a price.

    Args:
        now: the situation.
        command: the bid and the cause.

    Returns:
        The motion; when it is carried the task opens.

    Raises:
        UnknownBid: for a bid that is not valid.
        LowPriceKnown: when its price is or was examined, or the committee is asked already.
        ReasonMissing: without a cause.

    Source: 财政部令第87号 第60条; 评标委员会和评标方法暂行规定 第21条
    """
    review = now.state.review
    if command.bid_id not in {bid.bid_id for bid in now.state.valid_bids()}:
        raise UnknownBid()
    asked = any((item.kind, item.bid_id) == ("low_price_cause", command.bid_id) for item in review.open_motions())
    if asked or command.bid_id in review.low_prices:
        raise LowPriceKnown()
    return [open_motion(now.state, "low_price_cause", command.bid_id, command.bid_id, require_text(command.reason))]


def ask_about_explanation(state: RoomState, item: Clarification, *, answered: bool) -> list[Event]:
    """Put the bidder's explanation, or its absence, to the committee.

    Args:
        state: state of the room.
        item: the question about the price.
        answered: whether an answer came in time.

    Returns:
        The motion; nothing when no task for the bid is open.

    Source: 财政部令第87号 第60条
    """
    task = state.review.low_prices.get(item.bid_id)
    if task is None or task.accepted is not None:
        return []
    proposal = item.question if answered else f"{item.clarification_id}: -"
    return [open_motion(state, "low_price_explained", item.clarification_id, item.bid_id, proposal)]


def judge_explanation(state: RoomState, clarification_id: str, decided: MotionDecided) -> list[Event]:
    """Settle a task by the committee's vote on the explanation.

    Args:
        state: state of the room.
        clarification_id: the question about the price.
        decided: the outcome; carried means the price is explained.

    Returns:
        The question and the task settled; when the explanation fails also the rejection of the bid, with the votes
        against it.

    Source: 财政部令第87号 第60条; 招标投标法实施条例 第51条; 评标委员会和评标方法暂行规定 第21条
    """
    item = state.review.clarifications[clarification_id]
    events: list[Event] = [
        ClarificationSettled(clarification_id, decided.carried),
        LowPriceSettled(item.bid_id, decided.carried),
    ]
    if decided.carried:
        return events
    grounds = ((ground_for(state.setup.rules, "low_price"), item.page),)
    votes = decided.seats - decided.favour
    return [*events, reject(state, Rejection(item.bid_id, "low_price", votes, decided.seats, grounds))]

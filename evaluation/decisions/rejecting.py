"""Rejection of a bid for another reason than the check votes."""

from evaluation.events_review import BidRejected
from evaluation.findings import Rejection
from evaluation.ranking import count_bidders
from evaluation.setup import RoomRules
from evaluation.state import RoomState

_GROUNDS = {"price_repair": ("R6", "P6"), "low_price": ("R5", "P6")}


def ground_for(rules: RoomRules, cause: str) -> str:
    """Name the ground of the rules that a rejection for this cause has.

    Args:
        rules: the rules of the room.
        cause: "price_repair" for a repair the bidder did not confirm, "low_price" for a price not explained.

    Returns:
        In engineering the ground of the regulation, in procurement the one of other stated invalidity.

    Source: 招标投标法实施条例 第51条; 财政部令第87号 第59条, 第60条, 第63条
    """
    return next((ground for ground in _GROUNDS[cause] if ground in rules.prelim_grounds), cause)


def reject(state: RoomState, rejection: Rejection) -> BidRejected:
    """Take a bid out.

    Args:
        state: state of the room.
        rejection: the bid, its votes and grounds.

    Returns:
        The event, with the bids and bidders that are left where the preliminary review is closed.

    Source: 财政部令第87号 第59条, 第60条
    """
    left = [bid for bid in state.valid_bids() if bid.bid_id != rejection.bid_id]
    counted = count_bidders(left, state.setup.rules.brand_counts_once)
    return BidRejected(rejection, tuple(bid.bid_id for bid in left), counted)

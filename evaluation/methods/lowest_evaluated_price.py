"""Lowest evaluated price (最低评标价法): every substantive requirement met, then the reviewed price alone decides.

reviewed price = repaired quote x (1 - d), d the policy deduction; lowest first, equal prices share a place.
"""

from collections.abc import Sequence
from decimal import Decimal

from msgspec import Struct

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import plain
from evaluation.findings import OpenTie
from evaluation.methods.aggregation import require_lawful
from evaluation.methods.comprehensive_scoring import reviewed_price, reviewed_prices
from evaluation.methods.tabulation import placed, results_of
from evaluation.ranking import brand_groups, rank
from evaluation.setup import BidSetup


class PriceLine(Struct, frozen=True):
    """A bid in the order of reviewed prices; equal prices share a place. Source: 财政部令第87号 第54条, 第56条."""

    rank: int
    bid_id: str
    quote: str
    reviewed_price: str


class PriceOrder(Struct, frozen=True):
    """Order of the bids.

    Attributes:
        lines: bids that take part, lowest reviewed price first.
        passed_over: bids that do not take part because their brand has a lower one.
        open_ties: brands with several lowest bids; the document's rule or a draw keeps one, the others are invalid.

    Source: 财政部令第87号 第31条, 第56条
    """

    lines: tuple[PriceLine, ...]
    passed_over: tuple[str, ...]
    open_ties: tuple[OpenTie, ...]


def order_by_price(
    bids: Sequence[BidSetup], brand_counts_once: bool, chosen: Sequence[str] = (), places: int = 2
) -> PriceOrder:
    """Order the compliant bids by reviewed price.

    Only arithmetic correction (already in the quote) and the policy deduction change a price.

    Args:
        bids: compliant bids.
        brand_counts_once: whether of one brand only the lowest takes part.
        chosen: bids kept by the document's rule or a draw where a brand has several lowest.
        places: decimals of an amount of money.

    Returns:
        The order.

    Source: 财政部令第87号 第31条, 第54条, 第56条
    """
    prices = {bid.bid_id: reviewed_price(Decimal(bid.quote), Decimal(bid.deduction), places) for bid in bids}
    kept: list[str] = []
    ties: list[OpenTie] = []
    for group in brand_groups(bids, brand_counts_once):
        lowest = min(prices[bid_id] for bid_id in group)
        leading = [bid_id for bid_id in group if prices[bid_id] == lowest]
        picked = [bid_id for bid_id in leading if bid_id in chosen]
        kept.extend(picked[:1] or leading)
        if len(leading) > 1 and not picked:
            ties.append(OpenTie("brand", tuple(sorted(leading))))
    ranks = rank({bid_id: (prices[bid_id],) for bid_id in kept})
    quotes = {bid.bid_id: bid.quote for bid in bids}
    lines = tuple(PriceLine(place, bid_id, quotes[bid_id], plain(prices[bid_id])) for bid_id, place in ranks.items())
    passed_over = tuple(bid.bid_id for bid in bids if bid.bid_id not in kept)
    return PriceOrder(lines, passed_over, tuple(ties))


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by the lowest evaluated price; which bid of a brand takes part is settled with the candidates.

    Args:
        ballots: the valid bids; nobody enters scores.

    Returns:
        Results without sub-scores, lowest reviewed price first; figure `lowest_reviewed_price`.

    Raises:
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第54条, 第56条
    """
    require_lawful(len(ballots.sheets))
    reviewed = reviewed_prices(ballots)
    figures = {"lowest_reviewed_price": plain(min(reviewed.values()))} if reviewed else {}
    return placed(results_of(ballots, reviewed), {bid_id: (price,) for bid_id, price in reviewed.items()}, figures)

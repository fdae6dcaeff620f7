"""Price competition (land, mining rights, property, forest): the highest valid price wins.

price >= reserve; highest price first; equal prices: the earlier offer first;
no price reaches the reserve: not sold.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import msgspec

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import plain, round_half_up
from evaluation.methods.tabulation import placed, results_of


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by price alone, highest first.

    Args:
        ballots: the valid offers with their instants; the terms may hold a reserve price.

    Returns:
        Results without sub-scores, highest price first, equal prices in the order of their instants; offers below the
        reserve cannot be candidates. Figures `sold` ("yes" or "no"), and `reserve` where there is one.

    Source: 拍卖法 第50条; 招标拍卖挂牌出让国有建设用地使用权规定 第19条
    """
    rules = ballots.rules
    prices = {bid.bid_id: round_half_up(Decimal(bid.quote), rules.round_money) for bid in ballots.bids}
    reserve = Decimal(ballots.terms.reserve or 0)
    results = [
        item if prices[item.bid_id] >= reserve else msgspec.structs.replace(item, candidacy="below_reserve")
        for item in results_of(ballots, prices)
    ]
    sold = any(item.candidacy == "open" for item in results)
    figures = {"sold": "yes" if sold else "no"}
    if ballots.terms.reserve is not None:
        figures["reserve"] = plain(round_half_up(reserve, rules.round_money))
    keys = {bid.bid_id: (prices[bid.bid_id].copy_negate(), _instant(bid.offered_at)) for bid in ballots.bids}
    return placed(results, keys, figures)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _instant(at: datetime | None) -> Decimal:
    """Return whole microseconds since 1970; an offer without instant is later than every other."""
    return Decimal((at - _EPOCH) // timedelta(microseconds=1)) if at is not None else Decimal("Infinity")

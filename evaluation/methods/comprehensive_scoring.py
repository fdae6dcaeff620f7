"""Comprehensive scoring (综合评分法), by tender and by competitive consultation (竞争性磋商).

    reviewed price P = quote x (1 - d), d the policy deduction;
    price score      = P*/P x 100 x weight, P* the lowest P of the compliant bids;
    total            = sum of the printed sub-scores, order by total, then by price.

Quotes are never dropped. Consultation differs by the bounds of the weight only, and by final quotes.
"""

from collections.abc import Mapping
from decimal import Decimal

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.errors import PriceMalformed
from evaluation.methods.aggregation import require_lawful
from evaluation.methods.tabulation import Column, columns, placed, results_of
from evaluation.ranking import sort_key


def reviewed_price(quote: Decimal, deduction: Decimal, places: int = 2) -> Decimal:
    """Take the policy deduction off a quote; the contract price stays the quote.

    Args:
        quote: quoted price in yuan, above 0.
        deduction: share to take off, 0 up to but not including 1.
        places: decimals of an amount of money.

    Returns:
        quote x (1 - deduction) in yuan, rounded half up.

    Raises:
        PriceMalformed: when the quote is not above 0 or the share out of range.

    Source: 政府采购促进中小企业发展管理办法 第9条; 财政部令第87号 第55条
    """
    if quote <= 0:
        raise PriceMalformed(value=quote)
    if not 0 <= deduction < 1:
        raise PriceMalformed(value=deduction)
    return round_half_up(EXACT.multiply(quote, 1 - deduction), places)


def price_scores(reviewed: Mapping[str, Decimal], full: Decimal, places: int = 2) -> dict[str, Decimal]:
    """Score the prices of all compliant bids.

    Args:
        reviewed: reviewed price in yuan by bid id, each above 0, of all compliant bids and no others.
        full: marks for price, 100 x weight.
        places: decimals of a printed score.

    Returns:
        P*/P x full by bid id, rounded half up; the lowest price has full marks.

    Source: 财政部令第87号 第55条
    """
    if not reviewed:
        return {}
    lowest = min(reviewed.values())
    return {
        bid_id: round_half_up(EXACT.divide(EXACT.multiply(lowest, full), price), places)
        for bid_id, price in reviewed.items()
    }


def reviewed_prices(ballots: Ballots) -> Column:
    """Take the policy deductions off the quotes of all bids.

    Args:
        ballots: what results are computed from.

    Returns:
        Reviewed price in yuan by bid id.

    Raises:
        PriceMalformed: when a quote is not above 0 or a share out of range.

    Source: 政府采购促进中小企业发展管理办法 第9条; 财政部令第87号 第55条
    """
    return {
        bid.bid_id: reviewed_price(Decimal(bid.quote), Decimal(bid.deduction), ballots.rules.round_money)
        for bid in ballots.bids
    }


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by comprehensive scoring.

    Args:
        ballots: the valid bids, the criteria with one formula item for the price, and complete sheets.

    Returns:
        Results, best first; figure `lowest_reviewed_price`.

    Raises:
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第55条, 第57条
    """
    require_lawful(len(ballots.sheets))
    reviewed = reviewed_prices(ballots)
    full = sum((Decimal(item.full) for item in ballots.criteria if item.kind == "formula"), Decimal(0))
    price = price_scores(reviewed, full, ballots.rules.round_score)
    results = results_of(ballots, reviewed, columns(ballots, price))
    keys = {item.bid_id: sort_key(item, ballots.rules) for item in results}
    figures = {"lowest_reviewed_price": plain(min(reviewed.values()))} if reviewed else {}
    return placed(results, keys, figures)

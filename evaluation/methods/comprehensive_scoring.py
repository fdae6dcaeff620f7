"""Comprehensive scoring (综合评分法): reviewed price and price score.

The lowest reviewed price P* of the compliant bids is the benchmark; a bid at P scores P*/P of the marks for price.
Quotes are never dropped.
"""

from collections.abc import Mapping
from decimal import Decimal

from evaluation.decimals import EXACT, round_half_up
from evaluation.errors import PriceMalformed


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

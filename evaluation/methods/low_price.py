"""Abnormally low prices (异常低价): when the committee must ask before it goes on.

    price < s_mean x mean of all compliant quotes, or
    price < s_next x second lowest compliant quote, or
    price < s_ceiling x ceiling.

A share the rules leave open is the committee's judgement, and it may ask about any price. Pure functions: asking,
answering and deciding belong to the room.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from evaluation.decimals import EXACT, parse_decimal, plain
from evaluation.errors import PriceMalformed, TotalsDisagree
from evaluation.recount.low_price import recount_low_prices
from evaluation.setup import RoomRules

Trigger = Literal["mean", "next", "ceiling"]


class LowPriceShares(Struct, frozen=True):
    """Shares below which a price is called abnormally low, decimal text; None leaves it to the committee.

    Source: 财办库〔2024〕265号; 评标委员会和评标方法暂行规定 第21条
    """

    mean: str | None = None
    next: str | None = None
    ceiling: str | None = None


class LowPrice(Struct, frozen=True):
    """A price below a limit: the bid, which limit, the price and the limit in yuan.

    Source: 财政部令第87号 第60条
    """

    bid_id: str
    trigger: Trigger
    price: str
    limit: str


def shares_of(rules: RoomRules) -> LowPriceShares:
    """Take the shares out of the rules of a room.

    Args:
        rules: the rules of the room.

    Returns:
        The shares.

    Source: 财政部令第87号 第60条
    """
    return LowPriceShares(rules.low_price_mean, rules.low_price_next, rules.low_price_ceiling)


def low_price_limits(
    quotes: Mapping[str, str], shares: LowPriceShares, ceiling: str | None = None
) -> dict[Trigger, Decimal]:
    """Compute the limits.

    Args:
        quotes: quoted price in yuan by bid id, of all compliant bids and no others.
        shares: the shares of the rules.
        ceiling: highest price of the document in yuan; None without one.

    Returns:
        Limit in yuan by trigger, exact to 50 digits; a trigger without share, second quote or ceiling is absent.

    Raises:
        PriceMalformed: when an amount is not above 0.

    Source: 财办库〔2024〕265号; 财政部令第87号 第60条
    """
    prices = sorted(_amount(text) for text in quotes.values())
    limits: dict[Trigger, Decimal] = {}
    if shares.mean is not None and prices:
        weighted = EXACT.multiply(sum(prices, Decimal(0)), Decimal(shares.mean))
        limits["mean"] = EXACT.divide(weighted, Decimal(len(prices)))
    if shares.next is not None and len(prices) > 1:
        limits["next"] = EXACT.multiply(prices[1], Decimal(shares.next))
    if shares.ceiling is not None and ceiling is not None:
        limits["ceiling"] = EXACT.multiply(_amount(ceiling), Decimal(shares.ceiling))
    return limits


def find_low_prices(
    quotes: Mapping[str, str], shares: LowPriceShares, ceiling: str | None = None
) -> tuple[LowPrice, ...]:
    """Find the prices the committee must ask about, by two independent computations.

    Args:
        quotes: quoted price in yuan by bid id, of all compliant bids and no others.
        shares: the shares of the rules.
        ceiling: highest price of the document in yuan; None without one.

    Returns:
        One finding per bid and trigger, in the order of bid id, then mean, next, ceiling. A price equal to a limit
        is not below it.

    Raises:
        PriceMalformed: when an amount is not above 0.
        TotalsDisagree: when the two computations differ.

    Source: 财办库〔2024〕265号; 财政部令第87号 第60条; 评标委员会和评标方法暂行规定 第21条
    """
    found = tuple(_find(quotes, low_price_limits(quotes, shares, ceiling)))
    second = recount_low_prices(quotes, (shares.mean, shares.next, shares.ceiling), ceiling)
    if {(item.bid_id, item.trigger) for item in found} != second:
        raise TotalsDisagree()
    return found


def _find(quotes: Mapping[str, str], limits: Mapping[Trigger, Decimal]) -> Iterator[LowPrice]:
    for bid_id in sorted(quotes):
        for trigger, limit in limits.items():
            if _amount(quotes[bid_id]) < limit:
                yield LowPrice(bid_id, trigger, quotes[bid_id], print_limit(limit))


def print_limit(limit: Decimal) -> str:
    """Write a limit with the decimals it needs, at least 2 and at most 6.

    Args:
        limit: a limit in yuan.

    Returns:
        Decimal text: 36 becomes "36.00", 30.875 stays.

    Source: engineering choice
    """
    rounded = limit.quantize(Decimal("0.000001"), context=EXACT)
    head, _, tail = plain(rounded).partition(".")
    return f"{head}.{tail.rstrip('0').ljust(2, '0')}"


def _amount(text: str) -> Decimal:
    value = parse_decimal(text)
    if value is None or value <= 0:
        raise PriceMalformed(value=text)
    return value

"""Second computation of abnormally low prices, by comparing products of whole fractions."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

Shares = tuple[str | None, str | None, str | None]


def recount_low_prices(
    quotes: Mapping[str, str], shares: Shares, ceiling: str | None
) -> set[tuple[str, Literal["mean", "next", "ceiling"]]]:
    """Find the prices below a limit once more.

    Args:
        quotes: quoted price in yuan by bid id.
        shares: share of the mean, of the second lowest quote and of the ceiling; None does not bind.
        ceiling: highest price of the document in yuan; None without one.

    Returns:
        Pairs of bid id and trigger.

    Source: 财办库〔2024〕265号; 财政部令第87号 第60条
    """
    of_mean, of_next, of_ceiling = (None if share is None else Fraction(share) for share in shares)
    prices = {bid_id: Fraction(text) for bid_id, text in quotes.items()}
    found: set[tuple[str, Literal["mean", "next", "ceiling"]]] = set()
    for bid_id, price in prices.items():
        others = [value for other, value in prices.items() if other != bid_id]
        if of_mean is not None and price * len(prices) < of_mean * (price + sum(others)):
            found.add((bid_id, "mean"))
        # Only the lowest price has every other above it, and then the next is the lowest of the others.
        if of_next is not None and others and price < min(others) and price < of_next * min(others):
            found.add((bid_id, "next"))
        if of_ceiling is not None and ceiling is not None and price < of_ceiling * Fraction(ceiling):
            found.add((bid_id, "ceiling"))
    return found

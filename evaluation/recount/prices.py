"""Second computation of reviewed prices, price scores and the benchmark."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct

from evaluation.ballots import Ballots
from evaluation.recount.members import entered
from evaluation.recount.units import average, nearest, show
from evaluation.refusals_methods import BenchmarkUndefined, ReviewedPriceSenseless

Units = Mapping[str, int]
"""Whole units of the last printed place by bid id."""


class Priced(Struct, frozen=True):
    """Reviewed prices and price scores in units, notes by bid, figures of all bids. Source: engineering choice."""

    prices: Units
    scores: Units
    notes: Mapping[str, dict[str, str]]
    figures: dict[str, str]


def deducted(ballots: Ballots) -> dict[str, int]:
    """Compute the prices after policy deduction.

    Args:
        ballots: what results are computed from.

    Returns:
        Units of money by bid id.

    Source: 政府采购促进中小企业发展管理办法 第9条
    """
    return {
        bid.bid_id: nearest(Fraction(bid.quote) * (1 - Fraction(bid.deduction)), ballots.rules.round_money)
        for bid in ballots.bids
    }


def with_deviations(ballots: Ballots) -> tuple[dict[str, int], dict[str, dict[str, str]]]:
    """Compute the prices with priced deviations.

    Args:
        ballots: what results are computed from.

    Returns:
        Units of money and notes by bid id.

    Raises:
        ReviewedPriceSenseless: when a price is not above 0.

    Source: 评标委员会和评标方法暂行规定 第32条
    """
    places = ballots.rules.round_money
    prices: dict[str, int] = {}
    notes: dict[str, dict[str, str]] = {}
    for bid in ballots.bids:
        amounts = {
            term.criterion_id: nearest(
                average(entered(ballots, bid.bid_id, term.criterion_id)) * Fraction(term.unit_amount), places
            )
            for term in ballots.terms.deviations
        }
        prices[bid.bid_id] = nearest(Fraction(bid.quote), places) + sum(amounts.values())
        if prices[bid.bid_id] <= 0:
            raise ReviewedPriceSenseless(bid_id=bid.bid_id, price=show(prices[bid.bid_id], places))
        notes[bid.bid_id] = {f"deviation.{name}": show(amount, places) for name, amount in amounts.items()}
        notes[bid.bid_id]["deviations"] = show(sum(amounts.values()), places)
    return prices, notes


def full_marks(ballots: Ballots) -> Fraction:
    """Read the marks for the price.

    Args:
        ballots: what results are computed from.

    Returns:
        The marks of the formula item, 0 without one.

    Source: 财政部令第87号 第55条
    """
    return sum((Fraction(item.full) for item in ballots.criteria if item.kind == "formula"), Fraction(0))


def by_lowest(ballots: Ballots) -> Priced:
    """Score prices by the lowest one.

    Args:
        ballots: what results are computed from.

    Returns:
        Prices and scores.

    Source: 财政部令第87号 第55条
    """
    prices = deducted(ballots)
    if not prices:
        return Priced({}, {}, {}, {})
    lowest, full = min(prices.values()), full_marks(ballots)
    scores = {
        bid_id: nearest(Fraction(lowest, price) * full, ballots.rules.round_score) for bid_id, price in prices.items()
    }
    return Priced(prices, scores, {}, {"lowest_reviewed_price": show(lowest, ballots.rules.round_money)})


def by_benchmark(ballots: Ballots) -> Priced:
    """Score prices by the benchmark.

    Args:
        ballots: what results are computed from.

    Returns:
        Prices and scores, with the figures of the benchmark.

    Raises:
        BenchmarkUndefined: when the document sets no benchmark for these bids.

    Source: 评标委员会和评标方法暂行规定 第35条
    """
    rules, terms = ballots.rules, ballots.terms
    prices = deducted(ballots)
    if not prices:
        return Priced({}, {}, {}, {})
    base, figures = _base(ballots, prices)
    scores: dict[str, int] = {}
    notes: dict[str, dict[str, str]] = {}
    full = full_marks(ballots)
    for bid_id, price in prices.items():
        units = nearest(Fraction(price - base, base), rules.round_deviation)
        distance = Fraction(units, 10**rules.round_deviation)
        loss = distance * Fraction(terms.e_up) if units > 0 else -distance * Fraction(terms.e_down)
        score = full - 100 * loss
        scores[bid_id] = nearest(score, rules.round_score) if score > 0 else 0
        notes[bid_id] = {"deviation": show(units, rules.round_deviation)}
        if not _counts(ballots, price):
            notes[bid_id]["outside_band"] = "yes"
    return Priced(prices, scores, notes, figures)


def _counts(ballots: Ballots, price: int) -> bool:
    terms = ballots.terms
    if terms.ceiling is None:
        return True
    share = Fraction(price, 10**ballots.rules.round_money) / Fraction(terms.ceiling)
    too_low = terms.band_low is not None and share < Fraction(terms.band_low)
    too_high = terms.band_high is not None and share > Fraction(terms.band_high)
    return not too_low and not too_high


def _base(ballots: Ballots, prices: Units) -> tuple[int, dict[str, str]]:
    terms, places = ballots.terms, ballots.rules.round_money
    kept = [price for price in prices.values() if _counts(ballots, price)]
    figures = {"counted": str(len(kept))}
    highs, lows = 0, 0
    for row in sorted(ballots.terms.trim, key=lambda row: row.least):
        if len(kept) >= row.least:
            highs, lows = row.high, row.low
    figures |= _take(kept, lows, min, ("trimmed_low", places)) | _take(kept, highs, max, ("trimmed_high", places))
    k = Fraction(terms.k)
    if not kept or (terms.ceiling is None and k != 1):
        raise BenchmarkUndefined()
    middle = average(Fraction(price, 10**places) for price in kept)
    mixed = k * middle + (1 - k) * Fraction(terms.ceiling or 0)
    base = nearest(mixed * (1 - Fraction(terms.f)), places)
    if base <= 0:
        raise BenchmarkUndefined()
    return base, figures | {"base": show(base, places), "mean": show(nearest(middle, places), places)}


def _take(kept: list[int], times: int, pick: Callable[[list[int]], int], named: tuple[str, int]) -> dict[str, str]:
    taken = []
    for _ in range(min(times, len(kept))):
        taken.append(pick(kept))
        kept.remove(taken[-1])
    name, places = named
    return {name: " ".join(show(price, places) for price in sorted(taken))} if taken else {}

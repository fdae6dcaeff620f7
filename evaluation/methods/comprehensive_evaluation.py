"""Comprehensive evaluation (综合评估法) with a benchmark price (评标基准价).

counted = valid quotes, inside the band of the ceiling where the document sets one,
          without the extremes the trimming table names;
base    = (k x mean(counted) + (1 - k) x ceiling) x (1 - f), 2 places;
d       = (P - base) / base, 4 places;
score   = full - 100 x d x E1 for d > 0, full + 100 x d x E2 for d < 0, full for d = 0, at least 0;
total   = sum of the printed sub-scores.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.methods.aggregation import mean, require_lawful
from evaluation.methods.comprehensive_scoring import reviewed_prices
from evaluation.methods.tabulation import Column, columns, placed, results_of
from evaluation.ranking import sort_key
from evaluation.refusals_methods import BenchmarkUndefined
from evaluation.terms import DocumentTerms, TrimRow

TRIM_TABLES: Mapping[str, tuple[TrimRow, ...]] = {"T4": (TrimRow(4, 1, 1),), "T6": (TrimRow(6, 1, 1),)}
"""Trimming tables by the name in a rule pack: from 4, from 6 quotes on, one high and one low leave the mean."""


class Benchmark(Struct, frozen=True):
    """The benchmark and how it came about, amounts in yuan.

    Attributes:
        counted: prices inside the band, lowest first, before trimming.
        high: highest prices left out, `low` likewise.
        mean: mean of the rest, not rounded.
        base: benchmark price.

    Source: 评标委员会和评标方法暂行规定 第35条
    """

    counted: tuple[Decimal, ...]
    low: tuple[Decimal, ...]
    high: tuple[Decimal, ...]
    mean: Decimal
    base: Decimal


def trim_row(trim: Sequence[TrimRow], quotes: int) -> TrimRow:
    """Find the row of a trimming table.

    Args:
        trim: the table.
        quotes: number of quotes.

    Returns:
        The row with the largest `least` that is reached; one that trims nothing when there is none.

    Source: 评标委员会和评标方法暂行规定 第35条
    """
    reached = [row for row in trim if row.least <= quotes]
    return max(reached, key=lambda row: row.least, default=TrimRow(0, 0, 0))


def is_in_band(price: Decimal, terms: DocumentTerms) -> bool:
    """Say whether a price lies inside the band of the ceiling.

    Args:
        price: price in yuan.
        terms: ceiling and band; a missing bound does not bind.

    Returns:
        True from the lower to the upper bound inclusive.

    Source: 评标委员会和评标方法暂行规定 第35条
    """
    if terms.ceiling is None:
        return True
    ceiling = Decimal(terms.ceiling)
    above = terms.band_low is None or price >= EXACT.multiply(ceiling, Decimal(terms.band_low))
    return above and (terms.band_high is None or price <= EXACT.multiply(ceiling, Decimal(terms.band_high)))


def benchmark_of(prices: Sequence[Decimal], terms: DocumentTerms, places: int = 2) -> Benchmark:
    """Compute the benchmark price.

    Args:
        prices: prices of all valid bids in yuan, any order.
        terms: band, trimming table, k, f and ceiling of the document.
        places: decimals of an amount of money.

    Returns:
        The benchmark; of several equal extremes exactly as many leave the mean as the table says.

    Raises:
        BenchmarkUndefined: when no price counts, or k needs a ceiling and there is none.

    Source: 评标委员会和评标方法暂行规定 第35条
    """
    counted = sorted(price for price in prices if is_in_band(price, terms))
    row = trim_row(terms.trim, len(counted))
    end = len(counted) - row.high
    kept = counted[row.low : end]
    k = Decimal(terms.k)
    if not kept or (k != 1 and terms.ceiling is None):
        raise BenchmarkUndefined()
    middle = mean(kept)
    mixed = EXACT.add(EXACT.multiply(k, middle), EXACT.multiply(1 - k, Decimal(terms.ceiling or 0)))
    base = round_half_up(EXACT.multiply(mixed, 1 - Decimal(terms.f)), places)
    if base <= 0:
        raise BenchmarkUndefined()
    return Benchmark(tuple(counted), tuple(counted[: row.low]), tuple(counted[end:]), middle, base)


def benchmark_score(price: Decimal, base: Decimal, full: Decimal, ballots: Ballots) -> tuple[Decimal, Decimal]:
    """Score one price against the benchmark.

    Args:
        price: price in yuan.
        base: benchmark in yuan, above 0.
        full: marks for the price.
        ballots: gives E1, E2 and the places.

    Returns:
        The printed relative distance d, and the printed score from 0 to `full`.

    Source: 评标委员会和评标方法暂行规定 第35条
    """
    terms, rules = ballots.terms, ballots.rules
    distance = round_half_up(EXACT.divide(price - base, base), rules.round_deviation)
    slope = Decimal(terms.e_up) if distance > 0 else Decimal(terms.e_down)
    lost = EXACT.multiply(EXACT.multiply(Decimal(100), distance.copy_abs()), slope)
    return distance, round_half_up(max(full - lost, Decimal(0)), rules.round_score)


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by comprehensive evaluation with a benchmark price.

    Args:
        ballots: the valid bids, the criteria with one formula item for the price, complete sheets, and the terms.

    Returns:
        Results, best first; figures `base`, `mean`, `counted`, and `trimmed_low`, `trimmed_high` where the table
        trims; per bid the note `deviation`, and `outside_band` where the price did not count.

    Raises:
        CommitteeUnlawful: when the number of sheets is even or below three.
        BenchmarkUndefined: when the document sets no benchmark for these bids.

    Source: 评标委员会和评标方法暂行规定 第34条, 第35条, 第36条, 第37条
    """
    require_lawful(len(ballots.sheets))
    rules, reviewed = ballots.rules, reviewed_prices(ballots)
    if not reviewed:
        return Outcome((), {})
    found = benchmark_of(list(reviewed.values()), ballots.terms, rules.round_money)
    full = sum((Decimal(item.full) for item in ballots.criteria if item.kind == "formula"), Decimal(0))
    scores: Column = {}
    notes: dict[str, dict[str, str]] = {}
    for bid_id, price in reviewed.items():
        distance, scores[bid_id] = benchmark_score(price, found.base, full, ballots)
        notes[bid_id] = {"deviation": plain(distance)}
        if not is_in_band(price, ballots.terms):
            notes[bid_id]["outside_band"] = "yes"
    results = results_of(ballots, reviewed, columns(ballots, scores), notes)
    keys = {item.bid_id: sort_key(item, rules) for item in results}
    return placed(results, keys, _figures(found, rules.round_money))


def _figures(found: Benchmark, places: int) -> dict[str, str]:
    figures = {
        "base": plain(found.base),
        "mean": plain(round_half_up(found.mean, places)),
        "counted": str(len(found.counted)),
    }
    for name, prices in (("trimmed_low", found.low), ("trimmed_high", found.high)):
        if prices:
            figures[name] = " ".join(plain(price) for price in prices)
    return figures

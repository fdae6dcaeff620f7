"""The second computation of the totals, in exact fractions and whole hundredths.

It shares no arithmetic with the first one (no decimals, no rounding function, no aggregation): a mistake in one of the
two shows as a difference, and a difference stops the room.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from evaluation.errors import CommitteeUnlawful
from evaluation.setup import BidSetup, CriterionSetup, RoomRules

Recount = dict[str, tuple[str, dict[str, str], str]]


def _nearest(value: Fraction, places: int) -> int:
    """Return value x 10^places as the nearest whole number, halves away from zero."""
    scaled = abs(value) * Fraction(10) ** places
    nearest: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return nearest if value >= 0 else -nearest


def _print(units: int, places: int) -> str:
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def _mean(values: list[Fraction], trim_over: int | None) -> Fraction:
    if len(values) not in range(3, len(values) + 1, 2):
        raise CommitteeUnlawful(members=len(values))
    total, count = sum(values, Fraction(0)), len(values)
    if trim_over is not None and count > trim_over:
        total, count = total - max(values) - min(values), count - 2
    return total / count


def _item_units(
    criterion: CriterionSetup,
    bid_id: str,
    sheets: Mapping[str, Mapping[tuple[str, str], str]],
    rules: RoomRules,
) -> int:
    values = [Fraction(sheets[seat_id][bid_id, criterion.criterion_id]) for seat_id in sorted(sheets)]
    units = _nearest(_mean(values, rules.agg_trim_over), rules.round_score)
    return -units if criterion.kind == "deduction" else units


def _price_units(price: int, lowest: int, full: str, places: int) -> int:
    return _nearest(Fraction(lowest, price) * Fraction(full), places)


def recount_totals(
    bids: Sequence[BidSetup],
    criteria: Sequence[CriterionSetup],
    sheets: Mapping[str, Mapping[tuple[str, str], str]],
    rules: RoomRules,
) -> Recount:
    """Compute reviewed prices, sub-scores and totals bid by bid.

    Args:
        bids: the valid bids.
        criteria: the criteria.
        sheets: complete sheets by seat id.
        rules: the rules of the room.

    Returns:
        By bid id: reviewed price, printed sub-score by criterion id, total; all as decimal text.

    Raises:
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第55条
    """
    prices = {
        bid.bid_id: _nearest(Fraction(bid.quote) * (1 - Fraction(bid.deduction)), rules.round_money) for bid in bids
    }
    lowest = min(prices.values(), default=0)
    counted: Recount = {}
    for bid in bids:
        units = {
            item.criterion_id: _price_units(prices[bid.bid_id], lowest, item.full, rules.round_score)
            if item.kind == "formula"
            else _item_units(item, bid.bid_id, sheets, rules)
            for item in criteria
        }
        counted[bid.bid_id] = (
            _print(prices[bid.bid_id], rules.round_money),
            {criterion_id: _print(value, rules.round_score) for criterion_id, value in units.items()},
            _print(sum(units.values()), rules.round_score),
        )
    return counted

"""Second computation of the results of every method, bid by bid."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from msgspec import Struct

from evaluation.ballots import Ballots
from evaluation.recount.members import item_units, require_odd
from evaluation.recount.prices import Priced, by_benchmark, by_lowest, with_deviations
from evaluation.recount.units import nearest, show
from evaluation.refusals_methods import MethodUnknown

Key = tuple[Any, ...]


class Counted(Struct, frozen=True):
    """One bid on the second path, all figures as decimal text. Source: engineering choice."""

    reviewed_price: str
    items: dict[str, str]
    total: str
    rank: int
    candidacy: str
    notes: dict[str, str]


class Recount(Struct, frozen=True):
    """All bids by id, and the figures about all of them together. Source: engineering choice."""

    bids: dict[str, Counted]
    figures: dict[str, str]


def recount_totals(ballots: Ballots) -> Recount:
    """Compute everything once more.

    Args:
        ballots: what results are computed from.

    Returns:
        Reviewed prices, printed sub-scores, totals, places, notes and figures.

    Raises:
        MethodUnknown: when no method has this name.
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第55条; 评标委员会和评标方法暂行规定 第29条
    """
    if ballots.method not in _METHODS:
        raise MethodUnknown(method=ballots.method)
    return _METHODS[ballots.method](ballots)


def _scored(ballots: Ballots, priced: Priced) -> Recount:
    require_odd(ballots)
    rules = ballots.rules
    units: dict[str, dict[str, int]] = {}
    for bid in ballots.bids:
        units[bid.bid_id] = {
            item.criterion_id: priced.scores[bid.bid_id]
            if item.kind == "formula"
            else item_units(ballots, bid.bid_id, item)
            for item in ballots.criteria
            if item.group != "deviation"
        }
    keys = {bid.bid_id: _scored_key(ballots, bid.bid_id, units[bid.bid_id], priced) for bid in ballots.bids}
    return Recount(
        {
            bid_id: Counted(
                show(priced.prices[bid_id], rules.round_money),
                {name: show(value, rules.round_score) for name, value in row.items()},
                show(sum(row.values()), rules.round_score),
                _place(bid_id, keys),
                "open",
                priced.notes.get(bid_id, {}),
            )
            for bid_id, row in units.items()
        },
        priced.figures,
    )


def _scored_key(ballots: Ballots, bid_id: str, row: Mapping[str, int], priced: Priced) -> Key:
    rules = ballots.rules
    quote = next(Fraction(bid.quote) for bid in ballots.bids if bid.bid_id == bid_id)
    technical = [item.criterion_id for item in ballots.criteria if item.group == "technical"]
    order = rules.tie_order[: rules.tie_order.index("parallel")] if "parallel" in rules.tie_order else rules.tie_order
    values = {
        "total_desc": -sum(row.values()),
        "price_asc": priced.prices[bid_id] if rules.tie_price_basis == "reviewed" else quote,
        "technical_desc": -sum(row.get(name, 0) for name in technical),
    }
    return tuple(values[name] for name in order)


def _place(bid_id: str, keys: Mapping[str, Key]) -> int:
    """Return one more than the number of better bids."""
    return 1 + sum(1 for other in keys.values() if other < keys[bid_id])


def _unscored(ballots: Ballots, prices: Mapping[str, int], keys: Mapping[str, Key], closed: set[str]) -> dict[str, Any]:
    nothing = show(0, ballots.rules.round_score)
    return {
        bid_id: Counted(
            show(price, ballots.rules.round_money),
            {},
            nothing,
            _place(bid_id, keys),
            "below_reserve" if bid_id in closed else "open",
            {},
        )
        for bid_id, price in prices.items()
    }


def _lowest(ballots: Ballots) -> Recount:
    require_odd(ballots)
    priced = by_lowest(ballots)
    keys = {bid_id: (price,) for bid_id, price in priced.prices.items()}
    return Recount(_unscored(ballots, priced.prices, keys, set()), priced.figures)


def _reviewed(ballots: Ballots) -> Recount:
    require_odd(ballots)
    places = ballots.rules.round_money
    prices, notes = with_deviations(ballots)
    keys = {bid.bid_id: (prices[bid.bid_id], Fraction(bid.quote)) for bid in ballots.bids}
    plain = _unscored(ballots, prices, keys, set())
    bids = {
        bid_id: Counted(item.reviewed_price, {}, item.total, item.rank, "open", notes[bid_id])
        for bid_id, item in plain.items()
    }
    return Recount(bids, {"lowest_reviewed_price": show(min(prices.values()), places)} if prices else {})


def _competition(ballots: Ballots) -> Recount:
    places, reserve = ballots.rules.round_money, ballots.terms.reserve
    prices = {bid.bid_id: nearest(Fraction(bid.quote), places) for bid in ballots.bids}
    limit = Fraction(reserve or 0) * 10**places
    closed = {bid_id for bid_id, price in prices.items() if price < limit}
    # Offers without an instant come last: (1,) is behind every (0, instant).
    keys: dict[str, Key] = {
        bid.bid_id: (-prices[bid.bid_id], (1,) if bid.offered_at is None else (0, bid.offered_at))
        for bid in ballots.bids
    }
    figures = {"sold": "yes" if len(closed) < len(prices) else "no"}
    if reserve is not None:
        figures["reserve"] = show(nearest(Fraction(reserve), places), places)
    return Recount(_unscored(ballots, prices, keys, closed), figures)


_METHODS: dict[str, Callable[[Ballots], Recount]] = {
    "comprehensive_scoring": lambda ballots: _scored(ballots, by_lowest(ballots)),
    "comprehensive_evaluation": lambda ballots: _scored(ballots, by_benchmark(ballots)),
    "lowest_evaluated_price": _lowest,
    "reviewed_lowest": _reviewed,
    "price_competition": _competition,
}

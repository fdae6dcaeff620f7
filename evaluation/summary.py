"""From the members' sheets to totals: aggregation per item, sub-scores, totals, ranking.

The totals are computed twice, here in decimals and in `evaluation.recount` in fractions; they count only when both
agree.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec
from msgspec import Struct

from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.errors import CommitteeUnlawful, TotalsDisagree
from evaluation.findings import BidResult
from evaluation.methods.comprehensive_scoring import price_scores, reviewed_price
from evaluation.ranking import rank, sort_key
from evaluation.recount import recount_totals
from evaluation.setup import BidSetup, CriterionSetup, RoomRules

ScoreKey = tuple[str, str]


class Ballots(Struct, frozen=True):
    """What totals are computed from.

    Attributes:
        bids: the valid bids.
        criteria: the criteria of the tender document.
        sheets: by seat id, value as decimal text by (bid id, criterion id); complete for every seat.
        rules: the rules of the room.

    Source: engineering choice
    """

    bids: tuple[BidSetup, ...]
    criteria: tuple[CriterionSetup, ...]
    sheets: Mapping[str, Mapping[ScoreKey, str]]
    rules: RoomRules


def aggregate(values: Sequence[Decimal], trim_over: int | None, places: int = 2) -> Decimal:
    """Sum the members up on one item: the mean, without one highest and one lowest in large committees.

    Args:
        values: one value per member, any order; void opinions are not among them.
        trim_over: committees with more members than this drop one of each extreme; None never does.
        places: decimals of a printed score.

    Returns:
        The mean of what is left, rounded half up. Of several equal extremes exactly one is dropped.

    Raises:
        CommitteeUnlawful: when the number of members is even or below three; such a mean must never be used.

    Source: 财政部令第87号 第55条; 招标投标法 第37条
    """
    members = len(values)
    if members < 3 or members % 2 == 0:
        raise CommitteeUnlawful(members=members)
    kept = sorted(values)
    if trim_over is not None and members > trim_over:
        kept = kept[1:-1]
    return round_half_up(EXACT.divide(sum(kept, Decimal(0)), Decimal(len(kept))), places)


def _item_scores(ballots: Ballots, criterion: CriterionSetup) -> dict[str, Decimal]:
    rules = ballots.rules
    if criterion.kind == "formula":
        return price_scores(_reviewed_prices(ballots), Decimal(criterion.full), rules.round_score)
    scores: dict[str, Decimal] = {}
    for bid in ballots.bids:
        values = [Decimal(sheet[bid.bid_id, criterion.criterion_id]) for sheet in ballots.sheets.values()]
        mean = aggregate(values, rules.agg_trim_over, rules.round_score)
        scores[bid.bid_id] = mean.copy_negate() if criterion.kind == "deduction" and mean else mean
    return scores


def _reviewed_prices(ballots: Ballots) -> dict[str, Decimal]:
    return {
        bid.bid_id: reviewed_price(Decimal(bid.quote), Decimal(bid.deduction), ballots.rules.round_money)
        for bid in ballots.bids
    }


def tabulate(ballots: Ballots) -> dict[str, dict[str, Decimal]]:
    """Compute the printed sub-scores in decimals.

    Args:
        ballots: what the totals are computed from.

    Returns:
        By bid id, the printed sub-score by criterion id.

    Source: 财政部令第87号 第55条
    """
    columns = {criterion.criterion_id: _item_scores(ballots, criterion) for criterion in ballots.criteria}
    return {
        bid.bid_id: {criterion_id: column[bid.bid_id] for criterion_id, column in columns.items()}
        for bid in ballots.bids
    }


def _results(ballots: Ballots) -> list[BidResult]:
    reviewed = _reviewed_prices(ballots)
    technical = {item.criterion_id for item in ballots.criteria if item.group == "technical"}
    table = tabulate(ballots)
    zero = round_half_up(Decimal(0), ballots.rules.round_score)
    return [
        BidResult(
            bid_id=bid.bid_id,
            quote=bid.quote,
            reviewed_price=plain(reviewed[bid.bid_id]),
            items={criterion_id: plain(score) for criterion_id, score in table[bid.bid_id].items()},
            technical=plain(sum((s for c, s in table[bid.bid_id].items() if c in technical), zero)),
            total=plain(sum(table[bid.bid_id].values(), zero)),
            rank=0,
            candidacy="open",
        )
        for bid in ballots.bids
    ]


def compute_totals(ballots: Ballots) -> tuple[BidResult, ...]:
    """Compute, compare and rank the totals.

    Args:
        ballots: what the totals are computed from.

    Returns:
        Results with their places, best first, equal places in the order of bid id.

    Raises:
        TotalsDisagree: when the two computations differ in a reviewed price, a sub-score or a total.
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第55条, 第57条
    """
    results = _results(ballots)
    second = recount_totals(ballots.bids, ballots.criteria, ballots.sheets, ballots.rules)
    first = {item.bid_id: (item.reviewed_price, item.items, item.total) for item in results}
    if first != second:
        raise TotalsDisagree()
    places = rank({item.bid_id: sort_key(item, ballots.rules) for item in results})
    ranked = [msgspec.structs.replace(item, rank=places[item.bid_id]) for item in results]
    return tuple(sorted(ranked, key=lambda item: (item.rank, item.bid_id)))

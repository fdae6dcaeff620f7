"""What the methods share when they print: columns of sub-scores, results per bid, places.

total = sum of the printed sub-scores, so that anyone can add the report up.
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from evaluation.ballots import Ballots, Outcome
from evaluation.decimals import plain, round_half_up
from evaluation.findings import BidResult
from evaluation.methods.aggregation import item_scores
from evaluation.ranking import SortKey, rank

Column = dict[str, Decimal]
"""A printed figure by bid id."""


def columns(ballots: Ballots, price: Column) -> dict[str, Column]:
    """Compute the printed sub-scores of all items.

    Args:
        ballots: what results are computed from.
        price: printed price score by bid id.

    Returns:
        Column by criterion id, in the order of the criteria; quantities of priced deviations are no scores.

    Source: 财政部令第87号 第55条
    """
    return {
        item.criterion_id: price if item.kind == "formula" else item_scores(ballots, item)
        for item in ballots.criteria
        if item.group != "deviation"
    }


def results_of(
    ballots: Ballots,
    reviewed: Column,
    table: Mapping[str, Column] | None = None,
    notes: Mapping[str, dict[str, str]] | None = None,
) -> list[BidResult]:
    """Print one result per bid, not ranked yet.

    Args:
        ballots: what results are computed from.
        reviewed: reviewed price in yuan by bid id.
        table: column of printed sub-scores by criterion id; None for a method without scores.
        notes: further figures by bid id.

    Returns:
        Results in the order of the bids.

    Source: 财政部令第87号 第55条
    """
    technical = {item.criterion_id for item in ballots.criteria if item.group == "technical"}
    zero = round_half_up(Decimal(0), ballots.rules.round_score)
    results = []
    for bid in ballots.bids:
        scores = {criterion_id: column[bid.bid_id] for criterion_id, column in (table or {}).items()}
        results.append(
            BidResult(
                bid_id=bid.bid_id,
                quote=bid.quote,
                reviewed_price=plain(reviewed[bid.bid_id]),
                items={criterion_id: plain(score) for criterion_id, score in scores.items()},
                technical=plain(sum((score for name, score in scores.items() if name in technical), zero)),
                total=plain(sum(scores.values(), zero)),
                rank=0,
                candidacy="open",
                notes=(notes or {}).get(bid.bid_id, {}),
            )
        )
    return results


def placed(results: list[BidResult], keys: Mapping[str, SortKey], figures: dict[str, str]) -> Outcome:
    """Give the results their places.

    Args:
        results: one result per bid.
        keys: sort key by bid id, smaller is better.
        figures: figures about all bids together.

    Returns:
        The outcome, best rank first.

    Source: 财政部令第87号 第57条
    """
    places = rank(keys)
    ranked = [msgspec.structs.replace(item, rank=places[item.bid_id]) for item in results]
    return Outcome(tuple(sorted(ranked, key=lambda item: (item.rank, item.bid_id))), figures)

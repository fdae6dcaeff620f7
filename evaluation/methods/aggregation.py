"""Aggregating members (汇总): from one value per member to one printed sub-score per item.

sub-score = mean(v_1 .. v_n), procurement: every member counts;
sub-score = mean without one highest and one lowest, engineering, where n > `agg_trim_over`.
"""

from collections.abc import Sequence
from decimal import Decimal

from evaluation.ballots import Ballots
from evaluation.decimals import EXACT, round_half_up
from evaluation.errors import CommitteeUnlawful
from evaluation.setup import CriterionSetup


def require_lawful(members: int) -> None:
    """Refuse a number of opinions no lawful committee has.

    Args:
        members: number of opinions.

    Raises:
        CommitteeUnlawful: when it is even or below three.

    Source: 招标投标法 第37条; 财政部令第87号 第47条
    """
    if members < 3 or members % 2 == 0:
        raise CommitteeUnlawful(members=members)


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
    require_lawful(len(values))
    kept = sorted(values)
    if trim_over is not None and len(values) > trim_over:
        kept = kept[1:-1]
    return round_half_up(mean(kept), places)


def mean(values: Sequence[Decimal]) -> Decimal:
    """Take the arithmetic mean.

    Args:
        values: at least one value.

    Returns:
        The mean in 50 digits, not rounded to places.

    Source: engineering choice
    """
    return EXACT.divide(sum(values, Decimal(0)), Decimal(len(values)))


def member_values(ballots: Ballots, bid_id: str, criterion_id: str) -> list[Decimal]:
    """Collect what the members entered for one item of one bid.

    Args:
        ballots: what results are computed from.
        bid_id: the bid.
        criterion_id: the criterion.

    Returns:
        One value per member, in no order that matters.

    Source: 财政部令第87号 第55条
    """
    return [Decimal(sheet[bid_id, criterion_id]) for sheet in ballots.sheets.values()]


def item_scores(ballots: Ballots, criterion: CriterionSetup) -> dict[str, Decimal]:
    """Compute the printed sub-scores of an item that members enter.

    Args:
        ballots: what results are computed from.
        criterion: the criterion, not a formula.

    Returns:
        By bid id; points of a deduction are negative.

    Source: 财政部令第87号 第55条
    """
    rules = ballots.rules
    scores: dict[str, Decimal] = {}
    for bid in ballots.bids:
        values = member_values(ballots, bid.bid_id, criterion.criterion_id)
        score = aggregate(values, rules.agg_trim_over, rules.round_score)
        scores[bid.bid_id] = score.copy_negate() if criterion.kind == "deduction" and score else score
    return scores

"""Second computation of what members entered."""

from fractions import Fraction

from evaluation.ballots import Ballots
from evaluation.errors import CommitteeUnlawful
from evaluation.recount.units import average, nearest
from evaluation.setup import CriterionSetup


def require_odd(ballots: Ballots) -> None:
    """Refuse a number of sheets no lawful committee has.

    Args:
        ballots: what results are computed from.

    Raises:
        CommitteeUnlawful: when the number is even or below three.

    Source: 招标投标法 第37条
    """
    members = len(ballots.sheets)
    if members not in range(3, members + 1, 2):
        raise CommitteeUnlawful(members=members)


def entered(ballots: Ballots, bid_id: str, criterion_id: str) -> list[Fraction]:
    """Read what the members entered for one item of one bid.

    Args:
        ballots: what results are computed from.
        bid_id: the bid.
        criterion_id: the criterion.

    Returns:
        One fraction per member.

    Source: 财政部令第87号 第55条
    """
    return [Fraction(ballots.sheets[seat_id][bid_id, criterion_id]) for seat_id in sorted(ballots.sheets)]


def item_units(ballots: Ballots, bid_id: str, criterion: CriterionSetup) -> int:
    """Compute a printed sub-score in units.

    Args:
        ballots: what results are computed from.
        bid_id: the bid.
        criterion: the criterion, not a formula.

    Returns:
        Units of the last place of a score; points of a deduction are negative.

    Raises:
        CommitteeUnlawful: when the number of members is even or below three.

    Source: 财政部令第87号 第55条; 招标投标法 第37条
    """
    require_odd(ballots)
    values = entered(ballots, bid_id, criterion.criterion_id)
    trim_over = ballots.rules.agg_trim_over
    if trim_over is not None and len(values) > trim_over:
        values.remove(max(values))
        values.remove(min(values))
    units = nearest(average(values), ballots.rules.round_score)
    return -units if criterion.kind == "deduction" else units

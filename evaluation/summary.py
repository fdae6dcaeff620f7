"""From the members' sheets to results that count: the method's computation, compared with a second one.

The first computation works in decimals (`evaluation.methods`), the second in fractions (`evaluation.recount`); results
count only when both agree in every printed figure.
"""

from evaluation.ballots import Ballots, Outcome
from evaluation.errors import TotalsDisagree
from evaluation.findings import BidResult
from evaluation.methods.registry import evaluate
from evaluation.recount.totals import Counted, Recount, recount_totals


def compute_outcome(ballots: Ballots) -> Outcome:
    """Compute the results twice and compare them.

    Args:
        ballots: what results are computed from, with the name of the method.

    Returns:
        Results with their places, best first, equal places in the order of bid id, and the method's figures.

    Raises:
        TotalsDisagree: when the two computations differ in any printed figure.
        CommitteeUnlawful: when the number of sheets is even or below three.
        MethodUnknown: when no method has the name.

    Source: 财政部令第87号 第55条, 第57条; 评标委员会和评标方法暂行规定 第29条
    """
    outcome = evaluate(ballots)
    if _comparable(outcome) != recount_totals(ballots):
        raise TotalsDisagree()
    return outcome


def compute_totals(ballots: Ballots) -> tuple[BidResult, ...]:
    """Compute, compare and rank the totals.

    Args:
        ballots: what results are computed from.

    Returns:
        Results with their places, best first, equal places in the order of bid id.

    Raises:
        TotalsDisagree: when the two computations differ in any printed figure.
        CommitteeUnlawful: when the number of sheets is even or below three.

    Source: 财政部令第87号 第55条, 第57条
    """
    return compute_outcome(ballots).results


def _comparable(outcome: Outcome) -> Recount:
    return Recount(
        {
            item.bid_id: Counted(item.reviewed_price, item.items, item.total, item.rank, item.candidacy, item.notes)
            for item in outcome.results
        },
        outcome.figures,
    )

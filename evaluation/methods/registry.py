"""The methods of evaluation by name: what a tender document may name, and whether it scores."""

from collections.abc import Mapping

from msgspec import Struct

from evaluation.ballots import Ballots, Method, Outcome
from evaluation.methods import (
    comprehensive_evaluation,
    comprehensive_scoring,
    lowest_evaluated_price,
    price_competition,
    reviewed_lowest,
)
from evaluation.refusals_methods import MethodUnknown


class MethodEntry(Struct, frozen=True):
    """A method: its name in both languages, its function, and what it needs of the criteria.

    Attributes:
        zh: Chinese name.
        en: English name.
        evaluate: the function.
        is_scored: whether members and formula give marks that sum to 100.
        has_deviations: whether members find quantities of priced deviations.
        has_benchmark: whether the price is scored against a benchmark.

    Source: 财政部令第87号 第53条; 评标委员会和评标方法暂行规定 第29条
    """

    zh: str
    en: str
    evaluate: Method
    is_scored: bool = False
    has_deviations: bool = False
    has_benchmark: bool = False


METHODS: Mapping[str, MethodEntry] = {
    "comprehensive_scoring": MethodEntry(
        "综合评分法", "comprehensive scoring", comprehensive_scoring.evaluate, is_scored=True
    ),
    "lowest_evaluated_price": MethodEntry("最低评标价法", "lowest evaluated price", lowest_evaluated_price.evaluate),
    "reviewed_lowest": MethodEntry(
        "经评审的最低投标价法", "lowest reviewed bid", reviewed_lowest.evaluate, has_deviations=True
    ),
    "comprehensive_evaluation": MethodEntry(
        "综合评估法", "comprehensive evaluation", comprehensive_evaluation.evaluate, is_scored=True, has_benchmark=True
    ),
    "price_competition": MethodEntry("价高者得", "price competition", price_competition.evaluate),
}


def method_named(name: str) -> MethodEntry:
    """Find a method.

    Args:
        name: its name.

    Returns:
        The entry.

    Raises:
        MethodUnknown: when no method has this name.

    Source: 财政部令第87号 第53条; 评标委员会和评标方法暂行规定 第29条
    """
    if name not in METHODS:
        raise MethodUnknown(method=name)
    return METHODS[name]


def evaluate(ballots: Ballots) -> Outcome:
    """Evaluate by the method the ballots name.

    Args:
        ballots: what results are computed from.

    Returns:
        The outcome of the first computation.

    Raises:
        MethodUnknown: when no method has this name.

    Source: 财政部令第87号 第53条; 评标委员会和评标方法暂行规定 第29条
    """
    return method_named(ballots.method).evaluate(ballots)

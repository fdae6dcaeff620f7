"""Score sheets: which items a member fills in, which values they may have, and when a sheet is complete."""

from collections.abc import Container, Iterable
from decimal import Decimal

from evaluation.decimals import parse_decimal
from evaluation.refusals import ScoreMalformed, ScoreOffStep, ScoreOutOfRange
from evaluation.setup import CriterionSetup, RoomRules


def entered_criteria(criteria: Iterable[CriterionSetup]) -> tuple[CriterionSetup, ...]:
    """Return the criteria members enter values for; formula items are the system's.

    Args:
        criteria: the criteria of the tender document.

    Returns:
        Those of every other kind, in the given order.

    Source: 财政部令第87号 第55条
    """
    return tuple(filter(is_entered, criteria))


def is_entered(criterion: CriterionSetup) -> bool:
    """Say whether members enter values for a criterion.

    Args:
        criterion: a criterion of the tender document.

    Returns:
        False for formula items, which are the system's.

    Source: 财政部令第87号 第55条
    """
    return criterion.kind != "formula"


def check_value(criterion: CriterionSetup, text: str, rules: RoomRules) -> Decimal:
    """Check one value against the range and the step of its criterion.

    Args:
        criterion: the criterion; a `pass_fail` item takes its lowest or its highest value only.
        text: the value as decimal text.
        rules: gives the step where the criterion names none.

    Returns:
        The value.

    Raises:
        ScoreMalformed: when the text is not a plain decimal.
        ScoreOutOfRange: when the value lies beyond the marks.
        ScoreOffStep: when it lies between two steps counted from the lowest value.

    Source: 财政部令第87号 第55条, 第64条
    """
    value = parse_decimal(text)
    if value is None:
        raise ScoreMalformed()
    if not is_in_range(criterion, value):
        raise ScoreOutOfRange(low=criterion.low, full=criterion.full)
    step = Decimal(step_of(criterion, rules))
    # The top of the range stays reachable even when the marks are no multiple of the step.
    if value != Decimal(criterion.full) and (value - Decimal(criterion.low)) % step:
        raise ScoreOffStep(step=step)
    return value


def is_in_range(criterion: CriterionSetup, value: Decimal) -> bool:
    """Say whether a value lies within the marks of a criterion.

    Args:
        criterion: the criterion.
        value: the value.

    Returns:
        True from the lowest to the highest value inclusive.

    Source: 财政部令第87号 第64条
    """
    return Decimal(criterion.low) <= value <= Decimal(criterion.full)


def step_of(criterion: CriterionSetup, rules: RoomRules) -> str:
    """Return the step between two values of a criterion as decimal text.

    Args:
        criterion: the criterion.
        rules: gives the step where the criterion names none.

    Returns:
        The whole range for `pass_fail`, else the criterion's own step, else the step of the rules.

    Source: engineering choice
    """
    if criterion.kind == "pass_fail":
        return str(Decimal(criterion.full) - Decimal(criterion.low))
    return criterion.step or rules.score_step


def missing_items(
    bid_ids: Iterable[str], criteria: Iterable[CriterionSetup], entered: Container[tuple[str, str]]
) -> int:
    """Count the items of a sheet without a value.

    Args:
        bid_ids: the valid bids.
        criteria: the criteria of the tender document.
        entered: the (bid id, criterion id) pairs that have a value.

    Returns:
        The number of pairs still empty; 0 means complete.

    Source: 财政部令第87号 第55条
    """
    needed = entered_criteria(criteria)
    return sum((bid_id, item.criterion_id) not in entered for bid_id in bid_ids for item in needed)

"""Consistency check over all submitted sheets: what blocks the totals and what only warns a member."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

import msgspec

from evaluation.decimals import EXACT, plain, round_half_up
from evaluation.findings import Alert
from evaluation.setup import CriterionSetup, RoomRules
from evaluation.sheets import is_in_range

Scores = Mapping[str, Decimal]


def find_alerts(
    bid_ids: Iterable[str],
    criteria: Iterable[CriterionSetup],
    sheets: Mapping[str, Mapping[tuple[str, str], str]],
    rules: RoomRules,
) -> tuple[Alert, ...]:
    """Check every item of every bid.

    Args:
        bid_ids: the valid bids.
        criteria: the criteria; formula items are passed over.
        sheets: by seat id, value as decimal text by (bid id, criterion id).
        rules: share of the marks beyond which a subjective score is outlying, and printed places.

    Returns:
        Alerts in the order of bids, criteria and seats, numbered A1, A2 and so on.

    Source: 财政部令第87号 第64条
    """
    scored = [criterion for criterion in criteria if criterion.kind != "formula"]
    found = (
        alert
        for bid_id in bid_ids
        for criterion in scored
        for alert in check_item(
            bid_id,
            criterion,
            {seat_id: Decimal(sheet[bid_id, criterion.criterion_id]) for seat_id, sheet in sheets.items()},
            rules,
        )
    )
    return tuple(msgspec.structs.replace(alert, alert_id=f"A{n}") for n, alert in enumerate(found, start=1))


def check_item(bid_id: str, criterion: CriterionSetup, scores: Scores, rules: RoomRules) -> Iterator[Alert]:
    """Check one criterion of one bid.

    Args:
        bid_id: the bid.
        criterion: the criterion, not a formula.
        scores: value by seat id.
        rules: share of the marks beyond which a subjective score is outlying, and printed places.

    Returns:
        Alerts without number: values out of range and an objective mismatch block, outliers warn.

    Source: 财政部令第87号 第64条
    """
    for seat_id, value in scores.items():
        if not is_in_range(criterion, value):
            yield Alert("", "out_of_range", True, bid_id, criterion.criterion_id, seat_id, plain(value))
    if criterion.kind == "objective" and not is_uniform(scores.values()):
        yield Alert("", "objective_mismatch", True, bid_id, criterion.criterion_id)
    if criterion.kind == "subjective":
        yield from _outliers(bid_id, criterion, scores, rules)


def is_uniform(values: Iterable[Decimal]) -> bool:
    """Say whether all members found the same value.

    Args:
        values: one value per member; 5 and 5.00 are the same.

    Returns:
        True when there is at most one distinct value.

    Source: 财政部令第87号 第64条
    """
    return len(set(values)) <= 1


def _outliers(bid_id: str, criterion: CriterionSetup, scores: Scores, rules: RoomRules) -> Iterator[Alert]:
    limit = EXACT.multiply(Decimal(criterion.full), Decimal(rules.score_deviation))
    places = rules.round_score
    for seat_id, value in scores.items():
        mean, deviation = deviation_of(seat_id, scores)
        if deviation <= Fraction(limit):
            continue
        yield Alert(
            "",
            "subjective_deviation",
            False,
            bid_id,
            criterion.criterion_id,
            seat_id,
            plain(value),
            mean_of_others=_printed(mean, places),
            deviation=_printed(deviation, places),
            limit=plain(round_half_up(limit, places)),
        )


def deviation_of(seat_id: str, scores: Scores) -> tuple[Fraction, Fraction]:
    """Compare one member with the others.

    Args:
        seat_id: the member.
        scores: value by seat id, at least two.

    Returns:
        The mean of the others and the distance of the member's value from it, both exact.

    Source: engineering choice
    """
    others = [Fraction(value) for other, value in scores.items() if other != seat_id]
    mean = sum(others, Fraction(0)) / len(others)
    return mean, abs(Fraction(scores[seat_id]) - mean)


def _printed(value: Fraction, places: int) -> str:
    return plain(round_half_up(EXACT.divide(Decimal(value.numerator), Decimal(value.denominator)), places))

"""Sums a member states with the sheet, against the exact sums of the entries."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from evaluation.decimals import plain
from evaluation.findings import Alert
from evaluation.setup import CriterionSetup
from evaluation.sheets import entered_criteria


def exact_sum(bid_id: str, criteria: Iterable[CriterionSetup], sheet: Mapping[tuple[str, str], str]) -> Decimal:
    """Sum the entries of one sheet for one bid; deductions count against it.

    Args:
        bid_id: the bid.
        criteria: the criteria of the tender document.
        sheet: value as decimal text by (bid id, criterion id), complete for the bid.

    Returns:
        The sum of what members enter; formula items are the system's and not in it.

    Source: 财政部令第87号 第64条
    """
    signed = (
        (-1 if item.kind == "deduction" else 1) * Decimal(sheet[bid_id, item.criterion_id])
        for item in entered_criteria(criteria)
    )
    return sum(signed, Decimal(0))


def find_sum_errors(
    bid_ids: Iterable[str],
    criteria: Iterable[CriterionSetup],
    sheets: Mapping[str, Mapping[tuple[str, str], str]],
    sums: Mapping[str, Mapping[str, str]],
) -> tuple[Alert, ...]:
    """Compare the stated sums with the exact ones.

    Args:
        bid_ids: the valid bids.
        criteria: the criteria of the tender document.
        sheets: by seat id, complete sheets.
        sums: by seat id, the sum the member stated by bid id; who stated none made no error.

    Returns:
        Blocking alerts, numbered E1, E2 and so on, in the order of bids and seats.

    Source: 财政部令第87号 第64条
    """
    kept = tuple(criteria)
    found = [
        (bid_id, seat_id, stated[bid_id])
        for bid_id in bid_ids
        for seat_id, stated in sums.items()
        if bid_id in stated and Decimal(stated[bid_id]) != exact_sum(bid_id, kept, sheets[seat_id])
    ]
    return tuple(
        Alert(f"E{number}", "sum_error", True, bid_id, "", seat_id, plain(Decimal(stated)))
        for number, (bid_id, seat_id, stated) in enumerate(found, start=1)
    )

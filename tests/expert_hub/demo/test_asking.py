"""The sums of the story; the question to the bidder is played in `tests/scenarios/test_demo.py`."""

from decimal import Decimal

from expert_hub.demo.asking import sheet_with_a_slip, stated_sum

CRITERIA = [{"criterion_id": "T", "kind": "subjective"}, {"criterion_id": "D", "kind": "deduction"}]
MARKS = [("B1", "T", "45.60"), ("B1", "D", "1.50"), ("B2", "T", "40")]


def test_a_deduction_counts_against_the_sum_of_its_bid() -> None:
    assert stated_sum(MARKS, CRITERIA, "B1") == Decimal("44.10")
    assert stated_sum(MARKS, CRITERIA, "B2") == 40


def test_the_slip_is_one_mark_on_the_first_bid() -> None:
    assert sheet_with_a_slip(MARKS, CRITERIA).sums == {"B1": "45.10"}

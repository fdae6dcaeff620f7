import pytest

from evaluation.errors import CommitteeUnlawful
from evaluation.recount import recount_totals
from evaluation.setup import BidSetup, CriterionSetup

PRICE = CriterionSetup("P", "price", "Price", "formula", "30")
TECHNICAL = CriterionSetup("T", "technical", "Solution", "subjective", "60")
FAULTS = CriterionSetup("D", "business", "Faults", "deduction", "5")


def recount(values, rules, faults="0", quote="100.01", deduction="0.15"):
    sheets = {f"S{n}": {("A", "T"): value, ("A", "D"): faults} for n, value in enumerate(values)}
    return recount_totals([BidSetup("A", "", "", quote, deduction)], [PRICE, TECHNICAL, FAULTS], sheets, rules)["A"]


def test_head_of_chapter_5_halves_are_rounded_up(rules):
    assert recount(["58.835"] * 3, rules)[1]["T"] == "58.84"


def test_amounts_keep_two_places_and_small_ones_their_leading_zero(rules):
    assert recount(["0.05", "0.04", "0.03"], rules)[0] == "85.01"
    assert recount(["0.05", "0.04", "0.03"], rules)[1] == {"P": "30.00", "T": "0.04", "D": "0.00"}


def test_deductions_are_negative_and_the_total_is_the_exact_sum(rules):
    assert recount(["40", "44", "47"], rules, faults="0.50")[1:] == (
        {"P": "30.00", "T": "43.67", "D": "-0.50"},
        "73.17",
    )


def test_no_bids_give_no_totals(rules):
    assert recount_totals([], [PRICE], {}, rules) == {}


@pytest.mark.parametrize("members", [1, 2, 4, 6])
def test_5_7_an_unlawful_committee_is_an_error_on_this_path_too(members, rules):
    with pytest.raises(CommitteeUnlawful):
        recount(["40"] * members, rules)

import pytest
from msgspec.structs import replace

from evaluation.ballots import Ballots
from evaluation.errors import CommitteeUnlawful
from evaluation.recount.totals import recount_totals
from evaluation.refusals_methods import MethodUnknown
from evaluation.setup import BidSetup, CriterionSetup

PRICE = CriterionSetup("P", "price", "Price", "formula", "30")
TECHNICAL = CriterionSetup("T", "technical", "Solution", "subjective", "60")
FAULTS = CriterionSetup("D", "business", "Faults", "deduction", "5")


def ballots(values, rules, faults="0", method="comprehensive_scoring"):
    sheets = {f"S{n}": {("A", "T"): value, ("A", "D"): faults} for n, value in enumerate(values)}
    bids = (BidSetup("A", "", "", "100.01", "0.15"),)
    return Ballots(bids, (PRICE, TECHNICAL, FAULTS), sheets, rules, method=method)


def recount(*arguments, **named):
    return recount_totals(ballots(*arguments, **named)).bids["A"]


def test_head_of_chapter_5_halves_are_rounded_up(rules):
    assert recount(["58.835"] * 3, rules).items["T"] == "58.84"


def test_amounts_keep_two_places_and_small_ones_their_leading_zero(rules):
    found = recount(["0.05", "0.04", "0.03"], rules)
    assert (found.reviewed_price, found.items) == ("85.01", {"P": "30.00", "T": "0.04", "D": "0.00"})


def test_deductions_are_negative_and_the_total_is_the_exact_sum(rules):
    found = recount(["40", "44", "47"], rules, faults="0.50")
    assert (found.items, found.total) == ({"P": "30.00", "T": "43.67", "D": "-0.50"}, "73.17")


def test_no_bids_give_no_totals(rules):
    assert recount_totals(replace(ballots(["1"] * 3, rules), bids=())).bids == {}


@pytest.mark.parametrize("members", [1, 2, 4, 6])
@pytest.mark.parametrize("method", ["comprehensive_scoring", "lowest_evaluated_price", "reviewed_lowest"])
def test_5_7_an_unlawful_committee_is_an_error_on_this_path_too(members, method, rules):
    with pytest.raises(CommitteeUnlawful):
        recount(["40"] * members, rules, method=method)


def test_a_method_nobody_registered_is_an_error_on_this_path_too(rules):
    with pytest.raises(MethodUnknown):
        recount(["40"] * 3, rules, method="guess")

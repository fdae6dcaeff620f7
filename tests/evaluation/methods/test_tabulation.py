from decimal import Decimal

from evaluation.ballots import Ballots
from evaluation.methods.tabulation import columns, placed, results_of
from evaluation.setup import BidSetup, CriterionSetup

PARTS = tuple(CriterionSetup(name, "technical", name, "subjective", "50") for name in "XYZ")


def test_head_of_chapter_5_the_total_is_the_sum_of_the_printed_parts(rules):
    sheet = {("A", "X"): "44.426", ("A", "Y"): "18.426", ("A", "Z"): "28.226"}
    ballots = Ballots((BidSetup("A", "", "", "1"),), PARTS, {f"S{n}": sheet for n in range(3)}, rules)
    (result,) = results_of(ballots, {"A": Decimal(1)}, columns(ballots, {}))
    assert list(result.items.values()) == ["44.43", "18.43", "28.23"]
    assert (result.total, result.technical) == ("91.09", "91.09")


def test_equal_keys_share_a_place_in_the_order_of_bid_id(rules):
    bids = tuple(BidSetup(name, "", "", "1") for name in "CBA")
    results = results_of(Ballots(bids, (), {}, rules), {name: Decimal(1) for name in "ABC"})
    outcome = placed(results, {"A": (Decimal(2),), "B": (Decimal(1),), "C": (Decimal(1),)}, {})
    assert [(item.rank, item.bid_id) for item in outcome.results] == [(1, "B"), (1, "C"), (3, "A")]

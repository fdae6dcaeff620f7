from evaluation.ballots import Ballots
from evaluation.recount.prices import by_lowest, deducted
from evaluation.setup import BidSetup, CriterionSetup

PRICE = CriterionSetup("P", "price", "Price", "formula", "30")
BIDS = (BidSetup("A", "", "", "1000000"), BidSetup("B", "", "", "920000", "0.10"), BidSetup("C", "", "", "880000"))


def test_5_1_example_1_on_the_second_path(rules):
    ballots = Ballots(BIDS, (PRICE,), {}, rules)
    assert deducted(ballots) == {"A": 100000000, "B": 82800000, "C": 88000000}
    assert by_lowest(ballots).scores == {"A": 2484, "B": 3000, "C": 2823}

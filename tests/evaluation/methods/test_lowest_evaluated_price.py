from evaluation.findings import OpenTie
from evaluation.methods.lowest_evaluated_price import PriceLine, order_by_price
from evaluation.setup import BidSetup


def bid(bid_id, quote, deduction="0", brand=None):
    return BidSetup(bid_id, bid_id, "", quote, deduction, brand)


def test_o87_art_56_example_1_lowest_reviewed_price_first_and_two_parallel_second():
    order = order_by_price([bid("A", "495000"), bid("B", "520000", "0.10"), bid("C", "495000")], True)
    assert order.lines == (
        PriceLine(1, "B", "520000", "468000.00"),
        PriceLine(2, "A", "495000", "495000.00"),
        PriceLine(2, "C", "495000", "495000.00"),
    )
    assert order.passed_over == ()
    assert order.open_ties == ()


BRANDS = [bid("A", "500", brand="X"), bid("B", "500", brand="X"), bid("C", "510", brand="X"), bid("D", "505")]


def test_o87_art_31_example_2_same_brand_same_lowest_price_stays_open():
    order = order_by_price(BRANDS, True)
    assert order.open_ties == (OpenTie("brand", ("A", "B")),)
    assert order.passed_over == ("C",)


def test_o87_art_31_example_2_the_chosen_one_takes_part_and_the_others_are_invalid():
    order = order_by_price(BRANDS, True, chosen=("B",))
    assert [(line.rank, line.bid_id) for line in order.lines] == [(1, "B"), (2, "D")]
    assert order.passed_over == ("A", "C")
    assert order.open_ties == ()


def test_without_the_brand_rule_every_bid_takes_part():
    order = order_by_price(BRANDS, False)
    assert [(line.rank, line.bid_id) for line in order.lines] == [(1, "A"), (1, "B"), (3, "D"), (4, "C")]

"""The sample tender and the ranking that its marks must give, worked out by hand."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from expert_hub.sample.parties import BIDS
from expert_hub.sample.scores import MARKS, REJECTION
from expert_hub.sample.tender import CHECKS, COMMITTEE_SIZE, ITEMS, QUOTAS, tender_document

# Technical T1..T8, business C1..C3 (each the mean of seven members, two places), price P1, total, place.
# The sums behind them: B1 T5 35.5/7, T6 31/7; B2 T2 46.5/7, T5 34.5/7, T8 16.5/7; B3 T1 55.5/7, T3 46/7, T7 24/7;
# B4 T3 37.5/7, T4 29/7, T6 25/7. All other sums are multiples of 7.
# Prices: B1 10,800,000; B2 11,200,000 less 10 % = 10,080,000 = lowest; B3 10,350,000; B4 11,560,000 less 10 %
# = 10,404,000. 30 x 10,080/10,800 = 28; 30; 30 x 10,080/10,350 = 29.217...; 30 x 10,080/10,404 = 29.065...
EXPECTED = {
    "B1": ("9.00 7.00 7.00 5.50 5.07 4.43 3.50 2.50", "8.00 5.00 5.00", "28.00", "90.00", 1),
    "B3": ("7.93 6.50 6.57 5.00 5.00 4.00 3.43 2.50", "7.00 5.00 5.00", "29.22", "87.15", 2),
    "B2": ("8.00 6.64 6.00 5.00 4.93 4.00 3.00 2.36", "6.00 5.00 4.00", "30.00", "84.93", 3),
    "B4": ("7.00 5.50 5.36 4.14 4.50 3.57 3.00 2.00", "4.00 5.00 3.00", "29.07", "76.14", 4),
}
GROUPS = {"B1": ("44.00", "18.00"), "B2": ("39.93", "15.00"), "B3": ("40.93", "17.00"), "B4": ("35.07", "12.00")}
STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def printed(value: Fraction) -> Decimal:
    """A score as printed: two places, half up, from an exact fraction."""
    hundredths = (value * 100 * 2 + 1) // 2
    return (Decimal(int(hundredths)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def mean(marks: tuple[str, ...]) -> Decimal:
    return printed(sum((Fraction(mark) for mark in marks), Fraction(0)) / len(marks))


def reviewed_prices() -> dict[str, Fraction]:
    return {
        bid.bid_id: Fraction(bid.quote_yuan) * (Fraction(9, 10) if bid.is_small else 1)
        for bid in BIDS
        if bid.bid_id != REJECTION["bid"]
    }


def test_the_hand_checked_table_follows_from_the_marks() -> None:
    prices = reviewed_prices()
    assert min(prices.values()) == prices["B2"] == 10_080_000
    totals = {}
    for bid, (technical, business, price, total, _) in EXPECTED.items():
        items = [mean(MARKS[bid][item.item_id]) for item in ITEMS if item.kind != "formula"]
        assert [str(item) for item in items] == f"{technical} {business}".split()
        assert str(printed(30 * prices["B2"] / prices[bid])) == price
        totals[bid] = sum(items) + Decimal(price)
        assert str(totals[bid]) == total
        assert (str(sum(items[:8])), str(sum(items[8:]))) == GROUPS[bid]
    assert sorted(totals, key=lambda bid: -totals[bid]) == list(EXPECTED)
    assert [row[4] for row in EXPECTED.values()] == [1, 2, 3, 4]


def test_the_rejected_bid_would_have_changed_every_price_score() -> None:
    rejected = next(bid for bid in BIDS if bid.bid_id == REJECTION["bid"])
    assert Fraction(rejected.quote_yuan) < min(reviewed_prices().values())


def test_no_price_is_abnormally_low() -> None:
    quotes = [Fraction(bid.quote_yuan) for bid in BIDS]
    assert min(quotes) > sum(quotes) / len(quotes) / 2
    assert min(quotes) > Fraction(45, 100) * 11_800_000


def test_twelve_items_add_up_to_100_and_the_price_weighs_30() -> None:
    assert sum(Fraction(item.full) for item in ITEMS) == 100
    assert [item.kind for item in ITEMS] == ["subjective"] * 8 + ["objective"] * 3 + ["formula"]
    assert ITEMS[-1].full == "30"


def test_dr_02_seven_members_because_of_the_budget() -> None:
    document = tender_document(STARTS_AT)
    assert Decimal(document["project"]["budget_yuan"]) == 12_000_000
    committee = document["committee"]
    assert committee["size"] == COMMITTEE_SIZE == 7
    assert sum(quota["count"] for quota in committee["quotas"]) + committee["representatives"] == 7
    assert [quota["speciality"] for quota in committee["quotas"]] == list(QUOTAS)
    assert committee["alternates"] == 2


def test_the_instants_follow_from_the_start() -> None:
    lot = tender_document(STARTS_AT)["lot"]
    assert lot["evaluation_starts_at"] == STARTS_AT
    assert lot["bid_deadline"] < STARTS_AT < lot["evaluation_ends_at"]


def test_er_07_the_committee_checks_compliance_only() -> None:
    document = tender_document(STARTS_AT)
    assert {check["stage"] for check in document["checks"]} == {"compliance"}
    assert [ground for _, _, ground in CHECKS] == ["P2", "P4", "P5", "P6", "P7"]


def test_a_consortium_and_a_small_firm_take_part() -> None:
    bidders = {bidder["id"]: bidder for bidder in tender_document(STARTS_AT)["bidders"]}
    assert [len(bidders[bid]["consortium"]) for bid in ("B1", "B2", "B3", "B4", "B5")] == [0, 0, 1, 0, 0]
    assert [bid for bid, bidder in bidders.items() if bidder["small_business"]] == ["B2", "B4"]
    assert len({bidder["brand"] for bidder in bidders.values()}) == 5

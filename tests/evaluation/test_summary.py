from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation import summary
from evaluation.ballots import Ballots
from evaluation.errors import CommitteeUnlawful, TotalsDisagree
from evaluation.setup import BidSetup, CriterionSetup
from evaluation.summary import compute_totals

PRICE = CriterionSetup("P", "price", "Price", "formula", "30")
TECHNICAL = CriterionSetup("T", "technical", "Solution", "subjective", "50")
BUSINESS = CriterionSetup("B", "business", "Record", "objective", "20")
EXAMPLE_1 = [
    ("A", "1000000", "0", "45.60", "19"),
    ("B", "920000", "0.10", "41.60", "17"),
    ("C", "880000", "0", "43.40", "18"),
]
EXAMPLE_2 = [("D", "900000", "0", "44", "16"), ("E", "1000000", "0", "46", "17"), ("F", "900000", "0", "43", "17")]


def ballots(lines, rules, members=5):
    bids = tuple(BidSetup(bid_id, bid_id, "", quote, deduction) for bid_id, quote, deduction, _, _ in lines)
    sheet = {(line[0], "T"): line[3] for line in lines} | {(line[0], "B"): line[4] for line in lines}
    return Ballots(bids, (PRICE, TECHNICAL, BUSINESS), {f"S{n}": sheet for n in range(members)}, rules)


@pytest.mark.parametrize("members", [0, 1, 2, 4, 6, 8])
def test_5_7_an_unlawful_committee_is_a_hard_error_and_never_an_average(members, rules):
    with pytest.raises(CommitteeUnlawful):
        compute_totals(ballots(EXAMPLE_1, rules, members))


def test_5_1_example_1_order_c_a_b(rules):
    results = compute_totals(ballots(EXAMPLE_1, rules))
    assert [(item.bid_id, item.items, item.total, item.rank) for item in results] == [
        ("C", {"P": "28.23", "T": "43.40", "B": "18.00"}, "89.63", 1),
        ("A", {"P": "24.84", "T": "45.60", "B": "19.00"}, "89.44", 2),
        ("B", {"P": "30.00", "T": "41.60", "B": "17.00"}, "88.60", 3),
    ]
    assert [item.quote for item in results] == ["880000", "1000000", "920000"]


def test_5_1_example_2_two_parallel_first_and_the_third_third(rules):
    results = compute_totals(ballots(EXAMPLE_2, rules))
    assert [(item.bid_id, item.total, item.rank) for item in results] == [
        ("D", "90.00", 1),
        ("F", "90.00", 1),
        ("E", "90.00", 3),
    ]


def test_engineering_order_breaks_the_tie_by_technical_score(rules):
    engineering = replace(rules, tie_order=("total_desc", "price_asc", "technical_desc"))
    results = compute_totals(ballots(EXAMPLE_2, engineering))
    assert [(item.bid_id, item.rank) for item in results] == [("D", 1), ("F", 2), ("E", 3)]


def test_a_tie_may_be_broken_by_the_quote_instead(rules):
    lines = [("A", "100", "0.10", "40", "10"), ("B", "90", "0", "40", "10"), ("C", "95", "0", "1", "1")]
    by_review = compute_totals(ballots(lines, rules))
    by_quote = compute_totals(ballots(lines, replace(rules, tie_price_basis="quote")))
    assert [(item.bid_id, item.rank) for item in by_review[:2]] == [("A", 1), ("B", 1)]
    assert [(item.bid_id, item.rank) for item in by_quote[:2]] == [("B", 1), ("A", 2)]


def test_deductions_are_taken_off_the_total(rules):
    sample = ballots(EXAMPLE_1, rules)
    extra = CriterionSetup("D", "business", "Faults", "deduction", "5")
    sheets = {
        seat: {**sheet, ("A", "D"): "1.5", ("B", "D"): "0", ("C", "D"): "0"} for seat, sheet in sample.sheets.items()
    }
    results = {
        item.bid_id: item for item in compute_totals(Ballots(sample.bids, (*sample.criteria, extra), sheets, rules))
    }
    assert (results["A"].items["D"], results["A"].total) == ("-1.50", "87.94")
    assert (results["B"].items["D"], results["B"].total) == ("0.00", "88.60")


@pytest.mark.parametrize(
    "change", [{"total": "0.01"}, {"rank": 9}, {"reviewed_price": "1.00"}, {"items": {}}, {"notes": {"deviation": "0"}}]
)
def test_two_paths_that_differ_in_any_figure_stop_the_totals(rules, monkeypatch, change):
    sample = ballots(EXAMPLE_1, rules)
    outcome = summary.compute_outcome(sample)
    results = (replace(outcome.results[0], **change), *outcome.results[1:])
    monkeypatch.setattr(summary, "evaluate", lambda _: replace(outcome, results=results))
    with pytest.raises(TotalsDisagree):
        compute_totals(sample)


MARKS = st.decimals(min_value=0, max_value=50, places=3).map(str)


@given(
    members=st.sampled_from([3, 5, 7, 9]),
    trim=st.sampled_from([None, 5]),
    quotes=st.lists(st.decimals(min_value=1, max_value=10**11, places=2), min_size=1, max_size=5),
    data=st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_both_paths_agree_on_any_sheets_and_no_rank_is_below_its_total(rules, members, trim, quotes, data):
    bids = tuple(
        BidSetup(f"b{n}", "", "", str(quote), data.draw(st.sampled_from(["0", "0.1", "0.15", "0.2"])))
        for n, quote in enumerate(quotes)
    )
    sheets = {f"S{n}": {(bid.bid_id, "T"): data.draw(MARKS) for bid in bids} for n in range(members)}
    results = compute_totals(Ballots(bids, (PRICE, TECHNICAL), sheets, replace(rules, agg_trim_over=trim)))
    assert all(Decimal(item.total) == sum(map(Decimal, item.items.values())) for item in results)
    totals = [Decimal(item.total) for item in results]
    assert totals == sorted(totals, reverse=True)
    assert [item.rank for item in results] == sorted(item.rank for item in results)

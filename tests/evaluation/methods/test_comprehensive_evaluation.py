from decimal import Decimal

import pytest
from msgspec.structs import replace

from evaluation.ballots import Ballots
from evaluation.errors import CommitteeUnlawful
from evaluation.methods.comprehensive_evaluation import TRIM_TABLES, benchmark_of, evaluate, trim_row
from evaluation.recount.totals import recount_totals
from evaluation.refusals_methods import BenchmarkUndefined
from evaluation.setup import BidSetup, CriterionSetup
from evaluation.summary import compute_outcome
from evaluation.terms import DocumentTerms, TrimRow

PRICE = CriterionSetup("P", "price", "Price", "formula", "60")
WORK = CriterionSetup("T", "technical", "Work", "subjective", "40")
T4 = DocumentTerms(trim=TRIM_TABLES["T4"])
T6 = DocumentTerms(trim=TRIM_TABLES["T6"])


def ballots(rules, prices, terms, members=5):
    bids = tuple(BidSetup(f"b{n}", "", "", f"{price}000") for n, price in enumerate(prices))
    sheet = {(bid.bid_id, "T"): "40" for bid in bids}
    engineering = replace(rules, tie_order=("total_desc",), agg_trim_over=5)
    sheets = {f"S{n}": sheet for n in range(members)}
    return Ballots(bids, (PRICE, WORK), sheets, engineering, terms, "comprehensive_evaluation")


def scored(rules, prices, terms):
    outcome = compute_outcome(ballots(rules, prices, terms))
    by_bid = {item.bid_id: item for item in outcome.results}
    return outcome.figures["base"], [by_bid[f"b{n}"].items["P"] for n in range(len(prices))]


FIVE = (9500, 9800, 10000, 10300, 11200)
SIX = (9500, 9800, 10000, 10300, 10400, 11200)
EXAMPLES = [
    ((9800, 10300), T4, "10050000.00", "58.76 57.51"),
    ((9800, 10000, 10300), T4, "10033333.33", "58.84 59.84 57.34"),
    ((9800, 10000, 10300), T6, "10033333.33", "58.84 59.84 57.34"),
    (FIVE, T4, "10033333.33", "57.34 58.84 59.84 57.34 48.37"),
    (FIVE, T6, "10160000.00", "56.75 58.23 59.22 58.62 49.76"),
    (SIX, T4, "10125000.00", "56.92 58.40 59.39 58.27 57.28 49.38"),
    (SIX, T6, "10125000.00", "56.92 58.40 59.39 58.27 57.28 49.38"),
    (SIX, replace(T6, f="0.03"), "9821250.00", "58.37 59.89 58.18 55.13 54.11 45.96"),
    (SIX, replace(T6, k="0.6", ceiling="11500000", f="0.02"), "10461500.00", "55.41 56.84 57.80 59.23 59.71 52.94"),
]


@pytest.mark.parametrize(("prices", "terms", "base", "scores"), EXAMPLES)
def test_5_6_worked_examples(rules, prices, terms, base, scores):
    assert scored(rules, prices, terms) == (base, scores.split())


def test_5_6_three_quotes_have_these_distances(rules):
    results = compute_outcome(ballots(rules, (9800, 10000, 10300), T4)).results
    assert {item.bid_id: item.notes["deviation"] for item in results} == {
        "b0": "-0.0233",
        "b1": "-0.0033",
        "b2": "0.0266",
    }


def test_5_6_the_trimming_table_changes_second_place(rules):
    by_t4, by_t6 = (
        [(item.rank, item.bid_id) for item in compute_outcome(ballots(rules, FIVE, terms)).results]
        for terms in (T4, T6)
    )
    assert by_t4 == [(1, "b2"), (2, "b1"), (3, "b0"), (3, "b3"), (5, "b4")]
    assert by_t6 == [(1, "b2"), (2, "b3"), (3, "b1"), (4, "b0"), (5, "b4")]


def test_a_price_at_the_benchmark_has_full_marks_and_one_far_above_none(rules):
    assert scored(rules, (10000, 10000, 10000), T4)[1] == ["60.00"] * 3
    assert scored(rules, (100, 100, 1000), replace(T4, trim=(TrimRow(3, 1, 0),)))[1] == ["60.00", "60.00", "0.00"]


def test_the_highest_row_that_is_reached_holds():
    table = (TrimRow(10, 2, 2), TrimRow(5, 1, 1))
    assert [trim_row(table, quotes).high for quotes in (4, 5, 9, 10, 30)] == [0, 1, 1, 2, 2]


def test_quotes_outside_the_band_stay_out_of_the_mean_and_are_scored(rules):
    terms = DocumentTerms(ceiling="10000000", band_low="0.85", band_high="1")
    outcome = compute_outcome(ballots(rules, (8499, 8500, 9500, 10001), terms))
    assert outcome.figures == {"base": "9000000.00", "mean": "9000000.00", "counted": "2"}
    outside = {item.bid_id for item in outcome.results if "outside_band" in item.notes}
    assert outside == {"b0", "b3"}
    assert all(Decimal(item.items["P"]) > 0 for item in outcome.results)


def test_the_report_can_name_what_was_trimmed(rules):
    figures = compute_outcome(ballots(rules, FIVE, T4)).figures
    assert (figures["trimmed_low"], figures["trimmed_high"]) == ("9500000.00", "11200000.00")


@pytest.mark.parametrize(
    "terms",
    [
        DocumentTerms(ceiling="1000000", band_high="1"),
        DocumentTerms(k="0.5"),
        DocumentTerms(trim=(TrimRow(2, 1, 1),)),
        DocumentTerms(f="1"),
    ],
)
def test_a_document_that_sets_no_benchmark_stops_the_totals_on_both_paths(rules, terms):
    sample = ballots(rules, (9800, 10300), terms)
    for path in (evaluate, recount_totals):
        with pytest.raises(BenchmarkUndefined):
            path(sample)


def test_six_present_members_are_a_hard_error(rules):
    with pytest.raises(CommitteeUnlawful):
        evaluate(ballots(rules, FIVE, T4, members=6))


def test_the_order_of_the_prices_does_not_matter():
    prices = [Decimal(price) for price in SIX]
    assert benchmark_of(prices, T4) == benchmark_of(prices[::-1], T4)

import pytest
from msgspec.structs import replace

from evaluation.ballots import Ballots
from evaluation.methods.reviewed_lowest import evaluate
from evaluation.ranking import select_candidates
from evaluation.recount.totals import recount_totals
from evaluation.refusals_methods import ReviewedPriceSenseless
from evaluation.setup import BidSetup, CriterionSetup
from evaluation.summary import compute_outcome
from evaluation.terms import DeviationTerm, DocumentTerms

WEEKS = CriterionSetup("W", "deviation", "Weeks later than wished", "objective", "52")
TERMS = DocumentTerms(deviations=(DeviationTerm("W", "20000"),))
EXAMPLE_1 = (("A", "10000000", "6"), ("B", "9950000", "13"), ("C", "10080000", "2"))


def ballots(rules, lines, terms=TERMS, members=5):
    bids = tuple(BidSetup(bid_id, bid_id, "", quote) for bid_id, quote, _ in lines)
    sheet = {(bid_id, "W"): weeks for bid_id, _, weeks in lines}
    sheets = {f"S{n}": sheet for n in range(members)}
    engineering = replace(rules, brand_counts_once=False, tie_final="document_else_committee_vote")
    return Ballots(bids, (WEEKS,), sheets, engineering, terms, "reviewed_lowest")


def test_5_5_example_1_a_and_c_tie_and_the_lower_quote_goes_first(rules):
    outcome = compute_outcome(ballots(rules, EXAMPLE_1))
    assert [(item.rank, item.bid_id, item.reviewed_price) for item in outcome.results] == [
        (1, "A", "10120000.00"),
        (2, "C", "10120000.00"),
        (3, "B", "10210000.00"),
    ]
    assert [item.notes["deviations"] for item in outcome.results] == ["120000.00", "40000.00", "260000.00"]
    assert outcome.figures == {"lowest_reviewed_price": "10120000.00"}


def test_n1117_2_an_unresolved_tie_stays_open_for_a_vote_of_the_committee(rules):
    sample = ballots(rules, (("A", "100", "1"), ("B", "100", "1"), ("C", "200", "1")))
    selection = select_candidates(compute_outcome(sample).results, sample.bids, sample.rules)
    assert [tie.bid_ids for tie in selection.open_ties] == [("A", "B")]


def test_a_document_may_reward(rules):
    outcome = compute_outcome(ballots(rules, EXAMPLE_1, DocumentTerms(deviations=(DeviationTerm("W", "-0.005"),))))
    assert {item.bid_id: item.notes["deviation.W"] for item in outcome.results} == {
        "A": "-0.03",
        "B": "-0.07",
        "C": "-0.01",
    }


def test_deviations_that_leave_no_price_stop_both_paths(rules):
    sample = ballots(rules, EXAMPLE_1, DocumentTerms(deviations=(DeviationTerm("W", "-9000000"),)))
    for path in (evaluate, recount_totals):
        with pytest.raises(ReviewedPriceSenseless):
            path(sample)

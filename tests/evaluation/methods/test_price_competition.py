from datetime import UTC, datetime, timedelta

from evaluation.ballots import Ballots
from evaluation.ranking import select_candidates
from evaluation.setup import BidSetup
from evaluation.summary import compute_outcome
from evaluation.terms import DocumentTerms

TEN = datetime(2026, 3, 2, 10, tzinfo=UTC)


def compete(rules, offers, reserve="480"):
    bids = tuple(
        BidSetup(f"b{n}", "", "", price, offered_at=None if minute is None else TEN + timedelta(minutes=minute))
        for n, (price, minute) in enumerate(offers)
    )
    outcome = compute_outcome(Ballots(bids, (), {}, rules, DocumentTerms(reserve=reserve), "price_competition"))
    return outcome, select_candidates(outcome.results, bids, rules)


def test_5_8_example_1_the_earlier_of_equal_highest_prices_wins(rules):
    outcome, selection = compete(rules, [("500", 1), ("520", 3), ("520", 5)])
    assert outcome.figures == {"sold": "yes", "reserve": "480.00"}
    assert [(item.place, item.bid_id) for item in selection.candidates] == [(1, "b1"), (2, "b2"), (3, "b0")]
    assert selection.open_ties == ()


def test_5_8_example_2_below_the_reserve_nothing_is_sold(rules):
    outcome, selection = compete(rules, [("470", 1), ("460", 2)])
    assert outcome.figures["sold"] == "no"
    assert selection.candidates == ()
    assert {item.candidacy for item in selection.results} == {"below_reserve"}


def test_offers_below_the_reserve_are_ranked_and_cannot_win(rules):
    _, selection = compete(rules, [("479.99", 1), ("480", 2)])
    assert [(item.rank, item.bid_id, item.candidacy) for item in selection.results] == [
        (1, "b1", "open"),
        (2, "b0", "below_reserve"),
    ]
    assert [item.bid_id for item in selection.candidates] == ["b1"]


def test_without_reserve_everything_can_be_sold_and_an_offer_without_instant_comes_last(rules):
    outcome, _ = compete(rules, [("5", None), ("5", 9)], reserve=None)
    assert outcome.figures == {"sold": "yes"}
    assert [item.bid_id for item in outcome.results] == ["b1", "b0"]

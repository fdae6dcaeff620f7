from evaluation.findings import Rejection
from evaluation.review_state import Clarification, Opinion, PriceRepair, Qualification, ReviewState


def asked(status, purpose="low_price"):
    return Clarification(
        clarification_id="Q1", bid_id="A", purpose=purpose, question="?", page="1", seat_id="S1", status=status
    )


def test_a_bidder_was_asked_once_the_question_is_answered_and_judged_or_lapsed():
    for status, was_asked in (("draft", False), ("answered", False), ("settled", True), ("lapsed", True)):
        state = ReviewState(clarifications={"Q1": asked(status)})
        assert state.was_asked("A", "low_price") is was_asked
        assert not state.was_asked("B", "low_price")
        assert not state.was_asked("A", "other")


def test_a_copy_shares_no_collection():
    state = ReviewState(opinions={"M1": {}})
    copied = state.copy()
    copied.opinions["M1"]["S1"] = Opinion(True, "so")
    copied.competition_votes["S1"] = Opinion(True, "so")
    copied.clarifications["Q1"] = asked("draft")
    assert state == ReviewState(opinions={"M1": {}})


def test_excluded_bids_and_repaired_prices():
    repair = PriceRepair(repair_id="F1", bid_id="A", clarification_id="Q1", before="2", after="1", steps=())
    state = ReviewState(
        qualifications={
            ("A", "Q"): Qualification("A", "Q", True, "", "", ""),
            ("B", "Q"): Qualification("B", "Q", False, "P3", "1", "no"),
        },
        exclusions=(Rejection("C", "price_repair", 0, 5, ()),),
        repairs={"F1": repair},
    )
    assert state.excluded() == {"B", "C"}
    assert state.repaired_price("A") is None

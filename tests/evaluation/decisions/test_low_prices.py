"""Section 5.4 in the room: the task opens, the bidder is asked, the committee judges, the bid stays or falls."""

from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.errors import UnknownBid
from evaluation.events_review import BidRejected, ClarificationSettled, LowPriceOpened, LowPriceSettled
from evaluation.findings import Rejection
from evaluation.protocol import Actor, Viewer
from evaluation.refusals_review import CompetitionUndecided, LowPriceKnown, LowPricesOpen, MotionsOpen
from evaluation.report import compile_report
from evaluation.review_state import LowPriceFinding
from evaluation.room import Room
from evaluation.setup import BidSetup
from evaluation.stages import Stage
from evaluation.terms import DocumentTerms
from evaluation.visibility import view

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")
LP2 = {"low_price_mean": "0.50", "low_price_next": "0.50", "low_price_ceiling": "0.45"}
ARGUED = {"prelim_below_min": "argued_vote", "prelim_grounds": ("P2", "P4", "R5")}


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def detailed(new_play, prices, ceiling, **rules):
    bids = tuple(BidSetup(name, f"bidder {name}", "", price) for name, price in zip("ABCD", prices, strict=False))
    play = new_play(rules={**LP2, **rules}, bids=bids, terms=DocumentTerms(ceiling=ceiling)).go(Stage.DETAILED)
    sheet = {(bid.bid_id, item): value for bid in bids for item, value in (("T", "40"), ("B", "15"))}
    play.marks = dict.fromkeys(SEATS, sheet)
    return play


def explain(play, favour):
    number = play.ask("A", "low_price", "How is this price made up?")
    play.do(rv.RecordAnswer(number, "Own plant next door."), ENTITY)
    return play.decide("M1", favour)


@pytest.mark.parametrize(
    ("prices", "ceiling", "triggers"),
    [
        (("41", "78", "80", "89"), "100", [("ceiling", "45.00")]),
        (("30", "70", "72", "75"), "90", [("mean", "30.875"), ("next", "35.00"), ("ceiling", "40.50")]),
        (("36", "70", "72", "75"), "90", [("ceiling", "40.50")]),
    ],
    ids=["example-1", "example-2", "example-3"],
)
def test_lp2_worked_examples_open_a_task_that_blocks_every_sheet(new_play, prices, ceiling, triggers):
    play = detailed(new_play, prices, ceiling)
    [task] = play.room.state.review.low_prices.values()
    assert task.findings == tuple(LowPriceFinding("A", name, prices[0], limit) for name, limit in triggers)
    play.fill("S1")
    with pytest.raises(LowPricesOpen):
        play.do(cmd.SubmitSheet(), member("S1"))
    assert [row["bid_id"] for row in view(play.room, Viewer("member", "S4"))["low_prices"]] == ["A"]


def test_o87_art_60_a_price_explained_stays_in(new_play):
    play = detailed(new_play, ("41", "78", "80", "89"), "100")
    assert explain(play, 3)[-2:] == [ClarificationSettled("Q1", True), LowPriceSettled("A", True)]
    play.go(Stage.ARCHIVED)
    [row] = compile_report(play.room).low_prices
    assert (row.bid_id, row.accepted) == ("A", True)
    assert Room.replay(play.records).state == play.room.state


def test_o87_art_60_a_price_not_explained_makes_the_bid_invalid(new_play):
    play = detailed(new_play, ("41", "78", "80", "89"), "100", prelim_grounds=("P2", "P4", "P6"))
    rejection = Rejection("A", "low_price", 3, 5, (("P6", "p. 7"),))
    assert explain(play, 2)[-1] == BidRejected(rejection, ("B", "C", "D"), 3)
    play.go(Stage.ARCHIVED)
    assert compile_report(play.room).compliant == ("B", "C", "D")
    assert [row.check for row in compile_report(play.room).rejections] == ["low_price"]


def test_o87_art_60_silence_goes_to_the_vote_as_well(new_play):
    play = detailed(new_play, ("41", "78", "80", "89"), "100", prelim_grounds=("P2", "P4", "P6"))
    number = play.ask("A", "low_price")
    play.at += timedelta(hours=1)
    play.do(rv.LapseClarification(number), play.leader)
    play.fill("S1")
    with pytest.raises(MotionsOpen):
        play.do(cmd.SubmitSheet(), member("S1"))
    assert isinstance(play.decide("M1", 0)[-1], BidRejected)
    assert play.room.state.review.clarifications[number].status == "lapsed"


def test_o12_art_32_example_2_a_bid_below_cost_falls_and_two_are_left(new_play):
    play = detailed(new_play, ("41", "78", "80"), "100", **ARGUED)
    assert explain(play, 0)[-1].rejection.grounds == (("R5", "p. 7"),)
    assert play.room.stage is Stage.DETAILED
    play.fill("S1")
    with pytest.raises(CompetitionUndecided):
        play.do(cmd.SubmitSheet(), member("S1"))
    for seat_id in SEATS:
        play.do(cmd.DecideCompetition(False, "two strong bids"), member(seat_id))
    play.go(Stage.ARCHIVED)


def test_gpl_art_36_in_procurement_two_left_end_the_tender_from_the_detailed_review(new_play):
    play = detailed(new_play, ("41", "78", "80"), "100")
    explain(play, 0)
    assert (play.room.stage, play.room.state.failure.cause) == (Stage.FAILED, "too_few_valid_bids")


def test_o12_art_21_the_committee_may_see_cause_itself(new_play):
    play = detailed(new_play, ("60", "78", "80", "89"), None, low_price_mean=None, low_price_next=None)
    assert play.room.state.review.low_prices == {}
    play.do(rv.SuspectLowPrice("B", "below the cost of steel"), member("S2"))
    with pytest.raises(LowPriceKnown):
        play.do(rv.SuspectLowPrice("B", "again"), member("S3"))
    assert play.decide("M1", 3)[-1] == LowPriceOpened("B", "below the cost of steel")
    with pytest.raises(LowPriceKnown):
        play.do(rv.SuspectLowPrice("B", "again"), member("S3"))
    with pytest.raises(UnknownBid):
        play.do(rv.SuspectLowPrice("Z", "who"), member("S3"))
    play.do(rv.SuspectLowPrice("C", "no cause really"), member("S3"))
    play.decide("M2", 2)
    assert list(play.room.state.review.low_prices) == ["B"]

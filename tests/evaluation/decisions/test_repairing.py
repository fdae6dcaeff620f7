"""Section 5.3 in the room: the rules repair, the bidder confirms, or the bid is out."""

from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.errors import PriceMalformed
from evaluation.events_review import BidRejected, ClarificationSettled, PriceRepairSettled
from evaluation.findings import Rejection
from evaluation.protocol import Actor
from evaluation.refusals_review import ClarificationsOpen, ConfirmationMissing, NothingToRepair, RepairKnown
from evaluation.report import compile_report
from evaluation.setup import BidSetup
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
BIDS = tuple(
    BidSetup(name, name, "", price)
    for name, price in zip("ABCD", ("1520000", "900000", "950000", "980000"), strict=True)
)
PROCUREMENT = ("summary", "words", "decimal", "unit")


@pytest.fixture
def review(new_play):
    return new_play(rules={"price_repair_order": PROCUREMENT}, bids=BIDS).go(Stage.PRELIMINARY)


def repair(play, **stated):
    until = play.at + timedelta(minutes=30)
    command = rv.ProposePriceRepair("A", "1520000", "Do you confirm?", "p. 3", until, **stated)
    [proposed, *_] = play.do(command, play.leader)
    play.do(rv.RelayClarification("Q1"), ENTITY)
    return proposed


def test_o87_art_59_example_1_words_over_figures_confirmed_by_the_bidder(review):
    proposed = repair(review, words="1250000")
    assert (proposed.before, proposed.after) == ("1520000", "1250000.00")
    assert proposed.steps == (("words", "total", "1520000.00", "1250000.00"),)
    review.vote_all()
    with pytest.raises(ClarificationsOpen):
        review.do(cmd.ClosePreliminary(), review.leader)
    with pytest.raises(RepairKnown):
        repair(review, words="1")
    with pytest.raises(ConfirmationMissing):
        review.do(rv.RecordAnswer("Q1", "yes"), ENTITY)
    events = review.do(rv.RecordAnswer("Q1", "yes", True), ENTITY)
    assert events[1:] == [ClarificationSettled("Q1", True), PriceRepairSettled("F1", True)]
    review.do(cmd.ClosePreliminary(), review.leader)
    assert review.room.state.valid_bids()[0].quote == "1250000.00"
    row = compile_report(review.room).opening_record[0]
    assert (row.opened_price, row.quote) == ("1520000", "1250000.00")


@pytest.mark.parametrize("answer", [False, None], ids=["declined", "silent"])
def test_o87_art_59_an_unconfirmed_repair_makes_the_bid_invalid(review, answer):
    repair(review, words="1250000")
    if answer is None:
        review.at += timedelta(hours=1)
        events = review.do(rv.LapseClarification("Q1"), review.leader)
    else:
        events = review.do(rv.RecordAnswer("Q1", "no", answer), ENTITY)
    rejection = Rejection("A", "price_repair", 0, 5, (("P6", "p. 3"),), "rule")
    assert events[-2:] == [PriceRepairSettled("F1", False), BidRejected(rejection, (), 0)]
    review.vote_all()
    [closed, _] = review.do(cmd.ClosePreliminary(), review.leader)
    assert (closed.valid, closed.rejections) == (("B", "C", "D"), (rejection,))
    [row] = compile_report(review.room).rejections
    assert (row.check, row.by) == ("price_repair", "rule")


def test_o87_art_59_example_2_unit_prices_hold_and_nothing_consistent_is_repaired(review):
    items = (rv.ClaimedItem("desk", "10", "1200"), rv.ClaimedItem("chair", "5", "3000"))
    until = review.at + timedelta(minutes=5)
    with pytest.raises(NothingToRepair):
        review.do(rv.ProposePriceRepair("A", "27000", "?", "p. 3", until, items=items), review.leader)
    with pytest.raises(PriceMalformed):
        review.do(rv.ProposePriceRepair("A", "many", "?", "p. 3", until), review.leader)
    [proposed, *_] = review.do(rv.ProposePriceRepair("A", "26500", "?", "p. 3", until, items=items), review.leader)
    assert proposed.after == "27000.00"

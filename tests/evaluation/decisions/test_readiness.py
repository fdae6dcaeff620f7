"""What a review waits for."""

from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.decisions.readiness import is_short_of_bids, require_review_done, require_settled
from evaluation.events_review import BidRejected
from evaluation.findings import Rejection
from evaluation.fold import fold
from evaluation.protocol import Actor
from evaluation.refusals_review import ClarificationsOpen, CompetitionUndecided, MotionsOpen
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


def test_o87_art_51_no_review_ends_while_a_clarification_is_open(review):
    review.vote_all()
    number = review.ask()
    with pytest.raises(ClarificationsOpen):
        review.do(cmd.ClosePreliminary(), review.leader)
    review.do(rv.RecordAnswer(number, "Three years."), ENTITY)
    review.decide("M1", 5)
    review.do(cmd.ClosePreliminary(), review.leader)
    assert review.room.stage is Stage.DETAILED
    review.fill("S1")
    number = review.ask("B")
    with pytest.raises(ClarificationsOpen):
        review.do(cmd.SubmitSheet(), member("S1"))
    review.at += timedelta(hours=1)
    review.do(rv.LapseClarification(number), review.leader)
    review.do(cmd.SubmitSheet(), member("S1"))


def test_o12_art_27_a_bid_that_falls_in_the_detailed_review_opens_the_question_of_competition(new_play):
    play = new_play(rules={"prelim_below_min": "argued_vote"}).go(Stage.DETAILED)
    assert not is_short_of_bids(play.room.state)
    state = play.room.state.copy()
    fold(state, BidRejected(Rejection("B", "low_price", 4, 5, (("R5", "1"),)), ("A", "C"), 2), play.at)
    assert is_short_of_bids(state)
    with pytest.raises(CompetitionUndecided):
        require_review_done(state)


def test_an_undecided_motion_is_waited_for(review):
    review.do(rv.RecordAnswer(review.ask(), "Three years."), ENTITY)
    state = review.room.state.copy()
    state.review.clarifications.clear()
    with pytest.raises(MotionsOpen):
        require_settled(state)

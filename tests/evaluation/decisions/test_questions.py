"""What may be asked of a bidder, and when."""

from datetime import UTC, datetime, timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.errors import LeaderOnly, UnknownBid, WrongStage
from evaluation.protocol import Actor
from evaluation.refusals_review import (
    ClarificationClosed,
    DeadlineInvalid,
    LeadingQuestion,
    MemberNamed,
    QuestionMissing,
    UnknownClarification,
)
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


def test_o12_art_20_no_leading_question_and_no_member_reaches_a_bidder(review):
    until = review.at + timedelta(hours=1)
    for question, page, refusal in (
        (" ", "p. 1", QuestionMissing), ("Why?", " ", QuestionMissing), ("评委C asks", "p. 1", MemberNamed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            review.do(rv.DraftClarification("A", "other", question, page), member("S2"))
    with pytest.raises(UnknownBid):
        review.do(rv.DraftClarification("Z", "other", "Why?", "p. 1"), member("S2"))
    review.do(rv.DraftClarification("A", "other", "Why?", "p. 1"), member("S2"))
    with pytest.raises(LeadingQuestion):
        review.do(rv.SendClarification("Q1", False, until), review.leader)
    with pytest.raises(LeaderOnly):
        review.do(rv.SendClarification("Q1", True, until), member("S2"))
    for late in (review.at, datetime(2030, 1, 1)):  # noqa: DTZ001
        with pytest.raises(DeadlineInvalid):
            review.do(rv.SendClarification("Q1", True, late), review.leader)
    review.do(rv.DropClarification("Q1", "answered on page 3"), review.leader)
    for command in (rv.SendClarification("Q1", True, until), rv.DropClarification("Q1", "again")):
        with pytest.raises(UnknownClarification):
            review.do(command, review.leader)


def test_no_question_between_the_close_of_one_review_and_the_next(new_play):
    play = new_play(rules={"prelim_below_min": "argued_vote"}).go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): ("S1", "S2", "S3")})
    play.do(cmd.ClosePreliminary(), play.leader)
    with pytest.raises(ClarificationClosed):
        play.do(rv.DraftClarification("B", "other", "Why?", "p. 1"), member("S1"))
    for seat_id in SEATS:
        play.do(cmd.DecideCompetition(False, "two strong bids"), member(seat_id))
    with pytest.raises(UnknownBid):
        play.do(rv.DraftClarification("A", "other", "Why?", "p. 1"), member("S1"))
    play.go(Stage.CONSISTENCY_CHECK)
    with pytest.raises(WrongStage):
        play.do(rv.DraftClarification("B", "other", "Why?", "p. 1"), member("S1"))


def test_instants_are_kept_in_utc(review):
    [drafted] = review.do(rv.DraftClarification("A", "other", "Why?", "p. 1"), member("S3"))
    until = review.at + timedelta(minutes=30)
    [sent] = review.do(rv.SendClarification(drafted.clarification_id, True, until), review.leader)
    assert sent.answer_by.tzinfo is UTC

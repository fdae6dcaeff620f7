"""ER-09 and ER-10: who asks a bidder, how the question travels, which answers count."""

from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.decisions.questions import content_digest
from evaluation.errors import RoleForbidden
from evaluation.events_review import (
    ClarificationAnswered,
    ClarificationLapsed,
    ClarificationSettled,
    MotionDecided,
    MotionOpened,
)
from evaluation.protocol import Actor
from evaluation.refusals_review import (
    AnswerLate,
    AnswerNotLate,
    AnswerUnsolicited,
    AskFirst,
    CauseOnPass,
)
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(new_play):
    return new_play(rules={"clarify_before_reject": True}).go(Stage.PRELIMINARY)


def test_tbr_art_52_a_clarification_from_draft_to_judged_answer(review):
    number = review.ask()
    answered, motion = review.do(rv.RecordAnswer(number, "Three years, as on page 9."), ENTITY)
    assert answered == ClarificationAnswered("Q1", "Three years, as on page 9.", None, "")
    assert motion == MotionOpened("M1", "answer_admissible", "Q1", "A", "Which warranty is meant?")
    assert review.decide("M1", 3)[1:] == [MotionDecided("M1", True, 3, 5), ClarificationSettled("Q1", True)]
    item = review.room.state.review.clarifications["Q1"]
    assert (item.status, item.accepted) == ("settled", True)
    assert item.digest == content_digest(item, item.answer_by)


def test_o87_art_51_an_answer_beyond_the_bid_is_not_used(review):
    review.do(rv.RecordAnswer(review.ask(), "We add two years for free."), ENTITY)
    assert review.decide("M1", 2)[-1] == ClarificationSettled("Q1", False)
    assert review.room.state.review.clarifications["Q1"].accepted is False


def test_o87_art_62_unsolicited_and_late_answers_are_refused(review):
    with pytest.raises(AnswerUnsolicited):
        review.do(rv.RecordAnswer("Q1", "By the way"), ENTITY)
    number = review.ask()
    with pytest.raises(RoleForbidden):
        review.do(rv.RecordAnswer(number, "three years"), member("S1"))
    with pytest.raises(AnswerNotLate):
        review.do(rv.LapseClarification(number), review.leader)
    review.at += timedelta(hours=1)
    with pytest.raises(AnswerLate):
        review.do(rv.RecordAnswer(number, "three years"), ENTITY)
    assert review.do(rv.LapseClarification(number), review.leader) == [ClarificationLapsed("Q1")]
    with pytest.raises(AnswerUnsolicited):
        review.do(rv.RecordAnswer(number, "three years"), ENTITY)


def test_n1117_13_no_rejection_for_an_error_before_the_bidder_was_asked(review):
    reject = cmd.VoteCheck("A", "K1", False, "P2", "12", "", "evident_error")
    with pytest.raises(AskFirst):
        review.do(reject, member("S1"))
    with pytest.raises(CauseOnPass):
        review.do(cmd.VoteCheck("A", "K1", True, cause="evident_error"), member("S1"))
    review.ask(purpose="unclear_text")
    number = review.ask(purpose="evident_error")
    with pytest.raises(AskFirst):
        review.do(reject, member("S1"))
    review.do(rv.RecordAnswer(number, "A slip of the pen."), ENTITY)
    review.decide("M1", 5)
    assert review.do(reject, member("S1"))[0].cause == "evident_error"

"""ER-09 and ER-10: who asks a bidder, how the question travels, which answers count."""

from datetime import UTC, datetime, timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.decisions.questions import content_digest
from evaluation.errors import LeaderOnly, RoleForbidden, UnknownBid, WrongStage
from evaluation.events_review import (
    ClarificationAnswered,
    ClarificationLapsed,
    ClarificationSettled,
    MotionDecided,
    MotionOpened,
)
from evaluation.protocol import Actor, Viewer
from evaluation.refusals_review import (
    AnswerLate,
    AnswerNotLate,
    AnswerUnsolicited,
    AskFirst,
    CauseOnPass,
    ClarificationClosed,
    ClarificationsOpen,
    DeadlineInvalid,
    LeadingQuestion,
    MemberNamed,
    QuestionMissing,
    UnknownClarification,
)
from evaluation.room import Room
from evaluation.stages import Stage
from evaluation.visibility import view

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def ask(play, bid_id="A", purpose="unclear_text", question="Which warranty is meant?"):
    """A member drafts, the leader sends, the entity relays. Returns the id."""
    [drafted] = play.do(rv.DraftClarification(bid_id, purpose, question, "p. 7"), member("S3"))
    until = play.at + timedelta(minutes=30)
    play.do(rv.SendClarification(drafted.clarification_id, True, until), play.leader)
    play.do(rv.RelayClarification(drafted.clarification_id), ENTITY)
    return drafted.clarification_id


def decide(play, motion_id, favour):
    """All members vote; the first `favour` of them in favour. Returns the last events."""
    for number, seat_id in enumerate(SEATS):
        events = play.do(rv.VoteMotion(motion_id, number < favour, f"because {seat_id}"), member(seat_id))
    return events


@pytest.fixture
def review(new_play):
    return new_play(rules={"clarify_before_reject": True}).go(Stage.PRELIMINARY)


def test_tbr_art_52_a_clarification_from_draft_to_judged_answer(review):
    number = ask(review)
    answered, motion = review.do(rv.RecordAnswer(number, "Three years, as on page 9."), ENTITY)
    assert answered == ClarificationAnswered("Q1", "Three years, as on page 9.", None, "")
    assert motion == MotionOpened("M1", "answer_admissible", "Q1", "A", "Which warranty is meant?")
    assert decide(review, "M1", 3)[1:] == [MotionDecided("M1", True, 3, 5), ClarificationSettled("Q1", True)]
    item = review.room.state.review.clarifications["Q1"]
    assert (item.status, item.accepted) == ("settled", True)
    assert item.digest == content_digest(item, item.answer_by)


def test_o87_art_51_an_answer_beyond_the_bid_is_not_used(review):
    review.do(rv.RecordAnswer(ask(review), "We add two years for free."), ENTITY)
    assert decide(review, "M1", 2)[-1] == ClarificationSettled("Q1", False)
    assert review.room.state.review.clarifications["Q1"].accepted is False


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


def test_o87_art_62_unsolicited_and_late_answers_are_refused(review):
    with pytest.raises(AnswerUnsolicited):
        review.do(rv.RecordAnswer("Q1", "By the way"), ENTITY)
    number = ask(review)
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
    ask(review, purpose="unclear_text")
    number = ask(review, purpose="evident_error")
    with pytest.raises(AskFirst):
        review.do(reject, member("S1"))
    review.do(rv.RecordAnswer(number, "A slip of the pen."), ENTITY)
    decide(review, "M1", 5)
    assert review.do(reject, member("S1"))[0].cause == "evident_error"


def test_o87_art_51_no_review_ends_while_a_clarification_is_open(review):
    review.vote_all()
    number = ask(review)
    with pytest.raises(ClarificationsOpen):
        review.do(cmd.ClosePreliminary(), review.leader)
    review.do(rv.RecordAnswer(number, "Three years."), ENTITY)
    decide(review, "M1", 5)
    review.do(cmd.ClosePreliminary(), review.leader)
    assert review.room.stage is Stage.DETAILED
    review.fill("S1")
    number = ask(review, "B")
    with pytest.raises(ClarificationsOpen):
        review.do(cmd.SubmitSheet(), member("S1"))
    review.at += timedelta(hours=1)
    review.do(rv.LapseClarification(number), review.leader)
    review.do(cmd.SubmitSheet(), member("S1"))


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


def test_chapter_4_who_sees_a_clarification(review):
    review.do(rv.DraftClarification("A", "other", "canary draft", "p. 1"), member("S2"))
    assert "canary draft" in str(view(review.room, Viewer("member", "S1")))
    assert "canary draft" in str(view(review.room, Viewer("member", "S2")))
    for hidden in (Viewer("member", "S3"), Viewer("procuring_entity"), Viewer("supervisor")):
        assert "canary draft" not in str(view(review.room, hidden))
    number = ask(review, question="canary question")
    review.do(rv.RecordAnswer(number, "canary answer"), ENTITY)
    decide(review, "M1", 0)
    seen = view(review.room, Viewer("procuring_entity"))
    assert [row["question"] for row in seen["relay"]] == ["canary question"]
    assert [(row["bidder"], row["status"]) for row in seen["relay"]] == [("Canary bidder A", "answered")]
    assert not [seat for seat in review.setup.seats if seat.seat_id in str(seen) or seat.alias in str(seen)]
    assert "M1" not in str(seen)
    for viewer in (Viewer("guest_operator", venue_id="V2"), Viewer("host_operator", venue_id="V1"), Viewer("auditor")):
        assert "canary question" not in str(view(review.room, viewer))


def test_votes_on_an_answer_stay_hidden_until_the_last(review):
    review.do(rv.RecordAnswer(ask(review), "Three years."), ENTITY)
    for seat_id in SEATS[:4]:
        review.do(rv.VoteMotion("M1", True, f"canary {seat_id}"), member(seat_id))
    [row] = view(review.room, Viewer("member", "S5"))["motions"]
    assert (row["cast"], row["mine"], "opinions" in row) == (4, None, False)
    review.do(rv.VoteMotion("M1", False, "too much"), member("S5"))
    [row] = view(review.room, Viewer("member", "S5"))["motions"]
    assert len(row["opinions"]) == 5
    assert Room.replay(review.records).state == review.room.state


def test_instants_are_kept_in_utc(review):
    [drafted] = review.do(rv.DraftClarification("A", "other", "Why?", "p. 1"), member("S3"))
    until = review.at + timedelta(minutes=30)
    [sent] = review.do(rv.SendClarification(drafted.clarification_id, True, until), review.leader)
    assert sent.answer_by.tzinfo is UTC

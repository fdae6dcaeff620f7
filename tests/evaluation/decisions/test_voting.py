"""Argued votes of the committee."""

import pytest

from evaluation import commands_review as rv
from evaluation.errors import ReasonMissing, RoleForbidden
from evaluation.events_review import MotionDecided
from evaluation.protocol import Actor, Viewer
from evaluation.refusals_review import MotionVotedAlready, UnknownMotion
from evaluation.room import Room
from evaluation.stages import Stage
from evaluation.visibility import view

ENTITY = Actor("procuring_entity")
SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


def test_votes_on_an_answer_stay_hidden_until_the_last(review):
    review.do(rv.RecordAnswer(review.ask(), "Three years."), ENTITY)
    for seat_id in SEATS[:4]:
        review.do(rv.VoteMotion("M1", True, f"canary {seat_id}"), member(seat_id))
    [row] = view(review.room, Viewer("member", "S5"))["motions"]
    assert (row["cast"], row["mine"], "opinions" in row) == (4, None, False)
    review.do(rv.VoteMotion("M1", False, "too much"), member("S5"))
    [row] = view(review.room, Viewer("member", "S5"))["motions"]
    assert len(row["opinions"]) == 5
    assert Room.replay(review.records).state == review.room.state


@pytest.mark.parametrize(("favour", "carried"), [(2, False), (3, True)])
def test_o87_art_61_more_than_half_of_all_seats_carry_a_motion(review, favour, carried):
    review.do(rv.RecordAnswer(review.ask(), "Three years."), ENTITY)
    assert review.decide("M1", favour)[1] == MotionDecided("M1", carried, favour, 5)


def test_a_vote_is_argued_cast_once_and_for_an_open_motion_only(review):
    review.do(rv.RecordAnswer(review.ask(), "Three years."), ENTITY)
    for motion_id, reason, refusal in (("M9", "so", UnknownMotion), ("M1", " ", ReasonMissing)):
        with pytest.raises(refusal):
            review.do(rv.VoteMotion(motion_id, True, reason), member("S1"))
    review.do(rv.VoteMotion("M1", True, "so"), member("S1"))
    with pytest.raises(MotionVotedAlready):
        review.do(rv.VoteMotion("M1", False, "no"), member("S1"))
    with pytest.raises(RoleForbidden):
        review.do(rv.VoteMotion("M1", False, "no"), ENTITY)
    for seat_id in SEATS[1:]:
        review.do(rv.VoteMotion("M1", True, "so"), member(seat_id))
    with pytest.raises(UnknownMotion):
        review.do(rv.VoteMotion("M1", True, "so"), member("S1"))

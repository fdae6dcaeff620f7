"""ER-05: in procurement the entity or its agency checks qualification, the committee compliance only."""

import pytest

from evaluation import commands as cmd
from evaluation import commands_review as rv
from evaluation.errors import AlreadyDone, ReasonMissing, RoleForbidden, UnknownBid, UnknownCheck
from evaluation.findings import Rejection
from evaluation.protocol import Actor, Viewer
from evaluation.refusals import GroundMissing, GroundUnknown
from evaluation.refusals_review import CheckNotYours, QualificationMissing
from evaluation.setup import BidSetup, CheckSetup
from evaluation.stages import Stage
from evaluation.visibility import view

ENTITY = Actor("procuring_entity")


@pytest.fixture
def review(new_play, setup):
    bids = (*setup.bids, BidSetup("D", "Canary bidder D", "", "990000"))
    checks = (*setup.checks, CheckSetup("Q", "Licence", "qualification", "P3"))
    return new_play(rules={"prelim_stages": ("compliance",)}, bids=bids, checks=checks).go(Stage.PRELIMINARY)


def qualify(play, failed=()):
    for bid in play.setup.bids:
        if bid.bid_id in failed:
            play.do(rv.DecideQualification(bid.bid_id, "Q", False, "P3", "p. 2", "no licence"), ENTITY)
        else:
            play.do(rv.DecideQualification(bid.bid_id, "Q", True), ENTITY)


def vote_compliance(play, bids):
    for seat in play.setup.seats:
        for bid_id in bids:
            for check_id in ("K1", "K2"):
                play.do(cmd.VoteCheck(bid_id, check_id, True), Actor("member", seat_id=seat.seat_id))


def test_o87_art_44_the_entity_qualifies_and_the_committee_votes_on_the_others(review):
    vote_compliance(review, "ABC")
    with pytest.raises(QualificationMissing):
        review.do(cmd.ClosePreliminary(), review.leader)
    qualify(review, failed=("D",))
    [closed, moved] = review.do(cmd.ClosePreliminary(), review.leader)
    assert closed.valid == ("A", "B", "C")
    assert closed.rejections == (Rejection("D", "Q", 0, 0, (("P3", "p. 2"),), "procuring_entity"),)
    assert moved.target is Stage.DETAILED
    with pytest.raises(AlreadyDone):
        raise_late(review)


def raise_late(play):
    play.room.state.stage = Stage.PRELIMINARY
    play.do(rv.DecideQualification("A", "Q", True), ENTITY)


def test_o87_art_44_and_50_nobody_decides_the_checks_of_the_other(review):
    with pytest.raises(CheckNotYours):
        review.do(cmd.VoteCheck("A", "Q", True), Actor("member", seat_id="S1"))
    with pytest.raises(CheckNotYours):
        review.do(rv.DecideQualification("A", "K1", True), ENTITY)
    for role in ("supervisor", "host_operator"):
        with pytest.raises(RoleForbidden):
            review.do(rv.DecideQualification("A", "Q", True), Actor(role, venue_id="V1"))
    for command, refusal in (
        (rv.DecideQualification("Z", "Q", True), UnknownBid),
        (rv.DecideQualification("A", "Z", True), UnknownCheck),
        (rv.DecideQualification("A", "Q", False), GroundMissing),
        (rv.DecideQualification("A", "Q", False, "R9", "1"), GroundUnknown),
        (rv.DecideQualification("A", "Q", False, "P3", "1", " "), ReasonMissing),
    ):
        with pytest.raises(refusal):
            review.do(command, ENTITY)


def test_o87_art_44_with_fewer_than_three_qualified_there_is_no_evaluation(review):
    qualify(review, failed=("C", "D"))
    vote_compliance(review, "AB")
    review.do(cmd.ClosePreliminary(), review.leader)
    assert (review.room.stage, review.room.state.failure.cause) == (Stage.FAILED, "too_few_valid_bids")


def test_the_entity_sees_its_own_checks_alone(review):
    qualify(review)
    shown = view(review.room, Viewer("procuring_entity"))["qualification"]
    assert [check["check_id"] for check in shown["checks"]] == ["Q"]
    assert len(shown["decisions"]) == 4

import pytest

from evaluation import commands as cmd
from evaluation.decisions.review import fail_or_wait, find_rejections, is_majority
from evaluation.errors import AlreadyDone, ReasonMissing, UnknownBid, UnknownCheck
from evaluation.events import CompetitionDecided, PreliminaryClosed, RoomFailed, StageChanged
from evaluation.events_review import CompetitionVoted
from evaluation.findings import Rejection
from evaluation.protocol import Actor
from evaluation.refusals import DecisionNotDue, GroundMissing, GroundOnPass, GroundUnknown, VotesMissing
from evaluation.setup import BidSetup
from evaluation.stages import Stage


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.fixture
def review(play):
    return play.go(Stage.PRELIMINARY)


@pytest.mark.parametrize(("seats", "needed"), [(3, 2), (5, 3), (7, 4), (9, 5)])
def test_er_06_rejection_needs_more_than_half_of_all_seats(seats, needed):
    assert next(votes for votes in range(seats + 1) if is_majority(votes, seats)) == needed


def test_tbr_art_51_a_vote_to_reject_names_ground_and_page(review):
    for ground, page in ((None, None), ("P2", None), (None, "3"), ("P2", " "), (" ", "3")):
        with pytest.raises(GroundMissing):
            review.do(cmd.VoteCheck("A", "K1", False, ground, page), member("S1"))
    with pytest.raises(GroundUnknown):
        review.do(cmd.VoteCheck("A", "K1", False, "R1", "3"), member("S1"))
    with pytest.raises(GroundOnPass):
        review.do(cmd.VoteCheck("A", "K1", True, "P2"), member("S1"))
    with pytest.raises(UnknownBid):
        review.do(cmd.VoteCheck("Z", "K1", True), member("S1"))
    with pytest.raises(UnknownCheck):
        review.do(cmd.VoteCheck("A", "K9", True), member("S1"))


def test_the_last_vote_of_a_member_counts(review):
    review.vote_all({("A", "K1"): ("S1", "S2", "S3")})
    review.do(cmd.VoteCheck("A", "K1", True), member("S3"))
    assert find_rejections(review.room.state) == ()


def test_votes_on_different_checks_do_not_add_up(review):
    review.vote_all({("A", "K1"): ("S1", "S2"), ("A", "K2"): ("S3", "S4")})
    assert find_rejections(review.room.state) == ()


def test_the_review_closes_when_every_vote_is_in(review):
    with pytest.raises(VotesMissing) as refusal:
        review.do(cmd.ClosePreliminary(), review.leader)
    assert refusal.value.facts == {"missing": 30}
    review.vote_all()
    assert review.do(cmd.ClosePreliminary(), review.leader) == [
        PreliminaryClosed(("A", "B", "C"), 3, ()),
        StageChanged(Stage.PRELIMINARY, Stage.DETAILED),
    ]


def test_gpl_art_36_fewer_than_three_valid_bids_end_the_procurement(review):
    review.vote_all({("A", "K1"): ("S1", "S2", "S3")})
    assert review.do(cmd.ClosePreliminary(), review.leader) == [
        PreliminaryClosed(("B", "C"), 2, (Rejection("A", "K1", 3, 5, (("P2", "12"),)),)),
        RoomFailed("too_few_valid_bids", 2, 3),
        StageChanged(Stage.PRELIMINARY, Stage.FAILED),
    ]


def test_o87_art_31_bids_of_one_brand_count_once_against_the_minimum(new_play, setup):
    bids = (*setup.bids[:1], BidSetup("G", "g", "", "1", brand="X"), BidSetup("H", "h", "", "1", brand="X"))
    play = new_play(bids=bids).go(Stage.PRELIMINARY)
    play.vote_all()
    assert play.do(cmd.ClosePreliminary(), play.leader)[1] == RoomFailed("too_few_valid_bids", 2, 3)


@pytest.fixture
def argued(new_play):
    play = new_play(rules={"prelim_below_min": "argued_vote"}).go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): ("S1", "S2", "S3", "S4")})
    play.do(cmd.ClosePreliminary(), play.leader)
    return play


def test_o12_art_27_in_engineering_the_room_waits_for_the_argued_decision(argued):
    assert argued.room.stage is Stage.PRELIMINARY
    assert fail_or_wait(argued.room.state) == []
    with pytest.raises(AlreadyDone):
        argued.do(cmd.ClosePreliminary(), argued.leader)
    with pytest.raises(AlreadyDone):
        argued.do(cmd.VoteCheck("A", "K1", True), member("S1"))
    with pytest.raises(ReasonMissing):
        argued.do(cmd.DecideCompetition(False, " "), argued.leader)


def test_o12_art_27_competition_not_lacking_goes_on(argued):
    for seat_id, lacking in (("S1", False), ("S2", True), ("S3", False), ("S4", True)):
        argued.do(cmd.DecideCompetition(lacking, f"why {seat_id}"), member(seat_id))
        with pytest.raises(AlreadyDone):
            argued.do(cmd.DecideCompetition(lacking, "again"), member(seat_id))
    assert argued.room.stage is Stage.PRELIMINARY
    assert argued.do(cmd.DecideCompetition(False, "two strong bids"), member("S5")) == [
        CompetitionVoted("S5", False, "two strong bids"),
        CompetitionDecided(False, "why S1\nwhy S3\ntwo strong bids", 2, 2, 5),
        StageChanged(Stage.PRELIMINARY, Stage.DETAILED),
    ]


def test_o12_art_27_competition_lacking_ends_the_tender(argued):
    for seat_id in ("S1", "S2", "S3", "S4"):
        argued.do(cmd.DecideCompetition(seat_id != "S4", "one price only"), member(seat_id))
    assert argued.do(cmd.DecideCompetition(False, "two prices"), member("S5"))[2:] == [
        RoomFailed("competition_lacking", 2, 3),
        StageChanged(Stage.PRELIMINARY, Stage.FAILED),
    ]


def test_all_bids_rejected_ends_the_tender_under_either_rule(new_play):
    play = new_play(rules={"prelim_below_min": "argued_vote"}).go(Stage.PRELIMINARY)
    play.vote_all({(bid_id, "K1"): ("S1", "S2", "S3") for bid_id in "ABC"})
    assert play.do(cmd.ClosePreliminary(), play.leader)[1] == RoomFailed("all_rejected", 0, 3)


def test_a_decision_on_competition_is_refused_when_none_is_due(review, new_play):
    with pytest.raises(DecisionNotDue):
        review.do(cmd.DecideCompetition(False, "because"), review.leader)
    early = new_play(rules={"prelim_below_min": "argued_vote"}).go(Stage.PRELIMINARY)
    with pytest.raises(DecisionNotDue):
        early.do(cmd.DecideCompetition(False, "because"), early.leader)
    assert fail_or_wait(early.room.state) == []

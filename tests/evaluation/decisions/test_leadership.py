import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation import commands as cmd
from evaluation.decisions.leadership import count_round, eligible_leaders
from evaluation.errors import AlreadyDone
from evaluation.events import BallotTied, LeaderElected, StageChanged
from evaluation.protocol import Actor
from evaluation.refusals import AlreadyVoted, BriefingIncomplete, NotEligibleLeader
from evaluation.stages import Stage

SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def vote(play, choices):
    for seat_id, choice in zip(SEATS, choices, strict=True):
        events = play.do(cmd.VoteLeader(choice), member(seat_id))
    return events


@pytest.fixture
def election(play):
    return play.go(Stage.LEADER_ELECTION)


def test_o12_art_9_example_2_2_1_then_run_off_3_2(election):
    events = vote(election, ["S1", "S1", "S2", "S2", "S3"])
    assert events[1:] == [BallotTied(1, {"S1": 2, "S2": 2, "S3": 1}, ("S1", "S2"))]
    assert eligible_leaders(election.room.state) == ("S1", "S2")
    with pytest.raises(NotEligibleLeader):
        election.do(cmd.VoteLeader("S3"), member("S1"))
    events = vote(election, ["S1", "S2", "S2", "S2", "S1"])
    assert events[1:] == [
        LeaderElected("S2", 2, {"S1": 2, "S2": 3}, "ballot"),
        StageChanged(Stage.LEADER_ELECTION, Stage.BRIEFING),
    ]


def test_after_three_tied_rounds_the_earliest_of_the_draw_leads(new_play):
    play = new_play(rules={"leader_rep_allowed": True}).go(Stage.LEADER_ELECTION)
    # Five votes on two seats cannot tie: the count itself is asked.
    state = play.room.state.copy()
    state.ballots = {"S1": "S1", "S2": "S1", "S3": "S4", "S4": "S4"}
    state.round = 3
    assert count_round(state) == LeaderElected("S1", 3, {"S1": 2, "S4": 2}, "draw_order")


def test_a_five_way_tie_in_every_round_ends_with_the_first_of_the_draw(new_play):
    play = new_play(rules={"leader_rep_allowed": True}).go(Stage.LEADER_ELECTION)
    for _ in range(2):
        assert vote(play, SEATS)[1] == BallotTied(play.room.state.round - 1, dict.fromkeys(SEATS, 1), SEATS)
    events = vote(play, SEATS)
    assert events[1] == LeaderElected("S3", 3, dict.fromkeys(SEATS, 1), "draw_order")
    assert play.room.stage is Stage.BRIEFING


def test_o87_art_45_a_representative_votes_and_cannot_lead(election):
    with pytest.raises(NotEligibleLeader):
        election.do(cmd.VoteLeader("S5"), member("S1"))
    election.do(cmd.VoteLeader("S1"), member("S5"))


def test_o12_art_9_in_engineering_a_representative_may_be_elected(new_play):
    play = new_play(rules={"leader_rep_allowed": True, "leader_method": "elect_or_named"}).go(Stage.LEADER_ELECTION)
    vote(play, ["S5"] * 5)
    assert play.room.state.leader == "S5"


def test_one_vote_each_per_round_for_a_known_seat(election):
    with pytest.raises(NotEligibleLeader):
        election.do(cmd.VoteLeader("S9"), member("S1"))
    election.do(cmd.VoteLeader("S1"), member("S1"))
    with pytest.raises(AlreadyVoted):
        election.do(cmd.VoteLeader("S2"), member("S1"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["S1", "S2", "S3", "S4"]), min_size=5, max_size=5))
def test_the_leader_has_the_unique_most_votes_or_the_round_is_tied(play, choices):
    state = play.room.state.copy()
    state.ballots = dict(zip(SEATS, choices, strict=True))
    most = max(choices.count(seat) for seat in SEATS)
    top = tuple(seat for seat in SEATS if choices.count(seat) == most)
    found = count_round(state)
    assert sum(found.tally.values()) == 5
    if len(top) == 1:
        assert (found.seat_id, found.by) == (top[0], "ballot")
    else:
        assert found.tied == top


def test_the_review_starts_once_every_member_confirmed_the_briefing(play):
    play.go(Stage.BRIEFING)
    for seat_id in SEATS[:4]:
        play.do(cmd.ConfirmBriefing(), member(seat_id))
    with pytest.raises(AlreadyDone):
        play.do(cmd.ConfirmBriefing(), member("S1"))
    with pytest.raises(BriefingIncomplete) as refusal:
        play.do(cmd.StartPreliminary(), play.leader)
    assert refusal.value.facts == {"missing": 1}
    play.do(cmd.ConfirmBriefing(), member("S5"))
    assert play.do(cmd.StartPreliminary(), play.leader) == [StageChanged(Stage.BRIEFING, Stage.PRELIMINARY)]

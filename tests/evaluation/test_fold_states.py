"""Replacement after check-in and what going back leaves in the state."""

from dataclasses import fields

import pytest

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.commands import Command
from evaluation.fold_states import KEPT
from evaluation.protocol import Actor
from evaluation.room import Room
from evaluation.stages import OPEN, Stage
from evaluation.state import RoomState

HOST, SUPERVISOR = Actor("host_operator", venue_id="V1"), Actor("supervisor")
LATE = [stage for stage in OPEN[2:] if stage not in (Stage.PERSONAL_SUBMITTED, Stage.AGGREGATION)]


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def enter(play, seat_id):
    play.check_in(seat_id)
    return play.do(cmd.SignPromise(False), member(seat_id))


def test_every_field_that_going_back_keeps_is_a_field():
    assert {field.name for field in fields(RoomState)} >= KEPT


@pytest.mark.parametrize("stage", LATE)
def test_tbr_art_48_a_member_is_replaced_at_any_stage_and_the_new_one_does_all_the_work(play, stage):
    play.go(stage)
    play.do(cmd.ReplaceSeat("S2", "T9", "taken ill"), HOST)
    state = play.room.state
    assert (state.stage, state.seats["S2"].tenure_id, state.seats["S2"].identity_confirmed) == ("check_in", "T9", False)
    assert "S2" not in {**state.votes, **state.sheets}
    assert state.former[0].tenure_id == "T2"
    assert state.archives[0].seat_id == "S2"
    enter(play, "S2")
    leader_kept = stage is not Stage.LEADER_ELECTION
    assert play.room.stage is (Stage.BRIEFING if leader_kept else Stage.LEADER_ELECTION)
    play.go(Stage.ARCHIVED) if not leader_kept else finish(play, "S2")
    assert play.room.stage is Stage.ARCHIVED
    assert Room.replay(play.records).state == play.room.state


def finish(play, seat_id):
    """Let the new member catch up alone: what the others did stands, and the committee derives its result anew."""
    for standing in play.setup.seats:
        if not play.room.state.seats[standing.seat_id].briefed:
            play.do(cmd.ConfirmBriefing(), member(standing.seat_id))
    play.do(cmd.StartPreliminary(), play.leader)
    for seat in play.setup.seats:
        for bid in play.setup.bids:
            for check in play.setup.checks:
                if (bid.bid_id, check.check_id) not in play.room.state.votes.get(seat.seat_id, {}):
                    play.do(cmd.VoteCheck(bid.bid_id, check.check_id, True), member(seat.seat_id))
    play.do(cmd.ClosePreliminary(), play.leader)
    for seat in play.setup.seats:
        if not play.room.state.seats[seat.seat_id].submitted:
            play.fill(seat.seat_id)
            play.do(cmd.SubmitSheet(), member(seat.seat_id))
    play.go(Stage.ARCHIVED)


def test_tbr_art_48_the_opinions_of_the_former_are_void_and_kept_and_those_of_the_others_stand(play):
    play.marks["S2"] = {**dict.fromkeys([("A", "T"), ("B", "T"), ("C", "T")], "40"), ("A", "B"): "19"} | {
        ("B", "B"): "17", ("C", "B"): "18",
    }  # fmt: skip
    play.go(Stage.CANDIDATES)
    old = play.room.state.totals
    play.do(cmd.ReplaceSeat("S2", "T9", "taken ill"), SUPERVISOR)
    state = play.room.state
    assert state.totals is None
    assert state.preliminary is None
    assert [seat_id for seat_id, seat in state.seats.items() if seat.submitted] == ["S1", "S3", "S4", "S5"]
    archived = state.archives[0].forms
    assert archived.sheets["S2"]["A", "T"] == "40"
    assert archived.totals is old
    assert (archived.archives, archived.marks) == ((), {})
    enter(play, "S2")
    play.marks = {}
    finish(play, "S2")
    assert {item.items["T"] for item in play.room.state.totals.results if item.bid_id == "A"} == {"45.60"}
    assert {item.items["T"] for item in old.results if item.bid_id == "A"} == {"44.48"}


def test_a_second_member_replaced_while_the_first_checks_in_leaves_no_opinion_either(play):
    play.go(Stage.CONSISTENCY_CHECK)
    for seat_id, tenure_id in (("S2", "T8"), ("S3", "T9")):
        play.do(cmd.ReplaceSeat(seat_id, tenure_id, "taken ill"), HOST)
    state = play.room.state
    assert not {"S2", "S3"} & {*state.votes, *state.sheets}
    assert [(item.seat_id, item.stage) for item in state.archives] == [("S2", "consistency_check"), ("S3", "check_in")]


def test_o12_art_9_a_replaced_leader_leads_to_a_new_election(play):
    play.go(Stage.DETAILED)
    play.do(cmd.ReplaceSeat("S1", "T9", "misconduct"), SUPERVISOR)
    assert play.room.state.leader is None
    enter(play, "S1")
    assert play.room.stage is Stage.LEADER_ELECTION
    play.each(lambda _: cmd.VoteLeader("S3"))
    assert (play.room.stage, play.room.state.leader) == (Stage.BRIEFING, "S3")
    finish(play, "S1")


def test_a_sheet_is_given_back_when_the_repeated_review_lets_in_another_bid(new_play):
    play = new_play(rules={"prelim_min_valid": 2}).go(Stage.PRELIMINARY)
    play.vote_all({("C", "K1"): ("S2", "S3", "S4")})
    play.do(cmd.ClosePreliminary(), play.leader)
    for seat_id in ("S1", "S3"):
        play.fill(seat_id)
        play.do(cmd.SubmitSheet(), member(seat_id))
    play.do(cmd.ReplaceSeat("S2", "T9", "taken ill"), HOST)
    enter(play, "S2")
    play.do(cmd.ConfirmBriefing(), member("S2"))
    play.do(cmd.StartPreliminary(), play.leader)
    for bid in "ABC":
        for check in ("K1", "K2"):
            play.do(cmd.VoteCheck(bid, check, True), member("S2"))
    play.do(cmd.ClosePreliminary(), play.leader)
    assert play.room.state.preliminary.valid == ("A", "B", "C")
    assert not any(seat.submitted for seat in play.room.state.seats.values())
    assert ("A", "T") in play.room.state.sheets["S1"]


def test_the_seats_own_presence_hand_and_vote_on_time_end_with_its_tenure(play):
    play.go(Stage.DETAILED)
    play.do(course.MarkOffline("S2"), Actor("system"))
    play.do(course.VoteTimeShort(True), member("S2"))
    play.do(cmd.ReplaceSeat("S2", "T9", "taken ill"), HOST)
    assert play.room.state.course.offline() == frozenset()
    assert play.room.state.course.time_votes == {}
    assert play.room.state.course.incidents[0].replaced


def test_the_command_union_holds_those_of_the_course():
    assert set(Command.__args__) >= set(course.StateCommand.__args__)

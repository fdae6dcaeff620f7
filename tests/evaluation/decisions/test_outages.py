from datetime import timedelta

import pytest

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.decisions.outages import outage_limit
from evaluation.errors import UnknownSeat
from evaluation.protocol import Actor
from evaluation.refusals_states import (
    HoldNotYours,
    LimitNotReached,
    OutageNotExpired,
    OutageOverLimit,
    SeatOffline,
    SeatOnline,
)
from evaluation.stages import Stage

SYSTEM, ENTITY, SUPERVISOR = Actor("system"), Actor("procuring_entity"), Actor("supervisor")
HOST = Actor("host_operator", venue_id="V1")


def offline(play, seat_id="S2"):
    [event] = play.do(course.MarkOffline(seat_id), SYSTEM)
    return event


def test_er_20_the_limits_are_those_of_the_pack(rules):
    assert outage_limit("before_start", rules) == timedelta(hours=2)
    assert outage_limit("during", rules) == timedelta(hours=4)


@pytest.mark.parametrize(
    ("stage", "phase", "hours"), [(Stage.CHECK_IN, "before_start", 2), (Stage.DETAILED, "during", 4)]
)
def test_er_21_the_clock_starts_when_a_seat_goes_offline_and_stops_when_it_is_heard(play, stage, phase, hours):
    play.go(stage)
    begun = offline(play)
    assert (begun.phase, begun.due_at - begun.since) == (phase, timedelta(hours=hours))
    with pytest.raises(SeatOffline):
        offline(play)
    with pytest.raises(UnknownSeat):
        offline(play, "S9")
    play.do(course.MarkOnline("S2"), SYSTEM)
    with pytest.raises(SeatOnline):
        play.do(course.MarkOnline("S2"), SYSTEM)
    play.at += timedelta(hours=9)
    with pytest.raises(SeatOnline):
        play.do(course.SealOutage("O1"), SYSTEM)
    assert offline(play).incident_id == "O2"


def test_er_21_presence_changes_neither_tallies_nor_quorums(play):
    play.go(Stage.DETAILED)
    for seat_id in ("S2", "S3", "S4"):
        offline(play, seat_id)
    play.go(Stage.ARCHIVED)
    assert len(play.room.state.totals.results) == 3


def test_er_20_before_the_start_the_procuring_entity_decides(play):
    play.go(Stage.CHECK_IN)
    offline(play)
    play.at += timedelta(hours=2) - timedelta(seconds=9)
    with pytest.raises(LimitNotReached):
        play.do(course.SealOutage("O1"), SYSTEM)
    with pytest.raises(OutageNotExpired):
        play.do(course.DecideOutage("O1", "wait", "soon back"), ENTITY)
    play.at += timedelta(seconds=9)
    play.do(course.SealOutage("O1"), SYSTEM)
    assert play.room.stage is Stage.CHECK_IN
    [decided] = play.do(course.DecideOutage("O1", "wait", "soon back"), ENTITY)
    assert decided.due_at == play.at + timedelta(hours=2)
    with pytest.raises(OutageNotExpired):
        play.do(course.DecideOutage("O1", "rebuild", "x"), ENTITY)
    play.at += timedelta(hours=2)
    play.do(course.SealOutage("O1"), SYSTEM)
    play.do(course.DecideOutage("O1", "rebuild", "line cut for days"), ENTITY)
    assert play.room.stage is Stage.REBUILD
    assert play.room.state.course.rebuild.cause == "outage_over_limit"


def test_er_20_during_the_evaluation_the_room_is_sealed_for_a_new_committee(play):
    play.go(Stage.DETAILED)
    offline(play)
    play.at += timedelta(hours=4)
    play.do(course.PauseRoom("line cut"), HOST)
    seal = play.room.digest
    play.do(course.SealOutage("O1"), SYSTEM)
    held = play.room.state.course.hold
    assert (play.room.stage, held.seal, held.source) == (Stage.SUSPENDED, seal, Stage.DETAILED)
    play.do(course.MarkOnline("S2"), SYSTEM)
    with pytest.raises(OutageOverLimit):
        play.do(course.ResumeRoom(held.seal), SUPERVISOR)
    with pytest.raises(HoldNotYours):
        play.do(course.ResumeRoom(held.seal), HOST)
    play.do(course.RebuildCommittee("outage_over_limit", "new committee"), ENTITY)
    assert play.room.stage is Stage.REBUILD


def test_nobody_waits_for_a_member_who_has_signed(play):
    play.go(Stage.REPORT_SIGNING)
    play.do(cmd.SignReport(True), Actor("member", seat_id="S2"))
    offline(play)
    play.at += timedelta(hours=5)
    assert len(play.do(course.SealOutage("O1"), SYSTEM)) == 1
    assert play.room.stage is Stage.REPORT_SIGNING

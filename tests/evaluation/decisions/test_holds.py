import pytest
from msgspec.structs import replace

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.commands_talk import Say
from evaluation.decisions.holds import seal_of
from evaluation.decisions.situation import Situation
from evaluation.errors import EvaluationError, LeaderOnly, ReasonMissing, RoleForbidden
from evaluation.events import ScoreEntered
from evaluation.events_states import RoomHeld
from evaluation.protocol import Actor
from evaluation.refusals_states import HoldNotYours, ScoreBearing, SealBroken, SealMismatch
from evaluation.room import Room
from evaluation.stages import OPEN, Stage

HOST, SUPERVISOR, ENTITY = Actor("host_operator", venue_id="V1"), Actor("supervisor"), Actor("procuring_entity")
RESTING = [stage for stage in OPEN if stage not in (Stage.PERSONAL_SUBMITTED, Stage.AGGREGATION)]


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.mark.parametrize("stage", RESTING)
def test_er_19_a_hold_seals_every_record_and_the_room_goes_on_where_it_stood(play, stage):
    play.go(stage)
    seal = play.room.digest
    held, _ = play.do(course.PauseRoom("fire alarm"), HOST)
    assert (held.seal, held.source, play.room.stage) == (seal, stage, Stage.PAUSED)
    assert play.room.state.work_stage is stage
    play.do(course.ResumeRoom(seal), HOST)
    assert (play.room.stage, play.room.state.course.hold) == (stage, None)
    play.go(Stage.ARCHIVED)
    assert Room.replay(play.records).state == play.room.state


def test_er_19_everything_is_locked_but_resumption_presence_and_ends(play):
    play.go(Stage.DETAILED)
    play.do(course.PauseRoom("noise"), play.leader)
    for command, actor in (
        (cmd.EnterScore("A", "T", "40"), member("S2")),
        (cmd.SubmitSheet(), member("S2")),
        (Say("hello"), member("S2")),
        (cmd.ReplaceSeat("S2", "T9", "ill"), HOST),
        (course.PauseRoom("again"), HOST),
        (course.RequestBacktrack("briefing", "x"), play.leader),
    ):
        with pytest.raises(EvaluationError) as refusal:
            play.do(command, actor)
        assert refusal.value.code == "room/wrong-stage"
    play.do(course.MarkOffline("S2"), Actor("system"))
    play.do(course.MarkOnline("S2"), Actor("system"))
    play.do(course.ReportDefect("document_defect", "two documents"), play.leader)


def test_er_19_who_pauses_and_who_lifts(play):
    play.go(Stage.DETAILED)
    with pytest.raises(LeaderOnly):
        play.do(course.PauseRoom("tired"), member("S2"))
    with pytest.raises(RoleForbidden):
        play.do(course.SuspendRoom("complaint"), HOST)
    with pytest.raises(ReasonMissing):
        play.do(course.PauseRoom(" "), HOST)
    with pytest.raises(ScoreBearing):
        play.do(course.PauseRoom("bidder A deserves 45"), play.leader)
    play.do(course.PauseRoom("noise"), play.leader)
    source = play.room.state.work_stage
    held, _ = play.do(course.SuspendRoom("complaint"), SUPERVISOR)
    assert (held.source, play.room.stage) == (source, Stage.SUSPENDED)
    for actor in (play.leader, HOST):
        with pytest.raises(HoldNotYours):
            play.do(course.ResumeRoom(held.seal), actor)
    play.do(course.ResumeRoom(held.seal), SUPERVISOR)
    assert play.room.stage is Stage.DETAILED


def test_a_resumption_that_comes_late_does_not_end_a_newer_hold(play):
    play.go(Stage.BRIEFING)
    first, _ = play.do(course.PauseRoom("noise"), HOST)
    play.do(course.ResumeRoom(first.seal), HOST)
    play.do(course.PauseRoom("fire"), HOST)
    with pytest.raises(SealMismatch):
        play.do(course.ResumeRoom(first.seal), HOST)


def altered(play):
    """The history as somebody altered it in the store while the room was held: one score is another."""
    found = next(place for place, record in enumerate(play.records) if isinstance(record.event, ScoreEntered))
    record = play.records[found]
    play.records[found] = replace(record, event=replace(record.event, value="1"))
    return Room.replay(play.records)


def test_er_19_records_altered_while_held_are_found_and_the_room_is_rebuilt(play):
    play.go(Stage.DETAILED)
    play.fill("S1")
    held, _ = play.do(course.PauseRoom("noise"), HOST)
    with pytest.raises(EvaluationError) as refusal:
        play.do(course.RebuildCommittee("seal_broken", "altered"), ENTITY)
    assert refusal.value.code == "rebuild/cause-not-given"
    play.room = altered(play)
    with pytest.raises(SealBroken):
        play.do(course.ResumeRoom(held.seal), HOST)
    play.do(course.RebuildCommittee("seal_broken", "altered"), ENTITY)
    assert play.room.stage is Stage.REBUILD


def test_where_the_rules_do_not_seal_nothing_is_sealed(new_play):
    play = new_play(rules={"room_seal_on_pause": False}).go(Stage.BRIEFING)
    assert seal_of(Situation(play.room.state, HOST, play.at, play.room.digest)) == ""
    events = play.do(course.PauseRoom("noise"), HOST)
    assert isinstance(events[0], RoomHeld)
    play.do(course.ResumeRoom(""), HOST)

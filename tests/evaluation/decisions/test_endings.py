import pytest

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.errors import AlreadyDone, ReasonMissing, RoleForbidden
from evaluation.protocol import Actor
from evaluation.refusals_states import CauseNotGiven, DefectPending, StopForbidden, UnknownRequest
from evaluation.stages import OPEN, Stage

HOST, SUPERVISOR, ENTITY = Actor("host_operator", venue_id="V1"), Actor("supervisor"), Actor("procuring_entity")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.mark.parametrize("stage", [OPEN[0], Stage.CHECK_IN, Stage.DETAILED, Stage.REPORT_SIGNING])
@pytest.mark.parametrize("cause", ["supplement_impossible", "composition_unlawful"])
def test_o87_art_49_the_procuring_entity_ends_a_committee_that_cannot_go_on(play, stage, cause):
    play.go(stage)
    with pytest.raises(RoleForbidden):
        play.do(course.RebuildCommittee(cause, "nobody left"), SUPERVISOR)
    with pytest.raises(ReasonMissing):
        play.do(course.RebuildCommittee(cause, ""), ENTITY)
    with pytest.raises(CauseNotGiven):
        play.do(course.RebuildCommittee("outage_over_limit", "line cut"), ENTITY)
    ended, _ = play.do(course.RebuildCommittee(cause, "nobody left"), ENTITY)
    assert (ended.source, play.room.stage) == (stage, Stage.REBUILD)
    play.do(cmd.Archive(), HOST)


def test_o87_art_65_more_than_half_stop_for_a_defect(play):
    play.go(Stage.DETAILED)
    with pytest.raises(ReasonMissing):
        play.do(course.ReportDefect("document_defect", ""), play.leader)
    play.do(course.ReportDefect("document_defect", "the standards contradict each other"), play.leader)
    with pytest.raises(DefectPending):
        play.do(course.ReportDefect("document_defect", "again"), play.leader)
    with pytest.raises(AlreadyDone):
        play.do(course.VoteStop("D1", True), play.leader)
    with pytest.raises(UnknownRequest):
        play.do(course.VoteStop("D2", True), member("S2"))
    play.do(course.VoteStop("D1", False), member("S2"))
    play.do(course.VoteStop("D1", True), member("S3"))
    _, stopped, _ = play.do(course.VoteStop("D1", True), member("S4"))
    assert (stopped.votes, stopped.seats, play.room.stage) == (3, 5, Stage.FAILED)
    play.do(cmd.Archive(), HOST)


def test_a_report_that_can_no_longer_win_is_dismissed_and_the_room_goes_on(play):
    play.go(Stage.DETAILED)
    play.do(course.ReportDefect("mandatory_rules_breached", "brand named"), play.leader)
    for seat_id in ("S2", "S3"):
        play.do(course.VoteStop("D1", False), member(seat_id))
    events = play.do(course.VoteStop("D1", False), member("S4"))
    assert [type(event).__name__ for event in events] == ["StopVoted", "StopDismissed"]
    with pytest.raises(UnknownRequest):
        play.do(course.VoteStop("D1", True), member("S5"))
    play.do(course.ReportDefect("document_defect", "another cause"), play.leader)
    assert play.room.state.course.defect.report_id == "D2"


def test_er_24_a_stop_follows_the_pack(new_play):
    play = new_play(rules={"room_stop_on_defect": False}).go(Stage.DETAILED)
    with pytest.raises(StopForbidden):
        play.do(course.ReportDefect("document_defect", "x"), play.leader)


def test_a_publication_is_recorded_once_and_not_for_a_rebuilt_room(play):
    play.go(Stage.CLOSED)
    play.do(course.RecordPublication("notice 7"), ENTITY)
    with pytest.raises(AlreadyDone):
        play.do(course.RecordPublication("notice 8"), ENTITY)

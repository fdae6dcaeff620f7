import pytest

from evaluation import commands_states as course
from evaluation.errors import LeaderOnly, ReasonMissing, RoleForbidden, WrongStage
from evaluation.protocol import Actor
from evaluation.refusals_states import BacktrackForward, BacktrackPending, UnknownRequest
from evaluation.room import Room
from evaluation.stages import Stage

SUPERVISOR = Actor("supervisor")
TARGETS = ["leader_election", "briefing", "preliminary", "detailed", "consistency_check"]


def ask(play, target):
    [asked] = play.do(course.RequestBacktrack(target, "wrong version of the document"), play.leader)
    return asked.request_id


@pytest.mark.parametrize("target", TARGETS)
def test_chapter_4_an_approved_request_puts_the_room_back_and_archives_the_forms(play, target):
    play.go(Stage(target) if target != "consistency_check" else Stage.CONSISTENCY_CHECK)
    state = play.room.state
    then = (
        dict(state.seats),
        dict(state.votes),
        dict(state.sheets),
        state.leader,
        dict(state.alerts),
        state.preliminary,
    )
    play.go(Stage.CANDIDATES)
    totals, sheets = play.room.state.totals, play.room.state.sheets
    play.do(course.DecideBacktrack(ask(play, target), True), SUPERVISOR)
    state = play.room.state
    assert play.room.stage is Stage(target)
    now = (state.seats, state.votes, state.sheets, state.leader, state.alerts, state.preliminary)
    assert now == then
    assert (state.totals, state.proposal) == (None, None)
    [archived] = state.archives
    assert (archived.cause, archived.stage, archived.forms.totals, archived.forms.sheets) == (
        "backtrack", Stage.CANDIDATES, totals, sheets,
    )  # fmt: skip
    assert [turn.kind for turn in state.course.turns] == ["backtracked"]
    play.go(Stage.ARCHIVED)
    again = Room.replay(play.records)
    assert (again.state, again.digest) == (play.room.state, play.room.digest)


def test_a_refused_request_changes_nothing_and_needs_its_reason(play):
    play.go(Stage.DETAILED)
    request = ask(play, "preliminary")
    with pytest.raises(BacktrackPending):
        ask(play, "briefing")
    with pytest.raises(ReasonMissing):
        play.do(course.DecideBacktrack(request, False), SUPERVISOR)
    play.do(course.DecideBacktrack(request, False, "not needed"), SUPERVISOR)
    assert (play.room.stage, play.room.state.course.backtrack) == (Stage.DETAILED, None)
    with pytest.raises(UnknownRequest):
        play.do(course.DecideBacktrack(request, True), SUPERVISOR)


def test_only_the_leader_asks_and_only_for_an_earlier_stage_before_signing(play):
    play.go(Stage.PRELIMINARY)
    with pytest.raises(LeaderOnly):
        play.do(course.RequestBacktrack("briefing", "x"), Actor("member", seat_id="S2"))
    with pytest.raises(RoleForbidden):
        play.do(course.DecideBacktrack("B1", True), play.leader)
    for target in ("preliminary", "detailed"):
        with pytest.raises(BacktrackForward):
            ask(play, target)
    play.go(Stage.REPORT_SIGNING)
    with pytest.raises(WrongStage):
        ask(play, "briefing")


def test_a_second_backtrack_goes_back_further_and_keeps_both_versions(play):
    play.go(Stage.CANDIDATES)
    play.do(course.DecideBacktrack(ask(play, "detailed"), True), SUPERVISOR)
    play.go(Stage.CONSISTENCY_CHECK)
    play.do(course.DecideBacktrack(ask(play, "briefing"), True), SUPERVISOR)
    assert [item.version for item in play.room.state.archives] == [1, 2]
    assert not any(seat.briefed for seat in play.room.state.seats.values())

"""Views in every side state, with a unique canary in every hidden field: no role reads one the table forbids."""

import json

import pytest

from evaluation import commands as cmd
from evaluation import commands_states as course
from evaluation.commands_correction import OpenReevaluation
from evaluation.commands_talk import Say, Warn
from evaluation.protocol import Actor, Viewer
from evaluation.stages import OPEN, Stage
from evaluation.visibility import view

HOST, SUPERVISOR, ENTITY = Actor("host_operator", venue_id="V1"), Actor("supervisor"), Actor("procuring_entity")
SYSTEM = Actor("system")
SEATS = ["S1", "S2", "S3", "S4", "S5"]
VIEWERS = {
    **{seat_id: Viewer("member", seat_id) for seat_id in SEATS},
    "host": Viewer("host_operator", venue_id="V1"),
    "guest": Viewer("guest_operator", venue_id="V2"),
    "entity": Viewer("procuring_entity"),
    "supervisor": Viewer("supervisor"),
    "auditor": Viewer("auditor"),
}
MEMBERS = set(SEATS)
WATCHED = {"supervisor"}
HELD_FROM = [stage for stage in OPEN if stage not in (Stage.PERSONAL_SUBMITTED, Stage.AGGREGATION)]


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def seeing(play, canary):
    """Who reads a word."""
    return {
        name for name, viewer in VIEWERS.items() if canary in json.dumps(view(play.room, viewer), ensure_ascii=False)
    }


@pytest.mark.parametrize("kind", ["paused", "suspended"])
@pytest.mark.parametrize("stage", HELD_FROM)
def test_a_hold_shows_what_its_stage_shows_and_the_hold_besides(play, stage, kind):
    play.go(stage)
    before = {name: view(play.room, viewer) for name, viewer in VIEWERS.items()}
    command = course.PauseRoom("canary-hold") if kind == "paused" else course.SuspendRoom("canary-hold")
    play.do(command, SUPERVISOR)
    changing = {"hold", "stage", "stages", "turns", "ledger"}
    for name, viewer in VIEWERS.items():
        now = view(play.room, viewer)
        assert {key: now[key] for key in now if key not in changing} == {
            key: before[name][key] for key in before[name] if key not in changing
        }
        assert ("hold" in now) is (name != "auditor")
    checked_in = {key for key, seat in play.room.state.seats.items() if seat.checked_in}
    assert seeing(play, "canary-hold") == checked_in | WATCHED
    seal = play.room.state.course.hold.seal
    assert seeing(play, seal) - {"auditor"} == checked_in | WATCHED | {"host"}


CANARIES = {
    "canary-backtrack": {"S1"} | WATCHED,
    "canary-defect": MEMBERS | WATCHED,
    "canary-warning-to-all": MEMBERS | WATCHED,
    "canary-warning-to-three": {"S3"} | WATCHED,
    "canary-chat": MEMBERS | WATCHED,
    "canary-note": {"S2"},
    "44.44": {"S2"},
}


def planted(play):
    """A room in scoring with a canary in every field that somebody must not read."""
    play.go(Stage.PRELIMINARY)
    play.vote_all()
    play.do(cmd.VoteCheck("A", "K1", False, "P2", "7", "canary-note"), member("S2"))
    play.do(cmd.ClosePreliminary(), play.leader)
    play.do(cmd.EnterScore("A", "T", "44.44"), member("S2"))
    play.do(Say("canary-chat"), member("S4"))
    play.do(Warn("canary-warning-to-all"), SUPERVISOR)
    play.do(Warn("canary-warning-to-three", "S3"), SUPERVISOR)
    play.do(course.RequestBacktrack("briefing", "canary-backtrack"), play.leader)
    play.do(course.ReportDefect("document_defect", "canary-defect"), play.leader)
    return play


@pytest.mark.parametrize("held", [False, True])
def test_every_hidden_field_is_read_by_those_of_the_table_alone(play, held):
    planted(play)
    if held:
        play.do(course.PauseRoom("noise"), HOST)
    assert {canary: seeing(play, canary) for canary in CANARIES} == CANARIES


def test_a_backtrack_shows_the_old_forms_to_the_supervisor_once_all_have_submitted_again(play):
    planted(play)
    play.do(course.DecideBacktrack("B1", True, "canary-approval"), SUPERVISOR)
    assert seeing(play, "44.44") == set()
    assert seeing(play, "canary-approval") == set()
    assert seeing(play, "canary-backtrack") == WATCHED
    for seat_id in SEATS[1:]:
        play.do(course.VoteStop("D1", False), member(seat_id)) if play.room.state.course.defect else None
    play.go(Stage.CONSISTENCY_CHECK)
    assert seeing(play, "44.44") == WATCHED
    play.go(Stage.CLOSED)
    assert seeing(play, "44.44") == WATCHED | {"auditor"}


def test_a_replacement_shows_the_newcomer_nothing_of_the_former_and_of_the_others(play):
    play.marks = {"S2": {("A", "T"): "44.44", ("B", "T"): "44", ("C", "T"): "44"}, "S3": {("A", "T"): "43.43"}}
    rest = {("A", "B"): "19", ("B", "B"): "17", ("C", "B"): "18", ("B", "T"): "44", ("C", "T"): "44"}
    play.marks = {key: {**rest, **play.marks.get(key, {("A", "T"): "45"})} for key in SEATS}
    play.go(Stage.CANDIDATES)
    assert seeing(play, "43.43") == MEMBERS | WATCHED
    play.do(cmd.ReplaceSeat("S2", "T9", "canary-illness"), SUPERVISOR)
    assert set(view(play.room, VIEWERS["S2"])) == {"stage", "me"}
    play.check_in("S2")
    assert seeing(play, "44.44") == set()
    assert seeing(play, "43.43") == {"S3"}
    assert seeing(play, "canary-illness") == WATCHED


@pytest.mark.parametrize("stage", [Stage.COMMITTEE_READY, Stage.CHECK_IN, Stage.DETAILED, Stage.CANDIDATES])
def test_a_committee_to_be_rebuilt_leaves_no_report_and_no_score_to_anybody_but_those_who_watch(play, stage):
    marks = {(bid, item): "19.19" for bid in "ABC" for item in "TB"}
    play.marks = dict.fromkeys(SEATS, marks)
    play.go(stage)
    play.do(course.RebuildCommittee("composition_unlawful", "canary-rebuild"), ENTITY)
    assert play.room.stage is Stage.REBUILD
    seen = {name: set(view(play.room, viewer)) for name, viewer in VIEWERS.items()}
    assert not [name for name, sections in seen.items() if "report" in sections]
    entered = {"supervisor", "auditor"} if stage is Stage.CANDIDATES else set()
    assert seeing(play, "19.19") == entered
    checked_in = {key for key, seat in play.room.state.seats.items() if seat.checked_in}
    assert seeing(play, "canary-rebuild") == checked_in | {"entity", "supervisor", "auditor"}
    assert seen["guest"] == {"hand_over"}


def test_after_publication_the_guest_sees_nothing_and_the_rest_what_the_report_shows(new_play):
    play = new_play(rules={"publish_members": "names", "publish_members_until": "result_notice"}).go(Stage.CLOSED)
    assert "names" not in view(play.room, VIEWERS["entity"])
    play.do(course.RecordPublication("canary-notice"), ENTITY)
    assert view(play.room, VIEWERS["guest"]) == {}
    assert seeing(play, "canary-notice") == MEMBERS | {"entity", "supervisor", "auditor"}
    assert view(play.room, VIEWERS["entity"])["names"] == {"allowed": True}
    assert set(view(play.room, VIEWERS["host"])) == {"stage", "archive"}


def test_an_outage_is_seen_by_the_operator_of_the_site_and_the_supervisor_alone(play):
    play.go(Stage.DETAILED)
    before = {name: view(play.room, viewer) for name, viewer in VIEWERS.items()}
    play.do(course.MarkOffline("S3"), SYSTEM)
    changed = {name for name, viewer in VIEWERS.items() if view(play.room, viewer) != before[name]}
    assert changed == {"guest", "supervisor", "auditor"}
    online = {seat["seat_id"]: seat["online"] for seat in view(play.room, VIEWERS["guest"])["site"]["seats"]}
    assert online == {"S3": False, "S4": True}


def test_a_reevaluation_after_publication_closes_the_file_again(play):
    play.go(Stage.CLOSED)
    play.do(course.RecordPublication("notice 7"), ENTITY)
    play.do(OpenReevaluation("sum wrong"), ENTITY)
    assert play.room.stage is Stage.CANDIDATES
    assert set(view(play.room, VIEWERS["auditor"])) == {"ledger"}

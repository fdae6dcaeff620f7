"""The table of the rule book, cell by cell, with data that could leak."""

import json
from typing import Any

import pytest
from msgspec.structs import replace

from evaluation import commands as cmd
from evaluation.protocol import Actor, Viewer
from evaluation.report import compile_report
from evaluation.stages import OPEN, Stage
from evaluation.visibility import TABLE, Period, view

HOST, GUEST = Viewer("host_operator", venue_id="V1"), Viewer("guest_operator", venue_id="V2")
ENTITY, SUPERVISOR, AUDITOR = Viewer("procuring_entity"), Viewer("supervisor"), Viewer("auditor")
SEATS = ["S1", "S2", "S3", "S4", "S5"]
OTHERS = {"host": HOST, "guest": GUEST, "entity": ENTITY, "supervisor": SUPERVISOR, "auditor": AUDITOR}
STRANGERS = [
    Viewer("bidder"),
    Viewer("public"),
    Viewer("system"),
    Viewer("leader"),
    Viewer("leader", seat_id="S1"),
    Viewer(""),
    Viewer("member"),
    Viewer("member", seat_id="S9"),
    Viewer("host_operator", venue_id="V2"),
    Viewer("host_operator"),
    Viewer("guest_operator", venue_id="V1"),
    Viewer("guest_operator", venue_id="V9"),
    Viewer("administrator"),
]
WALK = [
    stage
    for stage in (*OPEN, Stage.CLOSED, Stage.ARCHIVED)
    if stage not in (Stage.PERSONAL_SUBMITTED, Stage.AGGREGATION)
]
# Each member gives the subjective criterion of bid A a value nobody else gives anything.
CANARIES = {"S1": "41.01", "S2": "42.02", "S3": "43.03", "S4": "44.04", "S5": "45.05"}
PROJECT = ("Canary lot", "Canary project", "Canary entity", "LOT-1")
BIDDERS = ("Canary bidder A", "Canary bidder B", "Canary bidder C", "91000000MA00000157", "920000.00")
TENURES = ('"T1"', '"T2"', '"T3"', '"T4"', '"T5"')
ALWAYS = {"stage", "me", "seats", "my_votes", "my_sheet", "lot", "bids", "checks", "criteria"}


def member(seat_id: str) -> Viewer:
    return Viewer("member", seat_id=seat_id)


def dump(play: Any, viewer: Viewer) -> str:
    return json.dumps(view(play.room, viewer), ensure_ascii=False)


def everybody() -> dict[str, Viewer]:
    return {**{seat_id: member(seat_id) for seat_id in SEATS}, **OTHERS}


@pytest.fixture
def canary_play(play):
    base = {("A", "B"): "19", ("B", "T"): "41.6", ("B", "B"): "17", ("C", "T"): "43.4", ("C", "B"): "18"}
    play.marks = {seat_id: {**base, ("A", "T"): value} for seat_id, value in CANARIES.items()}
    return play


def test_a_cell_exists_for_every_row_and_period():
    assert set(TABLE) == {
        "member", "leader", "procuring_entity", "host_operator", "guest_operator", "supervisor", "auditor",
    }  # fmt: skip
    assert all(set(row) == set(Period) for row in TABLE.values())


@pytest.mark.parametrize("stage", WALK)
def test_strangers_see_nothing_at_any_stage(play, stage):
    play.go(stage)
    assert [view(play.room, viewer) for viewer in STRANGERS] == [{}] * len(STRANGERS)


@pytest.mark.parametrize("stage", WALK)
def test_views_are_json_and_hold_no_tenure(play, stage):
    play.go(stage)
    for viewer in everybody().values():
        text = dump(play, viewer)
        assert json.loads(text) == view(play.room, viewer)
        assert not [tenure for tenure in TENURES if tenure in text]


EXPECTED = {
    "S2": {
        Period.BEFORE: {"stage", "me"},
        Period.SCORING: ALWAYS | {"ballot"},
        Period.TOGETHER: ALWAYS | {"preliminary", "entries", "votes", "alerts"},
        Period.AFTER: {"stage", "me", "lot", "report"},
    },
    "S1": {
        Period.BEFORE: {"stage", "me"},
        Period.SCORING: ALWAYS | {"ballot", "progress"},
        Period.TOGETHER: ALWAYS | {"preliminary", "entries", "votes", "alerts", "alert_list", "progress"},
        Period.AFTER: {"stage", "me", "lot", "report"},
    },
    "entity": {
        Period.BEFORE: {"ready"},
        Period.SCORING: {"stage"},
        Period.TOGETHER: {"stage"},
        Period.AFTER: {"stage", "report"},
    },
    "host": {
        Period.BEFORE: {"site", "replacements"},
        Period.SCORING: {"site"},
        Period.TOGETHER: {"stage"},
        Period.AFTER: {"stage", "archive"},
    },
    "guest": {
        Period.BEFORE: {"site"},
        Period.SCORING: {"site"},
        Period.TOGETHER: {"site"},
        Period.AFTER: {"hand_over"},
    },
    "supervisor": {
        Period.BEFORE: {"stage", "stages", "committee"},
        Period.SCORING: {"stage", "stages", "committee", "alerts"},
        Period.TOGETHER: {
            "stage", "stages", "seats", "lot", "bids", "checks", "criteria", "preliminary", "entries", "votes",
            "ballot", "alerts",
        },
        Period.AFTER: {
            "stage", "stages", "seats", "lot", "bids", "checks", "criteria", "preliminary", "entries", "votes",
            "ballot", "alerts", "results", "candidates", "signing", "report", "ledger",
        },
    },
    "auditor": {
        Period.BEFORE: {"ledger"},
        Period.SCORING: {"ledger"},
        Period.TOGETHER: {"ledger"},
        Period.AFTER: {
            "stage", "stages", "seats", "lot", "bids", "checks", "criteria", "preliminary", "entries", "votes",
            "ballot", "alerts", "results", "candidates", "signing", "report", "ledger",
        },
    },
}  # fmt: skip
COLUMN = {
    Stage.COMMITTEE_READY: Period.BEFORE,
    Stage.BRIEFING: Period.SCORING,
    Stage.CONSISTENCY_CHECK: Period.TOGETHER,
    Stage.CLOSED: Period.AFTER,
}


@pytest.mark.parametrize("name", EXPECTED)
@pytest.mark.parametrize("stage", COLUMN)
def test_each_cell_holds_exactly_its_sections(play, name, stage):
    play.go(stage)
    assert set(view(play.room, everybody()[name])) == EXPECTED[name][COLUMN[stage]]


LATER = {
    "results": Stage.CANDIDATES,
    "candidates": Stage.REPORT_SIGNING,
    "signing": Stage.REPORT_SIGNING,
    "report": Stage.REPORT_SIGNING,
}


@pytest.mark.parametrize("stage", [Stage.CONSISTENCY_CHECK, Stage.CANDIDATES, Stage.REPORT_SIGNING])
def test_sections_appear_once_they_have_content(play, stage):
    play.go(stage)
    due = {name for name, since in LATER.items() if WALK.index(since) <= WALK.index(stage)}
    for viewer in (member("S2"), SUPERVISOR):
        assert set(view(play.room, viewer)) & set(LATER) == due


def test_o87_art_45_the_bidder_list_opens_with_the_members_own_check_in(play):
    play.go(Stage.CHECK_IN)
    play.do(cmd.ConfirmIdentity("S1"), Actor("host_operator", venue_id="V1"))
    assert not [word for word in PROJECT + BIDDERS if word in dump(play, member("S1"))]
    play.do(cmd.CheckIn(True), Actor("member", seat_id="S1"))
    assert all(word in dump(play, member("S1")) for word in BIDDERS)
    assert not [word for word in PROJECT + BIDDERS if word in dump(play, member("S2"))]


def test_a_new_member_on_a_replaced_seat_starts_from_nothing(play):
    play.go(Stage.CHECK_IN)
    play.check_in("S1")
    play.do(cmd.SignPromise(True, "Canary reason"), Actor("member", seat_id="S1"))
    play.do(cmd.ReplaceSeat("S1", "T9", "conflict"), Actor("supervisor"))
    assert set(view(play.room, member("S1"))) == {"stage", "me"}
    assert "Canary" not in dump(play, member("S1"))


@pytest.mark.parametrize("stage", WALK)
def test_a_guest_operator_never_sees_project_entity_bidders_or_stage(canary_play, stage):
    canary_play.go(stage)
    text = dump(canary_play, GUEST)
    words = (
        *PROJECT,
        *BIDDERS,
        *CANARIES.values(),
        *(f'"{item.value}"' for item in Stage),
        "评委",
        "S1",
        "S2",
        "S5",
        "V1",
    )
    assert not [word for word in words if word in text]


@pytest.mark.parametrize("stage", WALK)
def test_a_host_operator_sees_neither_bids_nor_scores(canary_play, stage):
    canary_play.go(stage)
    text = dump(canary_play, HOST)
    assert not [word for word in (*PROJECT, *BIDDERS, *CANARIES.values(), "评委", "S3", "S4") if word in text]


@pytest.mark.parametrize("stage", [stage for stage in WALK if WALK.index(stage) < WALK.index(Stage.CLOSED)])
def test_procuring_entity_and_auditor_see_no_score_before_the_report(canary_play, stage):
    canary_play.go(stage)
    for viewer in (ENTITY, AUDITOR):
        text = dump(canary_play, viewer)
        assert not [word for word in (*BIDDERS, *CANARIES.values(), "评委") if word in text]


def test_o87_art_62_no_score_of_another_is_visible_before_the_last_submission(canary_play):
    play = canary_play.go(Stage.DETAILED)
    for seat_id in SEATS:
        play.fill(seat_id)
    for seat_id in SEATS[:4]:
        play.do(cmd.SubmitSheet(), Actor("member", seat_id=seat_id))
        for name, viewer in everybody().items():
            seen = {owner for owner, value in CANARIES.items() if value in dump(play, viewer)}
            assert seen == ({name} & set(SEATS))
    play.do(cmd.SubmitSheet(), Actor("member", seat_id="S5"))
    for viewer in [*(member(seat_id) for seat_id in SEATS), SUPERVISOR]:
        assert all(value in dump(play, viewer) for value in CANARIES.values())
    for viewer in (HOST, GUEST, ENTITY, AUDITOR):
        assert not [value for value in CANARIES.values() if value in dump(play, viewer)]


def changed_views(play: Any, command: Any, seat_id: str) -> dict[str, set[str]]:
    """Give a command and return, by viewer, the sections that changed."""
    before = {name: view(play.room, viewer) for name, viewer in everybody().items()}
    play.do(command, Actor("member", seat_id=seat_id))
    after = {name: view(play.room, viewer) for name, viewer in everybody().items()}
    return {
        name: changed
        for name in before
        if (changed := {s for s in {*before[name], *after[name]} if before[name].get(s) != after[name].get(s)})
    }


def test_who_has_submitted_is_told_to_the_leader_only(canary_play):
    play = canary_play.go(Stage.DETAILED)
    play.fill("S2")
    changed = changed_views(play, cmd.SubmitSheet(), "S2")
    assert changed == {"S2": {"me", "my_sheet"}, "S1": {"progress"}, "auditor": {"ledger"}}
    assert view(play.room, member("S1"))["progress"]["submitted"] == ["S2"]


def test_entering_a_score_changes_no_other_view(play):
    play.go(Stage.DETAILED)
    changed = changed_views(play, cmd.EnterScore("A", "T", "41.01"), "S2")
    assert changed == {"S2": {"my_sheet"}, "auditor": {"ledger"}}


def test_a_leader_vote_changes_no_other_view_and_is_never_told(play):
    play.go(Stage.LEADER_ELECTION)
    assert changed_views(play, cmd.VoteLeader("S3"), "S2") == {"S2": {"ballot"}, "auditor": {"ledger"}}
    for seat_id in ("S1", "S3", "S4", "S5"):
        play.do(cmd.VoteLeader("S3"), Actor("member", seat_id=seat_id))
    ballots = [view(play.room, member(seat_id))["ballot"] for seat_id in SEATS]
    assert ballots == [{"rounds": [{"round": 1, "tally": {"S3": 5}, "tied": []}], "leader": "S3", "by": "ballot"}] * 5


def test_check_votes_stay_with_their_member_until_consistency(play):
    play.go(Stage.PRELIMINARY)
    vote = cmd.VoteCheck("A", "K1", False, "P2", "7", "Canary note")
    assert changed_views(play, vote, "S2") == {"S2": {"my_votes"}, "auditor": {"ledger"}}
    play.vote_all({("A", "K2"): ("S3",)})
    play.do(replace(vote), Actor("member", seat_id="S2"))
    play.do(cmd.ClosePreliminary(), play.leader)
    for name, viewer in everybody().items():
        assert ("Canary note" in dump(play, viewer)) == (name == "S2")
    play.go(Stage.CONSISTENCY_CHECK)
    assert all("Canary note" in dump(play, viewer) for viewer in (member("S4"), SUPERVISOR))


def outlier_play(play: Any) -> Any:
    base = {
        ("A", "T"): "40",
        ("B", "T"): "41.6",
        ("C", "T"): "43.4",
        ("A", "B"): "19",
        ("B", "B"): "17",
        ("C", "B"): "18",
    }
    play.marks = dict.fromkeys(SEATS, base) | {"S4": {**base, ("A", "T"): "3.33"}}
    return play.go(Stage.CONSISTENCY_CHECK)


def test_n195_scene_9_a_warning_is_shown_to_its_member_and_the_supervisor_only(play):
    outlier_play(play)
    [alert] = view(play.room, member("S4"))["alerts"]
    assert (alert["kind"], alert["seat_id"], alert["deviation"], alert["limit"]) == (
        "subjective_deviation", "S4", "36.67", "15.00",
    )  # fmt: skip
    assert [view(play.room, member(seat_id))["alerts"] for seat_id in ("S1", "S2", "S3", "S5")] == [[]] * 4
    assert view(play.room, SUPERVISOR)["alerts"] == [alert]
    assert view(play.room, member("S1"))["alert_list"] == {"blocking": [], "warnings_open": 1}
    play.do(cmd.AnswerAlert("A1", True, "Canary answer"), Actor("member", seat_id="S4"))
    play.go(Stage.CLOSED)
    for name, viewer in everybody().items():
        assert ("Canary answer" in dump(play, viewer)) == (name in ("supervisor", "auditor"))


def test_a_mismatch_is_shown_to_all_members_and_the_leader_has_the_list(play):
    base = {("A", "T"): "40", ("B", "T"): "41", ("C", "T"): "43", ("A", "B"): "19", ("B", "B"): "17", ("C", "B"): "18"}
    play.marks = dict.fromkeys(SEATS, base) | {"S4": {**base, ("A", "B"): "18"}}
    play.go(Stage.CONSISTENCY_CHECK)
    for seat_id in SEATS:
        assert [alert["kind"] for alert in view(play.room, member(seat_id))["alerts"]] == ["objective_mismatch"]
    assert [alert["closed"] for alert in view(play.room, member("S1"))["alert_list"]["blocking"]] == [False]


def test_the_procuring_entity_learns_whether_all_have_checked_in_and_no_count(play):
    play.go(Stage.CHECK_IN)
    for seat_id in SEATS:
        assert view(play.room, ENTITY) == {"ready": {"ready": False}}
        play.check_in(seat_id)
    assert view(play.room, ENTITY) == {"ready": {"ready": True}}


def test_operators_count_their_own_site(play):
    play.go(Stage.CHECK_IN)
    play.check_in("S1")
    play.check_in("S3")
    counts = [
        (view(play.room, v)["site"]["seats_needed"], view(play.room, v)["site"]["checked_in"]) for v in (HOST, GUEST)
    ]
    assert counts == [(3, 1), (2, 1)]
    assert [seat["seat_id"] for seat in view(play.room, GUEST)["site"]["seats"]] == ["S3", "S4"]


def test_a_declared_conflict_is_shown_to_those_who_replace(play):
    play.go(Stage.CHECK_IN)
    play.check_in("S3")
    play.do(cmd.SignPromise(True, "Canary reason"), Actor("member", seat_id="S3"))
    assert view(play.room, HOST)["replacements"] == ["S3"]
    assert view(play.room, SUPERVISOR)["committee"] == {"seats": 5, "checked_in": 1, "replace": ["S3"]}
    for name, viewer in everybody().items():
        assert ("Canary reason" in dump(play, viewer)) == (name == "S3")


def test_a_failed_tender_shows_the_report_like_a_closed_one(play):
    play.go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): ("S1", "S2", "S3")})
    play.do(cmd.ClosePreliminary(), play.leader)
    assert play.room.stage is Stage.FAILED
    assert set(view(play.room, member("S2"))) == {"stage", "me", "lot", "report"}
    assert set(view(play.room, GUEST)) == {"hand_over"}
    assert set(view(play.room, SUPERVISOR)) >= {"report", "ledger"}


@pytest.mark.parametrize("stage", [Stage.COMMITTEE_READY, Stage.DETAILED, Stage.CANDIDATES, Stage.CLOSED])
def test_a_room_to_practise_in_says_so_in_every_view_and_in_the_report(new_play, stage):
    training, real = new_play(is_training=True), new_play()
    training.go(stage)
    real.go(stage)
    viewers = [
        *(Viewer("member", f"S{number}") for number in range(1, 6)),
        Viewer("host_operator", None, "V1"),
        Viewer("guest_operator", None, "V2"),
        *(Viewer(role) for role in ("supervisor", "auditor", "procuring_entity")),
    ]
    for viewer in viewers:
        assert view(training.room, viewer)["training"] == {"mark": "演练 TRAINING"}, viewer
        assert "training" not in view(real.room, viewer)
    assert compile_report(training.room).project["training"] == "演练 TRAINING"
    assert "training" not in compile_report(real.room).project
    assert view(training.room, Viewer("stranger")) == {}

import inspect

import pytest

from evaluation import sections, sections_blind, sections_correction, sections_review, sections_states, sections_talk
from evaluation.protocol import Viewer
from evaluation.stages import Stage
from evaluation.visibility import TABLE

BUILDERS = {
    name: item
    for module in (sections, sections_blind, sections_correction, sections_review, sections_states, sections_talk)
    for name, item in vars(module).items()
    if inspect.isfunction(item) and item.__module__ == module.__name__ and not name.startswith("_")
}


def test_every_section_is_in_the_table_and_none_is_left_over():
    used = {sections.my_sheet, *(build for row in TABLE.values() for cell in row.values() for build in cell.values())}
    assert used == set(BUILDERS.values())


@pytest.mark.parametrize("name", ["preliminary", "votes", "entries", "results", "candidates", "signing", "report"])
def test_sections_whose_work_is_not_done_have_no_content(play, name):
    play.go(Stage.CHECK_IN)
    assert BUILDERS[name](play.room, Viewer("supervisor")) is None


def test_stage_says_when_check_in_opened(play):
    assert sections.stage(play.room, Viewer("supervisor")) == {
        "stage": "committee_ready", "starts_at": "2026-03-02T01:00:00+00:00", "opened_at": None,
    }  # fmt: skip
    play.go(Stage.CHECK_IN)
    assert sections.stage(play.room, Viewer("supervisor"))["opened_at"] == "2026-03-02T01:00:01+00:00"


def test_me_is_the_members_own_seat(play):
    play.go(Stage.BRIEFING)
    assert sections.me(play.room, Viewer("member", "S1")) == {
        "seat_id": "S1", "alias": "评委A", "kind": "expert", "workstation": "W1", "venue": "Host hall", "leader": True,
        "identity_confirmed": True, "checked_in": True, "promise": "clear", "conflict_reason": "", "briefed": False,
        "submitted": False, "confirmed": False, "end": None, "statement": "",
    }  # fmt: skip


def test_my_sheet_counts_what_is_missing(play):
    play.go(Stage.DETAILED)
    assert sections.my_sheet(play.room, Viewer("member", "S1")) == {"scores": [], "missing": 6, "submitted": False}


def test_the_archive_list_names_scores_only_where_there_are_some(play):
    play.go(Stage.CLOSED)
    assert sections.archive(play.room, Viewer("host_operator", None, "V1")) == {
        "papers": ["records", "promises", "check_votes", "score_sheets", "totals", "report"],
        "records": play.room.version,
        "digest": play.room.digest,
        "archived": False,
    }


def test_the_hand_over_list_has_one_recording_per_own_seat(play):
    play.go(Stage.CLOSED)
    rows = sections.hand_over(play.room, Viewer("guest_operator", None, "V2"))
    assert [(row["seat_id"], row["paper"]) for row in rows] == [("S3", "recording"), ("S4", "recording")]

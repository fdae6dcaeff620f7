from evaluation import commands_correction as co
from evaluation.protocol import Actor, Viewer
from evaluation.signed_report import report_digest
from evaluation.stages import Stage
from evaluation.visibility import view


def test_chapter_4_corrections_are_seen_inside_the_room_and_by_the_supervisor(play):
    play.go(Stage.CANDIDATES)
    play.do(co.ProposeCorrection("K1", "A", "T", "50", "canary reason"), Actor("member", seat_id="S2"))
    for viewer in (Viewer("member", "S4"), Viewer("supervisor")):
        assert view(play.room, viewer)["corrections"]["corrections"][0]["reason"] == "canary reason"
    for viewer in (Viewer("procuring_entity"), Viewer("auditor"), Viewer("host_operator", venue_id="V1")):
        assert "canary reason" not in str(view(play.room, viewer))


def test_members_see_the_digest_they_sign(play):
    play.go(Stage.CANDIDATES)
    assert "to_sign" not in view(play.room, Viewer("member", "S4"))
    play.go(Stage.REPORT_SIGNING)
    assert view(play.room, Viewer("member", "S4"))["to_sign"] == {"digest": report_digest(play.room.state)}


def test_a_re_evaluation_is_on_the_supervisors_view(play):
    play.go(Stage.CLOSED)
    play.do(co.OpenReevaluation("a complaint"), Actor("procuring_entity"))
    [row] = view(play.room, Viewer("supervisor"))["reevaluations"]
    assert (row["number"], row["changed"], row["by"]) == (1, None, "procuring_entity")

import json
from hashlib import sha256

from evaluation import commands as cmd
from evaluation.protocol import Actor
from evaluation.signed_report import report_bytes, report_digest
from evaluation.stages import Stage


def test_esl_art_13_the_signed_bytes_stay_the_same_while_members_sign(play):
    play.go(Stage.REPORT_SIGNING)
    before = report_bytes(play.room.state)
    play.do(cmd.SignReport(False, "A is better"), Actor("member", seat_id="S2"))
    for seat_id in ("S1", "S3", "S4", "S5"):
        play.do(cmd.SignReport(True), Actor("member", seat_id=seat_id))
    play.go(Stage.ARCHIVED)
    assert report_bytes(play.room.state) == before
    assert report_digest(play.room.state) == sha256(before).hexdigest()


def test_the_signed_bytes_hold_result_and_reasons_and_no_end(play):
    play.go(Stage.CLOSED)
    report = json.loads(report_bytes(play.room.state))
    assert [row["bid_id"] for row in report["candidates"]] == ["C", "A", "B"]
    assert {row["end"] for row in report["members"]} == {None}
    assert "stage" not in report["project"]

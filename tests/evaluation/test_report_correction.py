from evaluation import commands_correction as co
from evaluation.protocol import Actor
from evaluation.report import compile_report
from evaluation.report_correction import abnormal_rows, correction_rows
from evaluation.stages import Stage


def test_o87_art_64_corrections_are_in_the_report_by_alias(play):
    play.go(Stage.CANDIDATES)
    play.do(co.ProposeCorrection("K1", "A", "T", "50", "canary reason"), Actor("member", seat_id="S2"))
    [row] = correction_rows(play.room.state)
    assert (row.alias, row.reason, row.confirmed) == ("评委B", "canary reason", None)
    assert compile_report(play.room).corrections == (row,)
    assert abnormal_rows(play.room.state) == ()

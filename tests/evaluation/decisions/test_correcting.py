"""ER-14: after the totals only four corrections, each confirmed by the committee."""

import pytest

from evaluation import commands as cmd
from evaluation import commands_correction as co
from evaluation.errors import ReasonMissing, UnknownBid, UnknownCriterion, WrongStage
from evaluation.events import TotalsComputed
from evaluation.events_correction import CorrectionSettled
from evaluation.protocol import Actor
from evaluation.refusals import ScoreOutOfRange
from evaluation.refusals_correction import CorrectionForbidden, CorrectionsOpen, CorrectionUnfounded
from evaluation.report import compile_report
from evaluation.room import Room
from evaluation.stages import Stage

SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def totals(play):
    return {item.bid_id: item.total for item in play.room.state.totals.results}


def correct(kind="K1", bid_id="A", criterion_id="T", value="50", reason="two parts were not added up"):
    return co.ProposeCorrection(kind, bid_id, criterion_id, value, reason)


def test_o87_art_64_k1_confirmed_by_the_committee_changes_score_and_totals(play):
    play.go(Stage.CANDIDATES)
    before = totals(play)
    play.do(correct(), member("S2"))
    with pytest.raises(CorrectionsOpen):
        play.do(cmd.ProposeCandidates(), play.leader)
    events = play.decide("M1", 3)
    assert events[2] == CorrectionSettled("X1", True)
    assert isinstance(events[3], TotalsComputed)
    # (45.60 x 4 + 50) / 5 = 46.48 in the place of 45.60.
    assert (before["A"], totals(play)["A"]) == ("89.44", "90.32")
    assert [row.bid_id for row in play.room.state.totals.results] == ["A", "C", "B"]
    play.go(Stage.ARCHIVED)
    [row] = compile_report(play.room).corrections
    assert (row.kind, row.alias, row.previous, row.value, row.confirmed) == ("K1", "评委B", "45.60", "50", True)
    assert Room.replay(play.records).state == play.room.state


def test_o87_art_64_a_correction_the_committee_does_not_confirm_changes_nothing(play):
    play.go(Stage.CANDIDATES)
    before = totals(play)
    play.do(correct(), member("S2"))
    assert play.decide("M1", 2)[-1] == CorrectionSettled("X1", False)
    assert totals(play) == before
    play.go(Stage.ARCHIVED)


@pytest.mark.parametrize(
    ("command", "refusal"),
    [
        (correct("K2"), CorrectionUnfounded),
        (correct("K3"), CorrectionUnfounded),
        (correct("K3", criterion_id="B", value="18"), CorrectionUnfounded),
        (correct("K4"), CorrectionUnfounded),
        (correct(value="45.6"), CorrectionUnfounded),
        (correct(value="50.01"), ScoreOutOfRange),
        (correct(criterion_id="P"), UnknownCriterion),
        (correct(bid_id="Z"), UnknownBid),
        (correct(reason=" "), ReasonMissing),
    ],
)
def test_o87_art_64_nothing_but_the_four_errors_is_corrected(play, command, refusal):
    play.go(Stage.CANDIDATES)
    with pytest.raises(refusal):
        play.do(command, member("S2"))


def test_o87_art_64_k4_takes_a_score_far_from_the_others(play, marks):
    play.marks["S2"] = marks | {("A", "T"): "10"}
    play.go(Stage.CONSISTENCY_CHECK)
    [alert] = play.room.state.alerts.values()
    play.do(cmd.AnswerAlert(alert.alert_id, True, "stands"), member("S2"))
    play.go(Stage.CANDIDATES)
    with pytest.raises(CorrectionUnfounded):
        play.do(correct("K4", value="44"), member("S3"))
    play.do(correct("K4", value="44"), member("S2"))
    play.decide("M1", 5)
    assert play.room.state.sheets["S2"]["A", "T"] == "44"


def test_corrections_follow_the_pack_and_come_after_the_totals(new_play):
    play = new_play(rules={"correct_types": ("K2",)}).go(Stage.CONSISTENCY_CHECK)
    with pytest.raises(WrongStage):
        play.do(correct(), member("S2"))
    play.go(Stage.CANDIDATES)
    with pytest.raises(CorrectionForbidden):
        play.do(correct(), member("S2"))

"""ER-13: a sum error blocks."""

import pytest

from evaluation import commands as cmd
from evaluation.findings import Alert
from evaluation.protocol import Actor
from evaluation.refusals import AlertAnswerContradictory, AlertsOpen
from evaluation.refusals_correction import SumMalformed
from evaluation.setup import CriterionSetup
from evaluation.stages import Stage
from evaluation.sums import exact_sum, find_sum_errors

CRITERIA = (
    CriterionSetup("P", "price", "Price", "formula", "30"),
    CriterionSetup("T", "technical", "Solution", "subjective", "50"),
    CriterionSetup("D", "business", "Faults", "deduction", "5"),
)
SHEET = {("A", "T"): "45.60", ("A", "D"): "1.5"}


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def test_o87_art_64_deductions_count_against_the_sum_and_formula_items_are_not_in_it():
    assert str(exact_sum("A", CRITERIA, SHEET)) == "44.10"


def test_o87_art_64_a_stated_sum_that_differs_is_found():
    sums = {"S1": {"A": "44.1"}, "S2": {"A": "47.10"}, "S3": {}}
    sheets = dict.fromkeys(sums, SHEET)
    assert find_sum_errors(("A",), CRITERIA, sheets, sums) == (
        Alert("E1", "sum_error", True, "A", "", "S2", "47.10"),
    )  # fmt: skip


def test_o87_art_64_a_sum_error_blocks_until_the_right_sum_is_given(play):
    play.go(Stage.DETAILED)
    for seat in play.setup.seats:
        play.fill(seat.seat_id)
    for sums in ({"A": "much"}, {"Z": "1"}):
        with pytest.raises(SumMalformed):
            play.do(cmd.SubmitSheet(sums), member("S1"))
    play.do(cmd.SubmitSheet({"A": "64.60", "B": "58.60"}), member("S1"))
    play.do(cmd.SubmitSheet({"A": "65.60"}), member("S2"))
    for seat_id in ("S3", "S4", "S5"):
        play.do(cmd.SubmitSheet(), member(seat_id))
    assert list(play.room.state.alerts) == ["E1"]
    with pytest.raises(AlertsOpen):
        play.do(cmd.ConfirmConsistency(), member("S1"))
    for keep, value in ((True, None), (False, "64.61")):
        with pytest.raises(AlertAnswerContradictory):
            play.do(cmd.AnswerAlert("E1", keep, "why", value), member("S2"))
    [answer] = play.do(cmd.AnswerAlert("E1", False, "a slip", "64.6"), member("S2"))
    assert (answer.previous, answer.value, answer.closed) == ("65.60", "64.60", True)
    assert ("A", "") not in play.room.state.sheets["S2"]
    play.go(Stage.ARCHIVED)

from msgspec.structs import replace

from evaluation.ballots import Ballots
from evaluation.recount.members import item_units
from evaluation.setup import CriterionSetup

WORK = CriterionSetup("T", "technical", "Work", "subjective", "50")


def test_5_7_one_of_each_equal_extreme_is_dropped(rules):
    values = ["38", "38", "44.5", "45", "46", "47", "47"]
    ballots = Ballots((), (WORK,), {str(n): {("A", "T"): value} for n, value in enumerate(values)}, rules)
    assert item_units(replace(ballots, rules=replace(rules, agg_trim_over=5)), "A", WORK) == 4410
    assert item_units(ballots, "A", WORK) == 4364

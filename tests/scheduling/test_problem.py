import numpy as np

from scheduling.cells import Row
from scheduling.problem import LotteryProblem, general_problem, merged_kinds, silent
from scheduling.quotas import FairProblem, FeatureQuota

QUOTAS = (FeatureQuota("field", "a", 1, 2), FeatureQuota("field", "c", 0, 1))


def test_a_kind_is_a_combination_of_features_and_a_row_is_a_quota():
    found = general_problem(FairProblem(("field",), (("a",), ("b",), ("a",)), QUOTAS, 2, ("v", "", "u")))
    assert found.kinds.tolist() == [0, 1, 0]
    assert found.rows == (Row((0,), 1, 2), Row((), 0, 1))
    assert found.units.tolist() == [1, -1, 0]
    assert (found.seats, found.unit_max, found.edges) == (2, 1, ())


def test_without_a_column_of_units_there_are_none():
    assert general_problem(FairProblem(("field",), (("a",),), QUOTAS[:1], 1)).units is None


def test_kinds_that_no_row_tells_apart_become_one():
    problem = LotteryProblem(np.array([0, 1, 2, 3]), (Row((0, 1, 7), 1, 2), Row((3,), 0, 1)), 2, None)
    found = merged_kinds(problem)
    kinds = found.kinds.tolist()
    assert kinds[0] == kinds[1]
    assert len(set(kinds)) == 3
    assert found.rows == (Row((kinds[0],), 1, 2), Row((kinds[3],), 0, 1))


def test_nobody_need_be_told():
    assert silent("templates", 0.5) is None

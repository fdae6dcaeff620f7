import numpy as np

from scheduling.cells import Row
from scheduling.problem import LotteryProblem


def test_a_problem_without_employers_and_pairs_has_neither() -> None:
    problem = LotteryProblem(np.zeros(3, dtype=np.int64), (Row((0,), 2, 2),), 2, None)
    assert (problem.unit_max, problem.edges) == (1, ())

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scheduling.cells import Row
from scheduling.problem import LotteryProblem
from scheduling.united import with_united_pairs


def _problem(units: list[int], edges: list[tuple[int, int]], unit_max: int = 1) -> LotteryProblem:
    kinds = np.zeros(len(units), dtype=np.int64)
    return LotteryProblem(kinds, (Row((0,), 3, 3),), 3, np.array(units), unit_max, tuple(edges))


def test_employers_of_a_pair_count_as_one() -> None:
    units = [0, 0, 1, -1, -1, *range(2, 2000)]
    found = with_united_pairs(_problem(units, [(0, 2), (2, 3)]), large_pool=10)
    assert found.edges == ()
    assert found.units is not None
    one = found.units[0]
    assert [int(number) for number in np.flatnonzero(found.units == one)] == [0, 1, 2, 3]
    assert found.units[4] == -1


def test_a_pair_that_would_make_a_large_employer_stays_a_pair() -> None:
    units = [0] * 50 + [1] * 50 + list(range(2, 902))
    problem = _problem(units, [(0, 50), (100, 101)])
    assert with_united_pairs(problem, large_pool=10).edges == ((0, 50),)


def test_small_pools_and_other_rules_are_left_alone() -> None:
    problem = _problem([0, 1, 2, 3], [(0, 1)])
    assert with_united_pairs(problem) is problem
    two = _problem([0, 1, 2, 3], [(0, 1)], unit_max=2)
    assert with_united_pairs(two, large_pool=1) is two


@given(
    st.lists(st.integers(-1, 30), min_size=5, max_size=60),
    st.sets(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=12),
)
def test_c13_c14_whoever_might_not_sit_together_still_may_not(units: list[int], pairs: set[tuple[int, int]]) -> None:
    edges = sorted((a, b) for a, b in pairs if a < b < len(units))
    found = with_united_pairs(_problem(units, edges), large_pool=1)
    assert found.units is not None
    for a in range(len(units)):
        for b in range(a + 1, len(units)):
            barred = (units[a] >= 0 and units[a] == units[b]) or (a, b) in edges
            still = (found.units[a] >= 0 and found.units[a] == found.units[b]) or (a, b) in found.edges
            assert still or not barred

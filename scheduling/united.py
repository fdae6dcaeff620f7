"""In large pools: pairs that may not sit together become part of the rule of one legal person.

A person with a pair needs a class of one, and thousands of classes of one cost more than they are worth where tens of
thousands of people can be drawn. There both employers of a pair count as one: at most ``unit_max`` of all their people
sit. That is a little stricter than the rule asks, and only where it cannot be felt: joint employers stay below a small
share of the pool, and pairs that would make larger ones stay pairs.
"""

from dataclasses import replace

import numpy as np

from scheduling.cells import Integers
from scheduling.problem import LotteryProblem

LARGE_POOL = 20_000
LARGEST_SHARE = 0.002


def with_united_pairs(problem: LotteryProblem, large_pool: int = LARGE_POOL) -> LotteryProblem:
    """Return the problem with pairs taken into the units, where the pool is large and the rule is one per unit.

    Args:
        problem: people, units and pairs.
        large_pool: number of people from which on this is done.

    Returns:
        the problem itself where nothing is to be done; else one with other units and the pairs that are left.

    Source: domain C13, C14; engineering choice
    """
    if len(problem.kinds) < large_pool or problem.unit_max != 1 or problem.units is None or not problem.edges:
        return problem
    units = problem.units.copy()
    alone = np.unique(np.array(problem.edges, dtype=np.int64))
    alone = alone[units[alone] < 0]
    units[alone] = int(units.max(initial=-1)) + 1 + np.arange(len(alone))
    roots, left = _joined(problem, units)
    joined = np.where(units >= 0, roots[np.maximum(units, 0)], -1)
    return replace(problem, units=_numbered(joined), edges=tuple(left))


def _joined(problem: LotteryProblem, units: Integers) -> tuple[Integers, list[tuple[int, int]]]:
    sizes = np.bincount(units[units >= 0]).tolist()
    most = max(2, int(len(units) * LARGEST_SHARE))
    above = list(range(len(sizes)))
    left = []
    for one, two in sorted(problem.edges):
        low, high = sorted((_root(above, int(units[one])), _root(above, int(units[two]))))
        if low == high:
            continue
        if sizes[low] + sizes[high] > most:
            left.append((one, two))
            continue
        above[high] = low
        sizes[low] += sizes[high]
    return np.array([_root(above, unit) for unit in range(len(above))], dtype=np.int64), left


def _root(above: list[int], unit: int) -> int:
    while above[unit] != unit:
        above[unit] = above[above[unit]]
        unit = above[unit]
    return unit


def _numbered(units: Integers) -> Integers:
    found = np.full(len(units), -1, dtype=np.int64)
    shared = units >= 0
    found[shared] = np.unique(units[shared], return_inverse=True)[1]
    return found

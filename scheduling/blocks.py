"""Units put together: a block of units that takes no more seats than one unit may needs fewer cells than its units."""

import numpy as np

from scheduling.cells import Integers
from scheduling.partition import unit_sizes
from scheduling.problem import LotteryProblem
from scheduling.targets import Targets

LOAD = 0.75


def blocks_of_units(problem: LotteryProblem, targets: Targets, cells: int) -> list[Integers]:
    """Return ways to put units into blocks, the preferred one first, the finest one last.

    Units that bind stay alone, and so does every unit where the cells then number no more than ``cells``. Otherwise the
    others are packed, by falling expected seats, each into the block that expects least (no block more than 0.75 of
    its limit, so that whole panels can meet the expectations). Nobody loses by it: expected seats stay the same, only
    some pairs of persons of different units no longer sit together.

    Args:
        problem: people and units.
        targets: expected seats per unit.
        cells: wished number of cells.

    Returns:
        block per unit, -1 for units that cannot break the rule.

    Source: design of the draw, section 2, step 6; C14
    """
    crowd = (targets.blocks >= 0) | (unit_sizes(problem, targets.chances > 0) > problem.unit_max)
    finest = np.where(crowd, np.cumsum(crowd) - 1, -1)
    kinds = len(np.unique(problem.kinds))
    inside = np.zeros(len(problem.kinds), dtype=np.bool_)
    if problem.units is not None:
        inside = (problem.units >= 0) & crowd[problem.units]
        number = len(np.unique(problem.kinds[inside] * len(crowd) + problem.units[inside]))
    if problem.units is None or number <= cells:
        return [finest]
    packed = np.flatnonzero(crowd & (targets.blocks < 0))
    load = float(targets.expected[packed].sum()) / (LOAD * problem.unit_max)
    many = min(len(packed), max(cells // kinds, int(np.ceil(load)) + 1))
    return [_packed(targets, packed, many), finest] if many < len(packed) else [finest]


def _packed(targets: Targets, packed: Integers, many: int) -> Integers:
    blocks = targets.blocks.copy()
    first = int(blocks.max(initial=-1)) + 1
    loads = np.zeros(many)
    for unit in packed[np.argsort(-targets.expected[packed], kind="stable")].tolist():
        block = int(loads.argmin())
        blocks[unit] = first + block
        loads[block] += targets.expected[unit]
    return blocks

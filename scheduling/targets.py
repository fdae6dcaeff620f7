"""Leximin targets per person: units that ask for more seats than allowed get cells and a row of their own."""

from dataclasses import dataclass

import numpy as np

from scheduling.cells import Cells, Flags, Floats, Integers
from scheduling.leximin import Leximin, leximin_seats
from scheduling.partition import collapse
from scheduling.problem import LotteryProblem

OVER = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Targets:
    """Solution of the compact programme, units included where they bind.

    Args:
        cells: the cells that were needed.
        found: solution over these cells.
        chances: target probability per person; 0 for whoever is in no panel.
        blocks: per unit the number of its row, -1 for units without one.
        expected: seats per unit.

    Source: design of the draw, section 2, step 3
    """

    cells: Cells
    found: Leximin
    chances: Floats
    blocks: Integers
    expected: Floats


def find_targets(problem: LotteryProblem, absent: Flags) -> Targets | None:
    """Solve with as few unit rows as are needed.

    A unit whose people together expect more than ``unit_max`` seats is split off and the programme solved again, until
    none does. At most one round per seat's worth of units.

    Args:
        problem: people and rows.
        absent: persons known to be in no panel.

    Returns:
        None when the rows contradict each other.

    Source: design of the draw, section 2, step 3
    """
    units = 0 if problem.units is None else int(problem.units.max(initial=-1)) + 1
    apart = np.zeros(units, dtype=np.bool_)
    while True:
        blocks = np.where(apart, np.cumsum(apart) - 1, -1)
        cells = collapse(problem, blocks, absent)
        found = leximin_seats(cells) if len(cells.sizes) else None
        if found is None:
            return None
        each = found.seats / cells.sizes
        each[list(found.never)] = 0.0
        chances = np.where(cells.labels >= 0, each[np.maximum(cells.labels, 0)], 0.0)
        expected = _expected(problem, chances, units)
        crowded = expected > problem.unit_max + OVER
        if not np.any(crowded & ~apart):
            return Targets(cells, found, chances, blocks, expected)
        apart |= crowded


def _expected(problem: LotteryProblem, chances: Floats, units: int) -> Floats:
    if problem.units is None:
        return np.zeros(0)
    held = problem.units >= 0
    return np.asarray(np.bincount(problem.units[held], weights=chances[held], minlength=units), dtype=np.float64)


def seats_of(cells: Cells, targets: Targets) -> Floats:
    """Return the expected seats of other cells of the same people.

    Source: design of the draw, section 2, step 3
    """
    inside = cells.labels >= 0
    return np.asarray(
        np.bincount(cells.labels[inside], weights=targets.chances[inside], minlength=len(cells.sizes)), dtype=np.float64
    )

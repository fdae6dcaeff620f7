"""Leximin targets per class and unit: units that ask for more than one seat get cells and a row of their own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Cells, collapse
from scheduling.leximin import Leximin, leximin_seats
from scheduling.quotas import FairProblem

Floats = NDArray[np.float64]
OVER = 1e-9


@dataclass(frozen=True, slots=True)
class Targets:
    """Solution of the compact programme, units included where they bind.

    Args:
        cells: the finest cells that were needed.
        found: solution over these cells.
        chances: target probability per person.
        apart: units with cells of their own.
        absent: persons left out, because they are in no panel.

    Source: design of the draw, section 2, step 3
    """

    cells: Cells
    found: Leximin
    chances: Floats
    apart: frozenset[str]
    absent: frozenset[int]


def find_targets(problem: FairProblem, never: frozenset[int] = frozenset()) -> Targets | None:
    """Solve with as few unit rows as are needed.

    A unit whose people together expect more than one seat is split off and the programme solved again, until none does.

    Args:
        problem: people and quotas.
        never: persons known to be in no panel.

    Returns:
        None when the rows contradict each other.

    Source: design of the draw, section 2, step 3
    """
    apart: frozenset[str] = frozenset()
    while True:
        cells = collapse(problem, apart, never)
        found = leximin_seats(cells) if cells.members else None
        if found is None:
            return None
        chances = np.zeros(len(problem.people))
        for group, seats in zip(cells.members, found.seats.tolist(), strict=True):
            chances[list(group)] = seats / len(group)
        crowded = _crowded(problem, chances) - apart
        if not crowded:
            return Targets(cells, found, chances, apart, never)
        apart |= crowded


def _crowded(problem: FairProblem, chances: Floats) -> frozenset[str]:
    if problem.units is None:
        return frozenset()
    names = sorted({unit for unit in problem.units if unit})
    place = {name: number for number, name in enumerate(names)}
    numbers = np.array([place.get(unit, len(names)) for unit in problem.units])
    wanted = np.bincount(numbers, weights=chances, minlength=len(names) + 1)
    return frozenset(name for name, number in place.items() if wanted[number] > 1 + OVER)

"""How likely everybody can be at best: the leximin programme over expected seats per cell."""

from dataclasses import dataclass

import numpy as np

from scheduling.cells import Cells, Floats
from scheduling.linear import is_solved, new_programme

TIGHT = 1e-7


@dataclass(frozen=True, slots=True)
class Leximin:
    """Solution of the compact programme.

    Args:
        bound: no lottery gives everybody who can be drawn at all more than this.
        seats: expected seats per cell.
        never: cells that take no seat in any solution.

    Source: design of the draw, section 2, step 3
    """

    bound: float
    seats: Floats
    never: tuple[int, ...]


def leximin_seats(cells: Cells) -> Leximin | None:
    """Maximise the least probability, then the next, and so on, over expected seats.

    Variables: u_c >= 0, the probability of a member of cell c in units of k/n (k seats, n people), n_c its size; z.
    Objective of each stage: maximise z. Constraints: u_c >= z for every cell not yet fixed; u_c >= f_c for fixed ones;
    u_c <= n/k; for every row r: low_r <= sum over c in r of (k/n) n_c u_c <= high_r. A cell whose row u_c >= z has a
    positive dual is tight in every optimal solution (complementary slackness) and is fixed at f_c = z. Every lottery
    over panels is feasible here, so the first z is an upper bound of its least probability. At most one stage per cell.

    Args:
        cells: variables and rows.

    Returns:
        the solution, None when the rows contradict each other.

    Source: design of the draw, section 2, step 3
    """
    stage = _Programme(cells)
    if not stage.is_feasible():
        return None
    gone = tuple(stage.unreachable())
    for cell in gone:
        stage.remove(cell)
    bound = None
    while stage.free:
        level = stage.raise_floor()
        bound = level if bound is None else bound
    return Leximin((bound or 0.0) * stage.unit, stage.expected_seats(), gone)


class _Programme:
    def __init__(self, cells: Cells) -> None:
        self.sizes = cells.sizes.astype(np.float64)
        self.unit = cells.seats / float(self.sizes.sum())
        self.free = set(range(len(self.sizes)))
        self._solver = new_programme()
        top = 1.0 / self.unit
        self._level = self._solver.NumVar(0.0, top, "")
        self._chance = [self._solver.NumVar(0.0, top, "") for _ in self.sizes]
        self._floors = []
        for chance in self._chance:
            floor = self._solver.RowConstraint(0.0, self._solver.infinity(), "")
            floor.SetCoefficient(chance, 1.0)
            self._floors.append(floor)
        for row in cells.rows:
            bounds = self._solver.RowConstraint(float(row.low), float(row.high), "")
            for place in row.places:
                bounds.SetCoefficient(self._chance[place], float(self.sizes[place]) * self.unit)
        self._last, self._found = 0.0, np.zeros(len(self.sizes))
        self._objective = self._solver.Objective()
        self._objective.SetMaximization()

    def is_feasible(self) -> bool:
        self._objective.Clear()
        self._objective.SetMaximization()
        return self._solve()

    def unreachable(self) -> list[int]:
        """Cells without a seat in any solution: maximise them together until nothing new appears."""
        missing = {cell for cell in self.free if self._value(cell) <= TIGHT}
        while missing:
            self._objective.Clear()
            for cell in missing:
                self._objective.SetCoefficient(self._chance[cell], 1.0)
            self._objective.SetMaximization()
            self._solve()
            found = {cell for cell in missing if self._value(cell) > TIGHT}
            if not found:
                break
            missing -= found
        self._objective.Clear()
        self._objective.SetCoefficient(self._level, 1.0)
        self._objective.SetMaximization()
        for cell in self.free:
            self._floors[cell].SetCoefficient(self._level, -1.0)
        return sorted(missing)

    def remove(self, cell: int) -> None:
        self.free.discard(cell)
        self._floors[cell].SetCoefficient(self._level, 0.0)
        self._chance[cell].SetUb(0.0)

    def raise_floor(self) -> float:
        if not self._solve():
            # Earlier floors were reached only within the tolerance of the solver: what is left keeps its last chance.
            self.free.clear()
            return self._last
        level = float(self._level.solution_value())
        self._last, self._found = level, np.array([self._value(cell) for cell in range(len(self.sizes))])
        tight = [cell for cell in self.free if abs(self._floors[cell].dual_value()) > TIGHT]
        if not tight:
            tight = [cell for cell in self.free if self._found[cell] <= level * (1 + TIGHT)] or list(self.free)
        for cell in tight:
            self.free.discard(cell)
            self._floors[cell].SetCoefficient(self._level, 0.0)
            # A hair below, so that rounding of one stage cannot make the next one infeasible.
            self._floors[cell].SetLb(level * (1 - 1e-11))
        return level

    def expected_seats(self) -> Floats:
        return self._found * self.sizes * self.unit

    def _value(self, cell: int) -> float:
        return float(self._chance[cell].solution_value())

    def _solve(self) -> bool:
        return is_solved(self._solver)

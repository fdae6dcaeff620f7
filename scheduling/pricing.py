"""The best panel shape for given prices: a linear programme first, an exact search where its answer is not whole."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scheduling import cp_sat
from scheduling.cells import Cells, Floats, Integers, satisfies
from scheduling.linear import is_solved, new_programme
from scheduling.swaps import Swaps

SCALE = 100_000_000
WHOLE = 1e-6
# Deterministic work of one exact search, in the solver's own count.
MOST_WORK = 4.0


class Pricer:
    """Finds templates: whole numbers of seats per cell that keep all rows.

    Variables: x_c in {low_c .. high_c}. Objective: maximise sum of price_c x_c. Constraints: the rows of the cells.
    The linear programme is solved first; a whole vertex of it is optimal. Otherwise CP-SAT searches with one worker
    and a fixed seed, prices rounded to 1e-8 of the largest one, up to a limit that counts work and not time; ``proved``
    tells whether the last answer was shown to be the best.

    Args:
        cells: variables and rows.
        low, high: box of the seats per cell, within 0..size.

    Source: design of the draw, section 2, step 4
    """

    def __init__(self, cells: Cells, low: Integers, high: Integers) -> None:
        self._cells, self._low, self._high = cells, low, high
        self._solver = new_programme()
        pairs = zip(low.tolist(), high.tolist(), strict=True)
        self._seats = [self._solver.NumVar(float(least), float(most), "") for least, most in pairs]
        for row in cells.rows:
            bounds = self._solver.RowConstraint(float(row.low), float(row.high), "")
            for place in row.places:
                bounds.SetCoefficient(self._seats[place], 1.0)
        self._objective = self._solver.Objective()
        self._objective.SetMaximization()
        self._exact: _Search | None = None
        self.proved = True
        self._swaps = Swaps(cells, low, high)

    def improving(self, prices: Floats, starts: Sequence[Integers], enough: float) -> Integers | None:
        """Return a template worth more than ``enough`` if one is near at hand, else the best there is.

        Args:
            prices: per cell.
            starts: known templates of this box to climb from when the linear programme gives no whole answer.
            enough: what a template must be worth to spare the exact search.
        """
        found = self._whole_vertex(prices)
        if found is not None:
            return found
        for start in starts:
            near = self._swaps.climb(start, prices)
            if float(prices @ near) > enough:
                return near
        return self._searched(prices)

    def several(self, prices: Floats, starts: Sequence[Integers], enough: float) -> list[Integers]:
        """Return templates worth more than ``enough``: several at once spare solutions of the master.

        Args:
            prices: per cell.
            starts: known templates of this box to climb from.
            enough: what a template must be worth.

        Returns:
            an empty list only when the best template is not worth more.
        """
        vertex = self._whole_vertex(prices)
        near = [self._swaps.climb(start, prices) for start in starts]
        found = [item for item in ([] if vertex is None else [vertex]) + near if float(prices @ item) > enough]
        if found or vertex is not None:
            return found
        best = self._searched(prices)
        return [best] if best is not None and float(prices @ best) > enough else []

    def best(self, prices: Floats) -> Integers | None:
        """Return a template of highest price, None when the box contains no template."""
        found = self._whole_vertex(prices)
        return self._searched(prices) if found is None else found

    def excess(self, prices: Floats) -> float:
        """How much more than the best answer found a template may be worth because prices were rounded."""
        return float(np.abs(prices).max()) * self._cells.seats / SCALE

    def _whole_vertex(self, prices: Floats) -> Integers | None:
        for variable, price in zip(self._seats, prices.tolist(), strict=True):
            self._objective.SetCoefficient(variable, price)
        if is_solved(self._solver):
            found = np.array([variable.solution_value() for variable in self._seats])
            whole = np.rint(found).astype(np.int64)
            if float(np.abs(found - whole).max()) <= WHOLE and satisfies(self._cells, whole):
                self.proved = True
                return np.asarray(whole)
        return None

    def _searched(self, prices: Floats) -> Integers | None:
        if self._exact is None:
            self._exact = _Search(self._cells, self._low, self._high)
        best, self.proved = self._exact.best(prices)
        return best


class _Search:
    def __init__(self, cells: Cells, low: Integers, high: Integers) -> None:
        self._model = cp_sat.CpModel()
        pairs = zip(low.tolist(), high.tolist(), strict=True)
        self._seats = [self._model.new_int_var(least, most, "") for least, most in pairs]
        for row in cells.rows:
            total = cp_sat.LinearExpr.sum([self._seats[place] for place in row.places])
            self._model.add_linear_constraint(total, row.low, row.high)
        self._solver = cp_sat.CpSolver()
        self._solver.parameters.num_workers = 1
        self._solver.parameters.random_seed = 1
        self._solver.parameters.max_deterministic_time = MOST_WORK

    def best(self, prices: Floats) -> tuple[Integers | None, bool]:
        top = float(np.abs(prices).max())
        scaled = np.rint(prices * (SCALE / top if top else 0.0)).astype(np.int64).tolist()
        self._model.clear_objective()
        self._model.maximize(cp_sat.LinearExpr.weighted_sum(self._seats, scaled))
        status = self._solver.solve(self._model)
        if status not in (cp_sat.OPTIMAL, cp_sat.FEASIBLE):
            return None, bool(status == cp_sat.INFEASIBLE)
        found = np.array([self._solver.value(seat) for seat in self._seats], dtype=np.int64)
        return found, bool(status == cp_sat.OPTIMAL)


def cover(cells: Cells, candidates: Sequence[int]) -> tuple[list[Integers], list[int]]:
    """Return templates that together contain every one of ``candidates`` that some template contains, and the others.

    Each template contains as many of those still missing as possible; when none contains one, the rest is in no
    template at all. Where the work limit hides the proof, cells are looked at one by one.

    Source: design of the draw, section 2, step 3
    """
    missing = np.zeros(len(cells.sizes), dtype=np.bool_)
    missing[list(candidates)] = True
    pricer = Pricer(cells, np.zeros_like(cells.sizes), cells.sizes)
    found: list[Integers] = []
    while missing.any():
        template = pricer.best(missing.astype(np.float64))
        if template is None or not (missing & (template > 0)).any():
            break
        missing &= template == 0
        found.append(template)
    if pricer.proved:
        return found, np.flatnonzero(missing).tolist()
    return _one_by_one(cells, found, missing)


def _one_by_one(cells: Cells, found: list[Integers], missing: NDArray[np.bool_]) -> tuple[list[Integers], list[int]]:
    never = []
    for cell in np.flatnonzero(missing).tolist():
        if missing[cell]:
            low = np.zeros_like(cells.sizes)
            low[cell] = 1
            pricer = Pricer(cells, low, cells.sizes)
            template = pricer.best(np.zeros(len(low)))
            if template is not None:
                found.append(template)
                missing &= template == 0
            elif pricer.proved:
                never.append(cell)
    return found, never

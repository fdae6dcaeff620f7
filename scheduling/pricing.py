"""The best panel shape for given prices: a linear programme first, an exact search where its answer is not whole."""

from collections.abc import Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduling.cells import Cells, Floats, Integers, satisfies
from scheduling.linear import is_solved, new_programme
from scheduling.swaps import Swaps

SCALE = 1_000_000
WHOLE = 1e-6


class Pricer:
    """Finds templates: whole numbers of seats per cell that keep all rows.

    Variables: x_c in {low_c .. high_c}. Objective: maximise sum of price_c x_c. Constraints: the rows of the cells.
    The linear programme is solved first; a whole vertex of it is optimal. Otherwise CP-SAT searches with one worker
    and a fixed seed, prices rounded to a millionth of the largest one.

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

    def _whole_vertex(self, prices: Floats) -> Integers | None:
        for variable, price in zip(self._seats, prices.tolist(), strict=True):
            self._objective.SetCoefficient(variable, price)
        if is_solved(self._solver):
            found = np.array([variable.solution_value() for variable in self._seats])
            whole = np.rint(found).astype(np.int64)
            if float(np.abs(found - whole).max()) <= WHOLE and satisfies(self._cells, whole):
                return np.asarray(whole)
        return None

    def _searched(self, prices: Floats) -> Integers | None:
        if self._exact is None:
            self._exact = _Search(self._cells, self._low, self._high)
        return self._exact.best(prices)


class _Search:
    def __init__(self, cells: Cells, low: Integers, high: Integers) -> None:
        self._model = cp_model.CpModel()
        pairs = zip(low.tolist(), high.tolist(), strict=True)
        self._seats = [self._model.new_int_var(least, most, "") for least, most in pairs]
        for row in cells.rows:
            total = cp_model.LinearExpr.sum([self._seats[place] for place in row.places])
            self._model.add_linear_constraint(total, row.low, row.high)
        self._solver = cp_model.CpSolver()
        self._solver.parameters.num_workers = 1
        self._solver.parameters.random_seed = 1

    def best(self, prices: Floats) -> Integers | None:
        top = float(np.abs(prices).max())
        scaled = np.rint(prices * (SCALE / top if top else 0.0)).astype(np.int64).tolist()
        self._model.clear_objective()  # type: ignore[no-untyped-call]
        self._model.maximize(cp_model.LinearExpr.weighted_sum(self._seats, scaled))
        status = self._solver.solve(self._model)
        if status != cp_model.OPTIMAL:
            return None
        return np.array([self._solver.value(seat) for seat in self._seats], dtype=np.int64)


def contains(cells: Cells, cell: int) -> bool:
    """Tell whether some template gives ``cell`` a seat.

    Source: design of the draw, section 2, step 3
    """
    low = np.zeros_like(cells.sizes)
    low[cell] = 1
    return Pricer(cells, low, cells.sizes).best(np.zeros(len(low))) is not None


def unreachable(cells: Cells, candidates: Sequence[int]) -> list[int]:
    """Return those of ``candidates`` that no template contains.

    Source: design of the draw, section 2, step 3
    """
    return [cell for cell in candidates if not contains(cells, cell)]

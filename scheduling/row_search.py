"""The rows of overlapping quotas that matter, where there are too many to write down: cutting planes."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import max_flow

from scheduling.cells import Row
from scheduling.hall import quotas_in
from scheduling.linear import is_solved, new_programme

Floats = NDArray[np.float64]
SCALE = 2**20
SLACK = 1e-6
ROUNDS = 100


def overfull_set(masks: Sequence[int], seats: Floats, counts: Sequence[int]) -> int:
    """Find the quotas that expected seats overfill most.

    A minimum cut of source -> kinds (seats) -> their quotas -> sink (counts): the quotas on the side of the source are
    those whose kinds inside want most seats beyond their room. Complexity that of one maximum flow.

    Args:
        masks: quotas per kind as a bit mask.
        seats: expected seats per kind.
        counts: seats per quota.

    Returns:
        the set as a bit mask, 0 when no set is overfull.

    Source: domain DR-07
    """
    solver = max_flow.SimpleMaxFlow()
    wanted = np.rint(seats * SCALE).astype(np.int64)
    used = np.flatnonzero(wanted)
    first, sink = 1 + len(counts), 1 + len(counts) + len(masks)
    for kind in used.tolist():
        solver.add_arc_with_capacity(0, first + kind, int(wanted[kind]))
        for quota in quotas_in(masks[kind]):
            solver.add_arc_with_capacity(first + kind, 1 + quota, int(wanted[kind]))
    for quota, count in enumerate(counts):
        solver.add_arc_with_capacity(1 + quota, sink, count * SCALE)
    solver.solve(0, sink)
    found = sum(1 << node - 1 for node in solver.get_source_side_min_cut() if 1 <= node < first)
    inside = [kind for kind in used.tolist() if not masks[kind] & ~found]
    room = sum(counts[quota] for quota in quotas_in(found))
    return found if float(seats[inside].sum()) > room + SLACK else 0


def cut_rows(
    masks: Sequence[int],
    sizes: Sequence[int],
    counts: Sequence[int],
    rows: Sequence[Row],
    row_of: Callable[[int], Sequence[Row]],
) -> tuple[Row, ...]:
    """Find the rows that the linear programmes of a lottery would break.

    Variables: expected seats 0 <= x_k <= persons of kind k. Programmes: first the largest z with x_k >= z persons_k,
    the fairest seats; then sum of price_k x_k with prices that favour each quota, each kind of few quotas, and fixed
    mixed orders, as the pricing of templates does. The solution of each is cut off by the row it breaks most, until it
    breaks none; at most ``ROUNDS`` solutions in all.

    Args:
        masks, sizes, counts: of kinds and quotas.
        rows: known rows.
        row_of: row of a set of quotas.

    Returns:
        the new rows in the order in which they were found.

    Source: engineering choice
    """
    search = _Search(masks, sizes, counts, rows)
    prices = _prices(masks, len(counts))
    found: list[Row] = []
    left = ROUNDS
    for price in (None, *prices):
        while left > 0:
            left -= 1
            seats = search.fairest() if price is None else search.dearest(price)
            overfull = 0 if seats is None else overfull_set(masks, seats, counts)
            if not overfull:
                break
            new = row_of(overfull)
            search.add(new)
            found += new
    return tuple(found)


def _prices(masks: Sequence[int], quotas: int) -> list[Floats]:
    held = np.array([[mask >> quota & 1 for quota in range(quotas)] for mask in masks], dtype=np.float64)
    width = held.sum(axis=1)
    mixed = [(1 + np.arange(len(masks)) * step % 97) / 97 for step in (13, 29, 41, 53, 67, 83)]
    return [*held.T, 1 / width, width, *mixed]


class _Search:
    """The linear programme over expected seats, with rows that are added on the way."""

    def __init__(self, masks: Sequence[int], sizes: Sequence[int], counts: Sequence[int], rows: Sequence[Row]) -> None:
        self._solver = new_programme()
        self._level = self._solver.NumVar(0.0, 1.0, "")
        self._seats = [self._solver.NumVar(0.0, float(size), "") for size in sizes]
        self._floors = []
        for size, seats in zip(sizes, self._seats, strict=True):
            floor = self._solver.RowConstraint(0.0, self._solver.infinity(), "")
            floor.SetCoefficient(seats, 1.0)
            floor.SetCoefficient(self._level, -float(size))
            self._floors.append(floor)
        self._objective = self._solver.Objective()
        self._objective.SetMaximization()
        self.add(rows)

    def add(self, rows: Sequence[Row]) -> None:
        for row in rows:
            bounds = self._solver.RowConstraint(float(row.low), float(row.high), "")
            for place in row.places:
                bounds.SetCoefficient(self._seats[place], 1.0)

    def fairest(self) -> Floats | None:
        self._objective.SetCoefficient(self._level, 1.0)
        return self._solution()

    def dearest(self, prices: Floats) -> Floats | None:
        self._objective.SetCoefficient(self._level, 0.0)
        for seats, price in zip(self._seats, prices.tolist(), strict=True):
            self._objective.SetCoefficient(seats, price)
        return self._solution()

    def _solution(self) -> Floats | None:
        if not is_solved(self._solver):
            return None
        return np.array([seats.solution_value() for seats in self._seats])

"""From people to cells: alike in kind and, where it matters, in unit; who has a pair rule stands alone."""

import numpy as np

from scheduling.cells import Cells, Flags, Integers, Row
from scheduling.problem import LotteryProblem


def collapse(problem: LotteryProblem, blocks: Integers | None = None, absent: Flags | None = None) -> Cells:
    """Group people who are exchangeable.

    Units are put into blocks; a block takes at most ``unit_max`` seats, so none of its units takes more. A block of one
    unit says exactly that; larger blocks say more than the rule and need fewer cells. Persons in pairs that
    never sit together are cells of their own.

    Args:
        problem: the people.
        blocks: block per unit, -1 for units that get no cells of their own; None: no unit does.
        absent: persons who are left out.

    Source: design of the draw, section 2, step 2; C13, C14
    """
    block = block_per_person(problem, blocks)
    alone = np.zeros(len(problem.kinds), dtype=np.int64)
    touched = np.unique(np.array(problem.edges, dtype=np.int64))
    alone[touched] = np.arange(1, len(touched) + 1)
    keys = (problem.kinds * (int(block.max(initial=0)) + 2) + block + 1) * (len(touched) + 1) + alone
    present = np.flatnonzero(~absent) if absent is not None else np.arange(len(keys))
    _, first, inverse, sizes = np.unique(keys[present], return_index=True, return_inverse=True, return_counts=True)
    labels = np.full(len(keys), -1, dtype=np.int64)
    labels[present] = inverse
    rows = [Row(tuple(range(len(sizes))), problem.seats, problem.seats)]
    rows += _kind_rows(problem, problem.kinds[present[first]])
    rows += _block_rows(block[present[first]], sizes, problem.unit_max)
    rows += _pair_rows(problem, labels)
    return Cells(labels, sizes.astype(np.int64), tuple(dict.fromkeys(rows)), problem.seats)


def block_per_person(problem: LotteryProblem, blocks: Integers | None) -> Integers:
    """Return the block of each person's unit, -1 without one.

    Source: engineering choice
    """
    if blocks is None or problem.units is None or not len(blocks):
        return np.full(len(problem.kinds), -1, dtype=np.int64)
    return np.where(problem.units >= 0, blocks[np.maximum(problem.units, 0)], -1)


def unit_sizes(problem: LotteryProblem, counted: Flags) -> Integers:
    """Return the number of counted persons per unit.

    Source: engineering choice
    """
    if problem.units is None:
        return np.zeros(0, dtype=np.int64)
    return np.bincount(problem.units[counted & (problem.units >= 0)], minlength=int(problem.units.max(initial=-1)) + 1)


def _kind_rows(problem: LotteryProblem, kind_of_cell: Integers) -> list[Row]:
    rows = []
    inside = np.zeros(int(problem.kinds.max(initial=0)) + 1, dtype=np.bool_)
    for row in problem.rows:
        inside[:] = False
        inside[[place for place in row.places if place < len(inside)]] = True
        places = tuple(np.flatnonzero(inside[kind_of_cell]).tolist())
        if places or row.low > 0:
            rows.append(Row(places, row.low, row.high))
    return rows


def _block_rows(block_of_cell: Integers, sizes: Integers, most: int) -> list[Row]:
    rows = []
    order = np.argsort(block_of_cell, kind="stable")
    numbers, starts = np.unique(block_of_cell[order], return_index=True)
    for number, places in zip(numbers.tolist(), np.split(order, starts[1:]), strict=True):
        if number >= 0 and int(sizes[places].sum()) > most:
            rows.append(Row(tuple(places.tolist()), 0, most))
    return rows


def _pair_rows(problem: LotteryProblem, labels: Integers) -> list[Row]:
    """One row per clique of a greedy cover: it bounds fractional seats more closely than a row per pair."""
    near: dict[int, set[int]] = {}
    for one, two in problem.edges:
        a, b = int(labels[one]), int(labels[two])
        if a >= 0 and b >= 0 and a != b:
            near.setdefault(a, set()).add(b)
            near.setdefault(b, set()).add(a)
    rows, covered = [], set()
    for a in sorted(near):
        for b in sorted(near[a]):
            if a < b and (a, b) not in covered:
                clique = _clique(near, a, b)
                covered |= {(x, y) for x in clique for y in clique if x < y}
                rows.append(Row(tuple(clique), 0, 1))
    return rows


def _clique(near: dict[int, set[int]], a: int, b: int) -> list[int]:
    clique, open_cells = [a, b], near[a] & near[b]
    while open_cells:
        cell = max(open_cells, key=lambda c: (len(near[c] & open_cells), -c))
        clique.append(cell)
        open_cells = open_cells & near[cell]
    return sorted(clique)

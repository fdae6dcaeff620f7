"""The general problem of a fair lottery: people of kinds, rows over kinds, units, and pairs that never sit together."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from scheduling.cells import Integers, Row
from scheduling.quotas import FairProblem

Progress = Callable[[str, float], None]
"""Told the stage and the share of it that is done, 0 to 1."""


@dataclass(frozen=True, slots=True, eq=False)
class LotteryProblem:
    """What a fair lottery is built from.

    Args:
        kinds: number of the person's kind, 0..K-1, shape (people,); persons of one kind are alike in every row.
        rows: bounds in seats; their ``places`` are kind numbers. The number of seats need not be among them.
        seats: size of the panel, at least 1.
        units: number of the employer per person, -1 for none, shape (people,); None without such a rule.
        unit_max: most members from one unit.
        edges: pairs of persons that never sit together.

    Source: domain DR-07, C13, C14
    """

    kinds: Integers
    rows: tuple[Row, ...]
    seats: int
    units: Integers | None
    unit_max: int = 1
    edges: tuple[tuple[int, int], ...] = ()


def silent(stage: str, share: float) -> None:
    """Tell nobody.

    Source: engineering choice
    """


def general_problem(problem: FairProblem) -> LotteryProblem:
    """Return the general form of a problem of features: a kind is a combination of features that occurs.

    Source: domain DR-07
    """
    places: dict[tuple[str, ...], int] = {}
    kinds = np.array([places.setdefault(values, len(places)) for values in problem.people], dtype=np.int64)
    column = {name: number for number, name in enumerate(problem.categories)}
    rows = []
    for quota in problem.quotas:
        inside = tuple(n for values, n in places.items() if values[column[quota.category]] == quota.feature)
        rows.append(Row(inside, quota.minimum, quota.maximum))
    return LotteryProblem(kinds, tuple(rows), problem.seats, _unit_numbers(problem))


def merged_kinds(problem: LotteryProblem) -> LotteryProblem:
    """Return the problem with kinds that no row tells apart made one.

    Source: design of the draw, section 2, step 2
    """
    many = int(problem.kinds.max(initial=0)) + 1
    inside = np.zeros((many, len(problem.rows)), dtype=np.bool_)
    for number, row in enumerate(problem.rows):
        inside[[place for place in row.places if place < many], number] = True
    _, first, inverse = np.unique(inside, axis=0, return_index=True, return_inverse=True)
    rows = []
    for number, row in enumerate(problem.rows):
        rows.append(Row(tuple(np.flatnonzero(inside[first, number]).tolist()), row.low, row.high))
    return replace(problem, kinds=inverse.ravel()[problem.kinds].astype(np.int64), rows=tuple(rows))


def _unit_numbers(problem: FairProblem) -> Integers | None:
    if problem.units is None:
        return None
    place = {name: number for number, name in enumerate(sorted({unit for unit in problem.units if unit}))}
    return np.array([place.get(unit, -1) for unit in problem.units], dtype=np.int64)

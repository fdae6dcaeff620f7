"""People who are alike in every quota, and the rows that bound how many seats they take."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.quotas import FairProblem

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Row:
    """Seats of the variables ``places`` together: at least ``low``, at most ``high``.

    Source: domain DR-07
    """

    places: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Cells:
    """The classes of a problem as variables of a programme: x_c seats for cell c, 0 <= x_c <= size of c.

    Args:
        members: persons per cell, ascending; cells in the order of their first person.
        rows: quotas, one row per unit that got cells of its own, and the number of seats.
        seats: of the panel.
        parents: per cell the number of its class when no unit has cells of its own.

    Source: design of the draw, section 2, step 2
    """

    members: tuple[tuple[int, ...], ...]
    rows: tuple[Row, ...]
    seats: int
    parents: tuple[int, ...]

    @property
    def sizes(self) -> Integers:
        """Persons per cell."""
        return np.array([len(group) for group in self.members], dtype=np.int64)


def collapse(problem: FairProblem, apart: Collection[str] = (), absent: Collection[int] = ()) -> Cells:
    """Group people with equal values in all categories.

    Args:
        problem: the people.
        apart: units whose people form cells of their own, each with a row "at most one seat".
        absent: persons who are left out.

    Source: design of the draw, section 2, step 2
    """
    chosen, left_out = frozenset(apart), frozenset(absent)
    units = problem.units or ("",) * len(problem.people)
    groups: dict[tuple[tuple[str, ...], str], list[int]] = {}
    classes: dict[tuple[str, ...], int] = {}
    for person, (values, unit) in enumerate(zip(problem.people, units, strict=True)):
        if person in left_out:
            continue
        classes.setdefault(values, len(classes))
        groups.setdefault((values, unit if unit in chosen else ""), []).append(person)
    keys = list(groups)
    rows = [Row(tuple(range(len(keys))), problem.seats, problem.seats), *_quota_rows(problem, keys)]
    for unit in sorted(chosen):
        places = tuple(number for number, (_, own) in enumerate(keys) if own == unit)
        rows.append(Row(places, 0, 1))
    members = tuple(tuple(group) for group in groups.values())
    return Cells(members, tuple(rows), problem.seats, tuple(classes[values] for values, _ in keys))


def _quota_rows(problem: FairProblem, keys: list[tuple[tuple[str, ...], str]]) -> list[Row]:
    column = {name: number for number, name in enumerate(problem.categories)}
    rows = []
    for quota in problem.quotas:
        place = column[quota.category]
        places = tuple(number for number, (values, _) in enumerate(keys) if values[place] == quota.feature)
        if places or quota.minimum:
            rows.append(Row(places, quota.minimum, quota.maximum))
    return rows


def satisfies(cells: Cells, seats: Integers) -> bool:
    """Tell whether seats per cell keep every size and every row.

    Source: domain DR-07
    """
    within = bool(np.all(seats >= 0) and np.all(seats <= cells.sizes))
    return within and all(row.low <= int(seats[list(row.places)].sum()) <= row.high for row in cells.rows)

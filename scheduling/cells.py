"""Groups of people who are alike as variables of a programme, and the rows that bound how many seats they take."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Row:
    """Seats of the variables ``places`` together: at least ``low``, at most ``high``.

    Source: domain DR-07
    """

    places: tuple[int, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The classes of a problem as variables of a programme: x_c seats for cell c, 0 <= x_c <= size of c.

    Args:
        labels: number of the cell per person, -1 for persons left out, shape (people,).
        sizes: persons per cell, at least 1.
        rows: bounds over cells; the number of seats is one of them.
        seats: of the panel.

    Source: design of the draw, section 2, step 2
    """

    labels: Integers
    sizes: Integers
    rows: tuple[Row, ...]
    seats: int

    def members(self) -> list[Integers]:
        """Return the persons per cell, ascending."""
        order = np.argsort(self.labels, kind="stable")[int((self.labels < 0).sum()) :]
        return np.split(order, np.cumsum(self.sizes)[:-1])

    def inside(self) -> Floats:
        """Return 1 where a row contains a cell, shape (rows, cells)."""
        found = np.zeros((len(self.rows), len(self.sizes)))
        for number, row in enumerate(self.rows):
            found[number, list(row.places)] = 1.0
        return found


def satisfies(cells: Cells, seats: Integers) -> bool:
    """Tell whether seats per cell keep every size and every row.

    Source: domain DR-07
    """
    within = bool(np.all(seats >= 0) and np.all(seats <= cells.sizes))
    return within and all(row.low <= int(seats[list(row.places)].sum()) <= row.high for row in cells.rows)

"""Templates next to a template: one seat moves from a cell to another and every row still holds."""

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Cells, Floats, Integers

STEPS = 40
GAIN = 1e-12


class Swaps:
    """Moves of single seats within a box.

    Args:
        cells: variables and rows.
        low, high: least and most seats per cell.

    Source: engineering choice
    """

    def __init__(self, cells: Cells, low: Integers, high: Integers) -> None:
        self._low, self._high = low, high
        self._inside = np.zeros((len(cells.rows), len(low)))
        for number, row in enumerate(cells.rows):
            self._inside[number, list(row.places)] = 1
        self._least = np.array([row.low for row in cells.rows])
        self._most = np.array([row.high for row in cells.rows])

    def moves(self, template: Integers) -> tuple[Integers, Integers, NDArray[np.bool_]]:
        """Return giving cells, taking cells, and which pairs of them keep all rows."""
        sums = np.rint(self._inside @ template)
        giving, taking = np.flatnonzero(template > self._low), np.flatnonzero(template < self._high)
        inside_giving, inside_taking = self._inside[:, giving], self._inside[:, taking]
        full, bare = sums >= self._most, sums <= self._least
        # A seat may not enter a full row from outside, nor leave a bare one.
        broken = (1 - inside_giving[full]).T @ inside_taking[full] + inside_giving[bare].T @ (1 - inside_taking[bare])
        allowed = broken < 0.5
        allowed &= giving[:, None] != taking[None, :]
        return giving, taking, allowed

    def climb(self, template: Integers, prices: Floats) -> Integers:
        """Move seats to higher prices while that is possible; best move first, ties by position."""
        current = template.copy()
        for _ in range(STEPS):
            giving, taking, allowed = self.moves(current)
            if not allowed.any():
                break
            gains = np.where(allowed, prices[taking][None, :] - prices[giving][:, None], -np.inf)
            best = int(gains.argmax())
            source, sink = divmod(best, len(taking))
            if gains[source, sink] <= GAIN:
                break
            current[giving[source]] -= 1
            current[taking[sink]] += 1
        return current

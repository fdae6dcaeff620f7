"""Many templates whose mean comes near the targets: every one makes up for what the ones before owe."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduling.balance import Panels, find_balance
from scheduling.cells import Cells, Floats, Integers, Row
from scheduling.rounding import Rounder

CLOSE, FINE, MANY = 1e-6, 1e-8, 400
SHARES = (1.25, 1.6, 2.2)
FEWEST, MOST = 60, 2_600
MISSES = 12
MOST_WORK = 30_000_000_000
ENOUGH = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class Herd:
    """Templates with probabilities.

    Args:
        templates: seats per template and cell, no two alike.
        chances: probability per template, sum 1.
        least: smallest ratio of expected seats to the target.
        error: largest relative difference from a target.

    Source: design of the draw, section 2, step 4
    """

    templates: Integers
    chances: Floats
    least: float
    error: float


def tightened(cells: Cells, targets: Floats) -> Cells:
    """Return the cells with rows that say what holds for every template of a lottery with these expected seats.

    Where the expected seats of a row are the most or the least it allows, every template takes exactly so many.

    Source: design of the draw, section 2, step 4
    """
    rows = []
    for row in cells.rows:
        mean = float(targets[list(row.places)].sum())
        least = mean <= row.low + CLOSE
        most = mean >= row.high - CLOSE
        rows.append(Row(row.places, row.high if most and not least else row.low, row.low if least else row.high))
    return Cells(cells.labels, cells.sizes, tuple(rows), cells.seats)


def find_herd(cells: Cells, targets: Floats, tell: Callable[[float], None]) -> Herd | None:
    """Collect templates until a lottery over them meets the targets.

    Each template is dear at the prices "owed so far / sqrt(target)" (kernel herding); the equal lottery over T of them
    differs from a target by about one seat in T. Weights of greatest entropy then meet the targets exactly once
    there are somewhat more templates than cells. Work: up to 2.2 x cells templates, at most 2,600, and bounded in
    all; what was found until then is returned.

    Args:
        cells: variables and rows.
        targets: expected seats per cell.
        tell: told the share that is done.

    Returns:
        the better one of the equal and the weighted lottery, None when hardly any template was found.

    Source: design of the draw, section 2, step 4
    """
    herder = _Herder(tightened(cells, targets), targets)
    best: Herd | None = None
    for share in SHARES:
        wanted = min(MOST, max(FEWEST, int(share * len(targets))))
        more = herder.collect(wanted, tell)
        if not herder.is_of_use():
            break
        equal, weighted = herder.equal(), herder.weighted(CLOSE / 10 if len(targets) > MANY else FINE)
        best = max(
            (item for item in (best, equal, weighted) if item), key=lambda item: (item.error <= CLOSE, item.least)
        )
        if not more or best.error <= CLOSE or wanted == MOST or (len(targets) > MANY and best.least >= ENOUGH):
            break
    return best


class _Herder:
    def __init__(self, cells: Cells, targets: Floats) -> None:
        # Panels are most numerous where seats differ least from their expectation.
        low = np.floor(targets + CLOSE).astype(np.int64)
        high = np.where(targets > 1e-9, np.ceil(targets - CLOSE), 0).astype(np.int64)
        self._targets, self._sizes = targets, cells.sizes
        self._rounder = Rounder(cells, low, np.maximum(low, high))
        self._scale = 1.0 / np.sqrt(np.maximum(targets, 1e-9))
        self._owed = np.zeros_like(targets)
        self._found: list[Integers] = []

    def collect(self, wanted: int, tell: Callable[[float], None]) -> bool:
        """Add templates up to this number; False when the work is enough or too many searches were in vain."""
        misses = 0
        while len(self._found) < wanted:
            owed = self._owed + self._targets
            template = self._rounder.template(owed * self._scale)
            if self._rounder.work > MOST_WORK:
                return False
            if template is None:
                misses += 1
                # Another mixture of the same debts leads elsewhere.
                self._owed = self._owed * (1.0 - 0.05 * misses)
                if misses > MISSES:
                    return False
                continue
            misses = 0
            self._owed = owed - template
            self._found.append(template)
            if len(self._found) % 50 == 0:
                tell(len(self._found) / wanted)
        return True

    def is_of_use(self) -> bool:
        """Whether there are templates at all."""
        return len(self._found) > 0

    def equal(self) -> Herd:
        """The lottery in which every template found has the same chance."""
        templates, counts = np.unique(np.stack(self._found), axis=0, return_counts=True)
        return self._herd(templates, counts / counts.sum())

    def weighted(self, close: float) -> Herd:
        """The lottery of greatest entropy near the targets."""
        templates = np.unique(np.stack(self._found), axis=0)
        balance = find_balance(Panels(templates, self._sizes), self._targets, close)
        return self._herd(templates, balance.chances)

    def _herd(self, templates: Integers, chances: Floats) -> Herd:
        used = self._targets > 1e-9
        reached = (templates * chances[:, None]).sum(axis=0)[used] / self._targets[used]
        return Herd(templates, chances, float(reached.min()), float(np.abs(reached - 1).max()))

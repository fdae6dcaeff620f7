"""A lottery over templates whose expected seats are the leximin targets, by column generation."""

from dataclasses import dataclass, replace

import numpy as np
from ortools.linear_solver import pywraplp

from scheduling.balance import Panels
from scheduling.cells import Cells, Floats, Integers
from scheduling.herding import Herd, find_herd
from scheduling.linear import is_solved, new_programme
from scheduling.pricing import Pricer, cover
from scheduling.problem import Progress, silent

CLOSE = 1e-9
TIGHT = 1e-7
WARM_UP, MOST_WARM_UP = 24, 600
# Cells times rounds after which a mixture within one per cent of the targets is enough: the tail is long.
PATIENCE, ENOUGH = 30_000, 0.99
# One start per so many cells: a solution of the master costs more than a few climbs.
CELLS_PER_START = 12
MAX_COLUMNS, MOST_WORK = 3_000, 120_000
# Above the first number templates are collected by herding first, above the second one per cent is near enough.
FEW_CELLS, MANY_CELLS = 64, 400
SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Mixture:
    """Templates with probabilities.

    Args:
        templates: seats per template and cell, shape (templates, cells).
        chances: probability per template, sum 1.
        exact: the compact targets are met, in very large problems within one per cent; else whole panels allow less,
            and this is their leximin mixture.
        never: cells that were found to be in no template; then there are no templates here.
        bound: least chance, in units of seats per person, that no lottery over templates exceeds; None if not shown.

    Source: design of the draw, section 2, step 4
    """

    templates: Integers
    chances: Floats
    exact: bool
    never: tuple[int, ...] = ()
    bound: float | None = None


def mix_templates(cells: Cells, targets: Floats, tell: Progress = silent) -> Mixture | None:
    """Write the targets as a mixture of templates; where that is impossible, find the leximin mixture of templates.

    With many cells templates are collected by herding (``herding``); where that does not come near the targets, and
    with few cells, a master programme grows by columns.

    Master: variables lambda_t >= 0 and z; maximise z subject to sum_t lambda_t x_tc / X_c >= z for every cell with
    target X_c > 0, sum_t lambda_t = 1. With duals y_c, sigma a template is worth adding when
    sum_c y_c x_c / X_c > sigma. Templates are first sought in the box floor(X) .. ceil(X), whose panels are the most
    numerous, then in wider ones. z = 1 means every target is met, because targets and templates have the same sum.
    If z < 1 is optimal, the same master is solved in stages with rows sum_t lambda_t x_tc / n_c >= z, or >= f_c for the
    cells whose dual was positive at level f_c before.

    Returns:
        None when no template exists.

    Source: design of the draw, section 2, step 4
    """
    used = np.flatnonzero(targets > CLOSE)
    herd = None
    if len(used) > FEW_CELLS:
        herd = find_herd(cells, targets, lambda share: tell("templates", share))
        if herd is not None and herd.error <= SAME:
            return _of_herd(herd)
        if len(used) > MANY_CELLS:
            return _covered(cells, used, herd)
    pool = _Pool(cells, used, targets, 1.0)
    for slack in (0, 1, 2, int(cells.sizes.max())):
        low = np.maximum(np.floor(targets + CLOSE) - slack, 0).astype(np.int64)
        high = np.where(targets > CLOSE, np.ceil(targets - CLOSE) + slack, 0)
        pricer = Pricer(cells, low, np.minimum(high, cells.sizes).astype(np.int64))
        if pool.warm_up(pricer, targets) and pool.is_enough(pool.grow(pricer)):
            return pool.mixture(exact=True)
    return _whole_leximin(cells, used, pool.columns) if pool.columns else None


def _of_herd(herd: Herd) -> Mixture:
    kept = np.flatnonzero(herd.chances > 1e-12)
    return Mixture(herd.templates[kept], herd.chances[kept] / herd.chances[kept].sum(), herd.error <= SAME)


def _whole_leximin(cells: Cells, used: Integers, columns: list[Integers]) -> Mixture | None:
    seen = np.stack(columns).sum(axis=0)
    more, gone = cover(cells, [cell for cell in used.tolist() if not seen[cell]])
    if gone:
        return _nobody(cells, gone)
    unit = cells.seats / float(cells.sizes.sum())
    scale: Floats = cells.sizes.astype(np.float64) * unit
    pool = _Pool(cells, used, scale, 1.0 / unit)
    for column in [*columns, *more]:
        pool.add(column)
    high = np.zeros_like(cells.sizes)
    high[used] = cells.sizes[used]
    pricer = Pricer(cells, np.zeros_like(high), high)
    level = pool.grow(pricer)
    bound = pool.bound(pricer)
    pool.fix(level)
    while pool.free:
        pool.fix(pool.grow(pricer))
    mixture = pool.mixture(exact=False)
    return None if mixture is None else replace(mixture, bound=None if bound is None else bound * unit)


def _covered(cells: Cells, used: Integers, herd: Herd | None) -> Mixture | None:
    """The templates at hand, and a small chance for templates with the cells that they leave out."""
    templates = np.zeros((0, len(cells.sizes)), dtype=np.int64) if herd is None else herd.templates
    chances = np.zeros(0) if herd is None else herd.chances
    reached = (templates * chances[:, None]).sum(axis=0)
    more, gone = cover(cells, used[reached[used] <= 0].tolist())
    if not more and not len(chances):
        return None
    if gone:
        return _nobody(cells, gone)
    share = len(more) / (len(more) + len(chances))
    whole = np.stack([*templates, *more])
    mixed = np.concatenate([chances * (1 - share), np.full(len(more), share / max(len(more), 1))])
    kept = np.flatnonzero(mixed > 1e-12)
    return Mixture(whole[kept], mixed[kept] / mixed[kept].sum(), exact=False)


def _nobody(cells: Cells, gone: list[int]) -> Mixture:
    return Mixture(np.zeros((0, len(cells.sizes)), dtype=np.int64), np.zeros(0), exact=False, never=tuple(gone))


class _Pool:
    """The master programme and its columns; row of cell c: sum_t lambda_t x_tc / scale_c >= z, or >= a fixed level."""

    def __init__(self, cells: Cells, used: Integers, scale: Floats, top: float) -> None:
        self._cells, self._used, self._top = cells, used, top
        self._inverse = np.zeros(len(scale))
        self._inverse[used] = 1.0 / scale[used]
        self.columns: list[Integers] = []
        self._known: set[bytes] = set()
        self._first = 0
        self._work, self._open = 0, True
        self._solver = new_programme()
        self._level = self._solver.NumVar(0.0, top, "")
        self._rows = [self._solver.RowConstraint(0.0, self._solver.infinity(), "") for _ in used]
        for row in self._rows:
            row.SetCoefficient(self._level, -1.0)
        self.free = list(range(len(used)))
        self._total = self._solver.RowConstraint(1.0, 1.0, "")
        self._objective = self._solver.Objective()
        self._objective.SetCoefficient(self._level, 1.0)
        self._objective.SetMaximization()
        self._shares: list[pywraplp.Variable] = []

    def warm_up(self, pricer: Pricer, targets: Floats) -> bool:
        """Add templates that make up for what the ones before owe: their mean comes near the targets at once."""
        owed = np.zeros_like(targets)
        self._first = len(self.columns)
        last: list[Integers] = []
        for _ in range(min(max(len(self._used), WARM_UP), MOST_WARM_UP)):
            owed += targets
            template = pricer.improving(owed * np.sqrt(self._inverse), last, -np.inf)
            if template is None:
                return False
            self.add(template)
            last = [template]
            owed -= template
        return len(self.columns) > self._first

    def grow(self, pricer: Pricer) -> float:
        """Add templates of this box until none helps; return the level reached."""
        reached, self._open = 0.0, True
        while len(self.columns) < MAX_COLUMNS and self._work < MOST_WORK and is_solved(self._solver):
            reached = float(self._level.solution_value())
            prices = self._prices()
            worth = abs(self._total.dual_value())
            if self.is_enough(reached):
                break
            self._work += len(self._used)
            found = pricer.several(prices, self._starts(prices), worth + CLOSE)
            if not sum([self.add(template) for template in found]):
                self._open = False
                break
        return reached

    def bound(self, pricer: Pricer) -> float | None:
        """Return a level that no mixture of templates exceeds, if no template was shown to be worth more.

        For any weights y of rows, a mixture has at most the level (max over templates of sum y_c x_c / X_c) / sum y.
        """
        if self._open or not pricer.proved:
            return None
        prices = self._prices()
        whole = float((prices[self._used] / self._inverse[self._used]).sum())
        worth = abs(self._total.dual_value()) + CLOSE + pricer.excess(prices)
        return worth / whole if whole > 0.5 else None

    def is_enough(self, level: float) -> bool:
        """Tell whether to stop here: the top is reached, or nearly so after long work."""
        return level >= self._top - CLOSE or (self._work > PATIENCE and level >= ENOUGH * self._top)

    def fix(self, level: float) -> None:
        """Hold the rows that cannot exceed ``level``: by complementary slackness those with a positive dual."""
        tight = [place for place in self.free if abs(self._rows[place].dual_value()) > TIGHT]
        for place in tight or list(self.free):
            self.free.remove(place)
            self._rows[place].SetCoefficient(self._level, 0.0)
            self._rows[place].SetLb(level * (1 - 1e-11))

    def add(self, template: Integers) -> bool:
        """Add a column unless it is known."""
        key = template.tobytes()
        if key in self._known:
            return False
        self._known.add(key)
        self.columns.append(template)
        share = self._solver.NumVar(0.0, self._solver.infinity(), "")
        self._total.SetCoefficient(share, 1.0)
        for place in np.flatnonzero(template[self._used]).tolist():
            cell = self._used[place]
            self._rows[place].SetCoefficient(share, float(template[cell] * self._inverse[cell]))
        self._shares.append(share)
        return True

    def mixture(self, *, exact: bool) -> Mixture | None:
        """Among the mixtures of the level reached, the one with the most panels per template."""
        if not is_solved(self._solver):
            return None
        chances = self._chances()
        reached = float(self._level.solution_value())
        self._level.SetBounds(reached * (1 - 1e-10), reached * (1 - 1e-10))
        self._objective.SetCoefficient(self._level, 0.0)
        for share, bits in zip(
            self._shares, Panels(np.stack(self.columns), self._cells.sizes).bits().tolist(), strict=True
        ):
            self._objective.SetCoefficient(share, bits)
        if is_solved(self._solver):
            chances = self._chances()
        kept = np.flatnonzero(chances > 1e-12)
        return Mixture(np.stack(self.columns)[kept], chances[kept] / chances[kept].sum(), exact)

    def _prices(self) -> Floats:
        prices = np.zeros_like(self._inverse)
        prices[self._used] = [abs(row.dual_value()) for row in self._rows]
        return prices * self._inverse

    def _starts(self, prices: Floats) -> list[Integers]:
        inside = self.columns[self._first :]
        values = (np.array(inside) * prices).sum(axis=1)
        return [
            inside[number]
            for number in np.argsort(-values, kind="stable")[: max(3, len(self._used) // CELLS_PER_START)].tolist()
        ]

    def _chances(self) -> Floats:
        return np.array([share.solution_value() for share in self._shares])

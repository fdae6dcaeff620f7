"""A lottery that is as fair as the quotas allow: build it once, commit it, draw from it with a seed and no solver.

>>> from scheduling.fair import build_fair_lottery, draw_panel, problem_from_csv
>>> people = '''name,gender,field,employer
... Ada,woman,law,A
... Bo,man,law,A
... Cy,man,cost,B
... Di,woman,cost,C
... Ed,man,cost,C
... Fa,woman,cost,D
... '''
>>> quotas = '''category,feature,min,max
... gender,woman,1,2
... gender,man,1,2
... field,law,1,1
... field,cost,2,2
... '''
>>> lottery = build_fair_lottery(problem_from_csv(people, quotas, distinct="employer"))
>>> figures = lottery.figures
>>> round(figures.upper_bound, 3), round(figures.min_probability, 3), round(figures.max_probability, 3)
(0.5, 0.5, 0.5)
>>> panel = draw_panel(lottery, b"seed of this draw")
>>> len(panel), panel == draw_panel(lottery, b"seed of this draw")
(3, True)
"""

from collections import Counter
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Cells, collapse
from scheduling.fair_draw import FairDrawer, draw_panel
from scheduling.fair_lottery import (
    FairClass,
    FairLottery,
    FairTemplate,
    Figures,
    Method,
    fair_document,
    fair_from_document,
)
from scheduling.figures import figures_of, probabilities
from scheduling.members import can_fill, exact_seats, fit_weights, slots_of
from scheduling.quotas import FairProblem, FeatureQuota, InfeasibleQuotasError, make_problem, problem_from_csv
from scheduling.spread import spread
from scheduling.targets import Targets, find_targets
from scheduling.templates import Mixture, mix_templates

__all__ = [
    "FairClass",
    "FairDrawer",
    "FairLottery",
    "FairProblem",
    "FairTemplate",
    "FeatureQuota",
    "Figures",
    "build_fair_lottery",
    "draw_panel",
    "fair_document",
    "fair_from_document",
    "make_problem",
    "probabilities",
    "problem_from_csv",
]
Floats = NDArray[np.float64]
TEMPLATE_SCALE = 1 << 40
MEMBER_SCALE = 1 << 40
NEAR = 0.99
ACCEPTED = 0.01
MOST_SLOTS = 12
MOST_WORK = 3_000_000
_NOT_YET = Figures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, pair_is_exact=False)


def build_fair_lottery(problem: FairProblem) -> FairLottery:
    """Build the lottery in which the least likely person is as likely as the quotas allow, then the next, and so on.

    First the compact leximin programme over classes (``leximin``), with a row for each unit that binds; then a mixture
    of whole templates with these expected seats (``templates``). Without units the chance is spread over more templates
    (``spread``). With units member weights are fitted (``members``); where the achieved minimum stays below 0.99 of
    the bound or somebody would be left without a chance, classes are split by unit, so that templates keep the
    unit rows themselves.

    Args:
        problem: people, quotas, seats and units.

    Returns:
        the lottery with the figures it achieves; equal problems give an equal lottery.

    Raises:
        InfeasibleQuotasError: no panel meets all quotas.

    Source: domain DR-07, DR-08; design of the draw, section 2
    """
    never: frozenset[int] = frozenset()
    while True:
        targets = find_targets(problem, never)
        if targets is None:
            raise _infeasible(problem)
        found = _build(problem, targets)
        if isinstance(found, FairLottery):
            return found
        never |= found


def _build(problem: FairProblem, targets: Targets) -> FairLottery | frozenset[int]:
    shared = _shared_units(problem, targets)
    if not shared:
        return _plain(problem, targets, collapse(problem, (), targets.absent))
    first = _with_units(problem, targets)
    if first is not None and first.figures.min_probability >= NEAR * first.figures.upper_bound:
        return first
    split = _plain(problem, targets, collapse(problem, shared, targets.absent))
    if first is None or isinstance(split, frozenset):
        return split
    return max((split, first), key=lambda lottery: lottery.figures.min_probability)


def _plain(problem: FairProblem, targets: Targets, cells: Cells) -> FairLottery | frozenset[int]:
    mixture = mix_templates(cells, _expected(cells, targets))
    if mixture is None:
        raise _infeasible(problem)
    if mixture.never:
        return frozenset(person for cell in mixture.never for person in cells.members[cell]) | targets.absent
    mixture = spread(cells, mixture)
    classes = tuple(FairClass(members) for members in cells.members)
    return _finished(problem, targets, "plain", classes, mixture)


def _with_units(problem: FairProblem, targets: Targets) -> FairLottery | None:
    cells = collapse(problem, (), targets.absent)
    names = sorted({unit for unit in problem.units or () if unit})
    alone = iter(range(len(names), len(names) + len(problem.people)))
    place = {name: number for number, name in enumerate(names)}
    units = np.array([place[unit] if unit else next(alone) for unit in problem.units or ()], dtype=np.int64)
    if problem.seats > MOST_SLOTS or len(set(units.tolist())) << problem.seats > 100 * MOST_WORK:
        return None
    mixture = mix_templates(cells, _expected(cells, targets))
    if mixture is None or not mixture.exact:
        return None
    slots = slots_of(mixture.templates, mixture.chances)
    start, wanted = _weights_and_targets(cells, units, targets)
    if not can_fill(slots, wanted > 0):
        return None
    weights = fit_weights(slots, start, wanted)
    exact = exact_seats(slots, weights)
    if not np.allclose(exact.seats.sum(axis=1), wanted.sum(axis=1), rtol=0, atol=1e-8) or not np.all(exact.totals > 0):
        return None
    method = _method(problem.seats, len(start[0]), float(exact.totals.min()))
    if method is None:
        return None
    return _finished(problem, targets, method, _weighted_classes(cells, units, weights, start, targets), mixture)


def _method(seats: int, units: int, accepted: float) -> Method | None:
    if accepted >= ACCEPTED:
        return "rejection"
    return "table" if units * seats << seats <= MOST_WORK else None


def _weights_and_targets(cells: Cells, units: NDArray[np.int64], targets: Targets) -> tuple[Floats, Floats]:
    start = np.zeros((len(cells.members), int(units.max()) + 1))
    wanted = np.zeros_like(start)
    for number, group in enumerate(cells.members):
        chances = targets.chances[list(group)]
        np.add.at(start[number], units[list(group)], (chances > 0).astype(np.float64))
        np.add.at(wanted[number], units[list(group)], chances)
    kept = start.sum(axis=0) > 0
    units[:] = (np.cumsum(kept) - 1)[units]
    return start[:, kept], wanted[:, kept]


def _weighted_classes(
    cells: Cells, units: NDArray[np.int64], weights: Floats, sizes: Floats, targets: Targets
) -> tuple[FairClass, ...]:
    each = np.divide(weights, sizes, out=np.zeros_like(weights), where=sizes > 0)
    top = np.maximum(each.max(axis=1, keepdims=True), 1e-300)
    whole = np.maximum(np.rint(each / top * MEMBER_SCALE), 1).astype(np.int64)
    classes = []
    for number, group in enumerate(cells.members):
        able = [person for person in group if targets.chances[person] > 0]
        classes.append(FairClass(tuple(able), tuple(whole[number, units[able]].tolist())))
    return tuple(classes)


def _finished(
    problem: FairProblem, targets: Targets, method: Method, classes: tuple[FairClass, ...], mixture: Mixture
) -> FairLottery:
    used = np.flatnonzero(mixture.templates.sum(axis=0))
    rows = zip(np.rint(mixture.chances * TEMPLATE_SCALE).astype(np.int64).tolist(), mixture.templates, strict=True)
    templates = [
        FairTemplate(weight, tuple((number, int(row[cell])) for number, cell in enumerate(used.tolist()) if row[cell]))
        for weight, row in rows
        if weight
    ]
    lottery = FairLottery(
        people=len(problem.people),
        seats=problem.seats,
        method=method,
        classes=tuple(classes[cell] for cell in used.tolist()),
        templates=tuple(sorted(templates, key=lambda item: item.seats)),
        units=None if method == "plain" else _unit_numbers(problem),
        never=tuple(np.flatnonzero(targets.chances <= 0).tolist()),
        figures=_NOT_YET,
    )
    return replace(lottery, figures=figures_of(lottery, targets.found.bound))


def _unit_numbers(problem: FairProblem) -> tuple[int, ...]:
    names = sorted({unit for unit in problem.units or () if unit})
    place = {name: number for number, name in enumerate(names)}
    return tuple(place.get(unit, -1) for unit in problem.units or ())


def _expected(cells: Cells, targets: Targets) -> Floats:
    return np.array([targets.chances[list(group)].sum() for group in cells.members])


def _shared_units(problem: FairProblem, targets: Targets) -> frozenset[str]:
    counts = Counter(unit for person, unit in enumerate(problem.units or ()) if unit and person not in targets.absent)
    return frozenset(unit for unit, people in counts.items() if people > 1)


def _infeasible(problem: FairProblem) -> InfeasibleQuotasError:
    return InfeasibleQuotasError(people=len(problem.people), seats=problem.seats, reasons=["quotas / units"])

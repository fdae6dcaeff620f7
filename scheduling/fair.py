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

from dataclasses import replace

import numpy as np

from scheduling.blocks import blocks_of_units
from scheduling.cells import Cells, Flags, Integers
from scheduling.fair_draw import FairDrawer, draw_panel
from scheduling.fair_lottery import (
    ACCEPT_SCALE,
    FairClass,
    FairLottery,
    FairTemplate,
    Figures,
    fair_document,
    fair_from_document,
)
from scheduling.figures import figures_of, probabilities
from scheduling.partition import collapse, unit_sizes
from scheduling.problem import LotteryProblem, Progress, general_problem, merged_kinds, silent
from scheduling.quotas import FairProblem, FeatureQuota, InfeasibleQuotasError, make_problem, problem_from_csv
from scheduling.rejection import Weighted, can_be_weighed, weigh_members
from scheduling.spread import spread
from scheduling.targets import Targets, find_targets, seats_of
from scheduling.templates import Mixture, mix_templates
from scheduling.united import with_united_pairs

__all__ = [
    "FairClass",
    "FairDrawer",
    "FairLottery",
    "FairProblem",
    "FairTemplate",
    "FeatureQuota",
    "Figures",
    "LotteryProblem",
    "build_fair_lottery",
    "draw_panel",
    "fair_document",
    "fair_from_document",
    "make_problem",
    "probabilities",
    "problem_from_csv",
]
TEMPLATE_SCALE = 1 << 40
NEAR = 0.99
OFTEN = (0.7, 0.4, 0.2)
CELLS, MOST_CELLS = 400, 2_000
_NOT_YET = Figures(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, pair_is_exact=False)


def build_fair_lottery(
    problem: FairProblem | LotteryProblem, progress: Progress | None = None, *, keeps_kinds: bool = False
) -> FairLottery:
    """Build the lottery in which the least likely person is as likely as the rows allow, then the next, and so on.

    First the compact leximin programme over classes (``leximin``), with a row for each unit that binds; then a mixture
    of whole templates with these expected seats (``templates``). Where units matter and members drawn independently
    are accepted often enough, member weights are fitted (``rejection``). Otherwise, or where the achieved minimum
    stays below 0.99 of the bound or somebody would be left without a chance, units get cells of their own, so that
    templates keep the unit rows themselves, and the chance is spread over more templates (``spread``).

    Args:
        problem: people, rows, seats, units and pairs.
        progress: told each stage and the share of it that is done.
        keeps_kinds: the members of a class are of one kind even where no row tells kinds apart.

    Returns:
        the lottery with the figures it achieves; equal problems give an equal lottery.

    Raises:
        InfeasibleQuotasError: no panel meets all rows.

    Source: domain DR-07, DR-08; design of the draw, section 2
    """
    stated = general_problem(problem) if isinstance(problem, FairProblem) else problem
    united = with_united_pairs(stated)
    general = united if keeps_kinds else merged_kinds(united)
    tell = progress or silent
    absent = np.zeros(len(general.kinds), dtype=np.bool_)
    while True:
        tell("targets", 0.0)
        targets = find_targets(general, absent)
        if targets is None:
            raise _infeasible(general)
        found = _build(general, targets, tell)
        if isinstance(found, FairLottery):
            tell("figures", 1.0)
            return found
        absent = absent | found


def _build(problem: LotteryProblem, targets: Targets, tell: Progress) -> FairLottery | Flags:
    open_units = (unit_sizes(problem, targets.chances > 0) > problem.unit_max) & (targets.blocks < 0)
    if not open_units.any():
        return _plain(problem, targets, targets.cells, tell)
    best = _by_rejection(problem, targets, tell)
    *coarse, finest = blocks_of_units(problem, targets, CELLS)
    for blocks in coarse:
        if best is None or not _is_near(best):
            cells = collapse(problem, blocks, targets.chances <= 0)
            mixture = mix_templates(cells, seats_of(cells, targets), tell)
            if mixture is not None and not mixture.never:
                best = _better(best, _spread_out(problem, targets, cells, mixture, tell))
    cells = collapse(problem, finest, targets.chances <= 0)
    if best is not None and (_is_near(best) or (len(cells.sizes) > MOST_CELLS and best.figures.min_probability > 0)):
        return best
    split = _plain(problem, targets, cells, tell)
    return _better(best, split) if isinstance(split, FairLottery) else split


def _is_near(lottery: FairLottery) -> bool:
    return lottery.figures.min_probability >= NEAR * lottery.figures.upper_bound


def _better(one: FairLottery | None, two: FairLottery) -> FairLottery:
    return two if one is None or one.figures.min_probability < two.figures.min_probability else one


def _plain(problem: LotteryProblem, targets: Targets, cells: Cells, tell: Progress) -> FairLottery | Flags:
    tell("templates", 0.0)
    mixture = mix_templates(cells, seats_of(cells, targets), tell)
    if mixture is None:
        raise _infeasible(problem)
    if mixture.never:
        return np.isin(cells.labels, mixture.never) | (targets.chances <= 0)
    return _spread_out(problem, targets, cells, mixture, tell)


def _spread_out(
    problem: LotteryProblem, targets: Targets, cells: Cells, mixture: Mixture, tell: Progress
) -> FairLottery:
    tell("spread", 0.0)
    wide = spread(cells, mixture)
    tell("figures", 0.0)
    return _finished(problem, targets, cells, wide, None)


def _by_rejection(problem: LotteryProblem, targets: Targets, tell: Progress) -> FairLottery | None:
    """Set apart units that are present more and more rarely, until tries succeed often enough."""
    tried = -1
    for number, often in enumerate(OFTEN):
        apart = (targets.blocks >= 0) | (targets.expected > often * problem.unit_max)
        if int(apart.sum()) == tried:
            continue
        tried = int(apart.sum())
        tell("members", number / len(OFTEN))
        cells = collapse(problem, np.where(apart, np.cumsum(apart) - 1, -1), targets.chances <= 0)
        if not can_be_weighed(problem, cells):
            break
        mixture = mix_templates(cells, seats_of(cells, targets), tell)
        weighted = weigh_members(problem, targets, cells, mixture) if mixture is not None and mixture.exact else None
        if mixture is not None and weighted is not None:
            return _finished(problem, targets, cells, mixture, weighted)
    return None


def _finished(
    problem: LotteryProblem, targets: Targets, cells: Cells, mixture: Mixture, weighted: Weighted | None
) -> FairLottery:
    used = np.flatnonzero(mixture.templates.sum(axis=0))
    members = cells.members()
    classes = []
    for cell in used.tolist():
        people = members[cell]
        weights = None if weighted is None else tuple(weighted.weights[people].tolist())
        classes.append(FairClass(tuple(people.tolist()), weights))
    lottery = FairLottery(
        people=len(problem.kinds),
        seats=problem.seats,
        method="plain" if weighted is None else "rejection",
        classes=tuple(classes),
        templates=_templates(mixture, used, weighted),
        units=None if weighted is None or problem.units is None else tuple(problem.units.tolist()),
        unit_max=problem.unit_max,
        never=tuple(np.flatnonzero(targets.chances <= 0).tolist()),
        figures=_NOT_YET,
    )
    bound = targets.found.bound if mixture.bound is None else min(targets.found.bound, mixture.bound)
    return replace(lottery, figures=figures_of(lottery, bound))


def _templates(mixture: Mixture, used: Integers, weighted: Weighted | None) -> tuple[FairTemplate, ...]:
    accept = np.full(len(mixture.chances), ACCEPT_SCALE) if weighted is None else weighted.accept
    whole = np.rint(mixture.chances * TEMPLATE_SCALE).astype(np.int64)
    found = []
    for weight, part, row in zip(whole.tolist(), accept.tolist(), mixture.templates[:, used], strict=True):
        if weight:
            seats = tuple((place, int(row[place])) for place in np.flatnonzero(row).tolist())
            found.append(FairTemplate(weight, seats, part))
    return tuple(sorted(found, key=lambda item: item.seats))


def _infeasible(problem: LotteryProblem) -> InfeasibleQuotasError:
    return InfeasibleQuotasError(people=len(problem.kinds), seats=problem.seats, reasons=["quotas / units"])

"""Member weights for drawing with rejection: everybody's chance meets the target although units collide."""

from dataclasses import dataclass

import numpy as np

from scheduling.cells import Cells, Floats, Integers
from scheduling.fair_lottery import ACCEPT_SCALE
from scheduling.members import Exact, exact_seats, fit_weights
from scheduling.multisets import slots_of
from scheduling.patterns import Patterns, find_patterns
from scheduling.problem import LotteryProblem
from scheduling.targets import Targets, seats_of
from scheduling.templates import Mixture

ACCEPTED = 0.1
MOST_SLOTS, MOST_CELLS, MOST_SETS = 12, 20_000_000, 2_000_000
SURE = 1e-9
MEMBER_BITS = 40
# In large pools the weights of a class lie close together: fewer bits leave few distinct ones.
FINE_BITS, COARSE_BITS, MANY_PATTERNS = 26, 14, 4_096


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """Weights that were fitted.

    Args:
        weights: whole number per person, at least 1 for whoever is in a class.
        accept: per template, in parts of ``ACCEPT_SCALE``.

    Source: design of the draw, section 2, step 5
    """

    weights: Integers
    accept: Integers


def can_be_weighed(problem: LotteryProblem, cells: Cells) -> bool:
    """Tell whether the exact chances can be computed: one member per unit, few seats, tables that fit into memory.

    Source: engineering choice
    """
    units = 0 if problem.units is None else len(np.unique(problem.units))
    return problem.unit_max == 1 and problem.seats <= MOST_SLOTS and units * len(cells.sizes) <= MOST_CELLS


def weigh_members(problem: LotteryProblem, targets: Targets, cells: Cells, mixture: Mixture) -> Weighted | None:
    """Fit weights so that expected seats per class and unit meet the targets.

    Args:
        problem: people and units.
        targets: chances to be met.
        cells: the classes.
        mixture: templates over them that meet the targets.

    Returns:
        None when a template would be accepted in less than one of ten tries.

    Source: design of the draw, section 2, step 5
    """
    labels = np.where(targets.chances > 0, cells.labels, -1)
    units = np.full(len(labels), -1) if problem.units is None else problem.units
    many = len(cells.sizes)
    if len(mixture.templates) << problem.seats > MOST_SETS:
        return None
    slots = slots_of(mixture.templates, mixture.chances)
    start = find_patterns(labels, np.ones(len(labels)), units, many)
    weights = fit_weights(slots, start, start.weights * (seats_of(cells, targets) / cells.sizes))
    each = np.divide(weights, start.weights, out=np.zeros_like(weights), where=start.weights > 0)
    whole = _whole(each, FINE_BITS if len(each) <= MANY_PATTERNS else COARSE_BITS)
    exact = exact_seats(slots, start.weights * whole, start.counts)
    if not is_usable(exact, start):
        return None
    inside = labels >= 0
    found = np.zeros(len(labels), dtype=np.int64)
    found[inside] = whole[start.of_person[inside], labels[inside]]
    accept = np.clip(np.rint(exact.accepted * ACCEPT_SCALE).astype(np.int64), 1, ACCEPT_SCALE)
    return Weighted(found, accept)


def is_usable(exact: Exact, patterns: Patterns) -> bool:
    """Tell whether the figures can be trusted, tries succeed often enough and nobody is left without a chance.

    Source: engineering choice
    """
    reached = bool(np.all(exact.seats[patterns.weights > 0] > 0))
    return reached and exact.error <= SURE and float(exact.accepted.min()) >= ACCEPTED


def _whole(each: Floats, bits: int) -> Integers:
    """Whole weights of so many significant bits, the largest of a class 2**40."""
    scaled = each / np.maximum(each.max(axis=0), 1e-300) * 2.0**MEMBER_BITS
    mantissa, exponent = np.frexp(np.maximum(scaled, 1.0))
    rounded = np.ldexp(np.rint(mantissa * 2.0**bits), exponent - bits)
    return np.asarray(np.maximum(np.rint(rounded), 1.0).astype(np.int64))

"""What a fair lottery does: everybody's chance, and what follows from the chances. Exact, from its integers."""

from dataclasses import dataclass
from math import lgamma, log

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Integers
from scheduling.fair_draw import unit_key
from scheduling.fair_lottery import FairLottery, Figures
from scheduling.members import Exact, Slots, exact_seats, pair_bound, slots_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Parts:
    """The arrays of a lottery.

    Args:
        templates: seats per template and class.
        chances: probability per template.
        sizes: members per class.

    Source: engineering choice
    """

    templates: Integers
    chances: Floats
    sizes: Integers


@dataclass(frozen=True, slots=True)
class UnitParts:
    """Weights by class and unit.

    Args:
        slots: the templates as slots.
        weights: shape (classes, units); a class sums to 1.
        units: position of the unit per person, -1 for persons in no class.

    Source: engineering choice
    """

    slots: Slots
    weights: Floats
    units: Integers


def parts_of(lottery: FairLottery) -> Parts:
    """Return templates and chances as arrays.

    Source: engineering choice
    """
    templates = np.zeros((len(lottery.templates), len(lottery.classes)), dtype=np.int64)
    for number, template in enumerate(lottery.templates):
        for group, seats in template.seats:
            templates[number, group] = seats
    weights = np.array([float(template.weight) for template in lottery.templates])
    sizes = np.array([len(group.members) for group in lottery.classes], dtype=np.int64)
    return Parts(templates, weights / weights.sum(), sizes)


def unit_parts_of(lottery: FairLottery, parts: Parts) -> UnitParts:
    """Return the weights of a lottery with units as arrays.

    Source: engineering choice
    """
    keys = sorted({unit_key(lottery, person) for group in lottery.classes for person in group.members})
    place = {key: number for number, key in enumerate(keys)}
    weights = np.zeros((len(lottery.classes), len(keys)))
    units = np.full(lottery.people, -1, dtype=np.int64)
    for number, group in enumerate(lottery.classes):
        positions = np.array([place[unit_key(lottery, person)] for person in group.members], dtype=np.int64)
        units[list(group.members)] = positions
        np.add.at(weights[number], positions, np.array(group.weights or (1,) * len(group.members), dtype=np.float64))
    sums = weights.sum(axis=1, keepdims=True)
    return UnitParts(slots_of(parts.templates, parts.chances), weights / sums, units)


def probabilities(lottery: FairLottery) -> Floats:
    """Return everybody's chance to be drawn, shape (people,).

    Plain: sum_t lambda_t x_tc / n_c for a member of class c. With units: expected seats of the class and unit, shared
    in proportion to the weights inside; see ``members.exact_seats``.

    Source: domain DR-21; design of the draw, section 2, step 5
    """
    parts = parts_of(lottery)
    if lottery.method == "plain":
        return _plain(lottery, parts)
    units = unit_parts_of(lottery, parts)
    return _with_units(lottery, units, exact_seats(units.slots, units.weights))


def figures_of(lottery: FairLottery, upper_bound: float) -> Figures:
    """Return what is published about a lottery.

    The entropy is that of the panel as a set. Templates share no panel, so it is H(lambda) + sum_t lambda_t H_t; plain:
    H_t = log2 prod_c binomial(n_c, x_tc); with units: H_t = log2 Z_t - sum_i P(i | t) log2 w_i with
    Z_t = F_t(all slots) / prod_c x_tc!, because a panel has the chance prod w_i / Z_t.

    Args:
        lottery: its own ``figures`` are not read.
        upper_bound: from the compact programme.

    Source: design of the draw, section 1
    """
    parts = parts_of(lottery)
    spread = -float(parts.chances @ np.log2(parts.chances))
    if lottery.method == "plain":
        chances = _plain(lottery, parts)
        inside = float(parts.chances @ _binomial_bits(parts))
        pair = _plain_pair(parts)
    else:
        units = unit_parts_of(lottery, parts)
        exact = exact_seats(units.slots, units.weights)
        chances = _with_units(lottery, units, exact)
        inside = _unit_bits(lottery, parts, exact, chances)
        pair = min(float(chances.max()), pair_bound(units.slots, units.weights, _top_members(lottery, units)))
    able = np.ones(lottery.people, dtype=np.bool_)
    able[list(lottery.never)] = False
    return Figures(
        min_probability=float(chances[able].min()),
        max_probability=float(chances.max()),
        upper_bound=upper_bound,
        gini=gini(chances),
        entropy_bits=spread + inside,
        max_pair_probability=pair,
        pair_is_exact=lottery.method == "plain",
    )


def gini(chances: Floats) -> float:
    """Return sum over i, j of |p_i - p_j| / (2 n^2 mean).

    Source: engineering choice
    """
    ordered = np.sort(chances)
    count = len(ordered)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return max(0.0, float(ranks @ ordered) / (count * float(ordered.sum())))


def _plain(lottery: FairLottery, parts: Parts) -> Floats:
    chances = np.zeros(lottery.people)
    for group, chance in zip(lottery.classes, (parts.chances @ parts.templates / parts.sizes).tolist(), strict=True):
        chances[list(group.members)] = chance
    return chances


def _with_units(lottery: FairLottery, units: UnitParts, exact: Exact) -> Floats:
    chances = np.zeros(lottery.people)
    for number, group in enumerate(lottery.classes):
        own = units.units[list(group.members)]
        weights = np.array(group.weights or (1,) * len(group.members), dtype=np.float64)
        share = weights / weights.sum() / units.weights[number, own]
        chances[list(group.members)] = exact.seats[number, own] * share
    return chances


def _binomial_bits(parts: Parts) -> Floats:
    logs = np.array([lgamma(number + 1) for number in range(int(parts.sizes.max()) + 1)])
    found = logs[parts.sizes] - logs[parts.templates] - logs[parts.sizes - parts.templates]
    return np.asarray(found.sum(axis=1) / log(2))


def _unit_bits(lottery: FairLottery, parts: Parts, exact: Exact, chances: Floats) -> float:
    logs = np.array([lgamma(number + 1) for number in range(lottery.seats + 1)]) / log(2)
    weights = np.log2(exact.totals) - logs[parts.templates].sum(axis=1)
    surprise = 0.0
    for group in lottery.classes:
        own = np.array(group.weights or (1,) * len(group.members), dtype=np.float64)
        surprise += float(chances[list(group.members)] @ np.log2(own / own.sum()))
    return float(parts.chances @ weights) - surprise


def _plain_pair(parts: Parts) -> float:
    means = parts.templates / parts.sizes
    together = (means * parts.chances[:, None]).T @ means
    # Two of one class: x (x - 1) / (n (n - 1)).
    same = parts.chances @ (parts.templates * (parts.templates - 1))
    together[np.diag_indices_from(together)] = same / np.maximum(parts.sizes * (parts.sizes - 1), 1)
    return float(together.max())


def _top_members(lottery: FairLottery, units: UnitParts) -> Floats:
    top = np.zeros_like(units.weights)
    for number, group in enumerate(lottery.classes):
        weights = np.array(group.weights or (1,) * len(group.members), dtype=np.float64)
        np.maximum.at(top[number], units.units[list(group.members)], weights / weights.sum())
    return top

"""What a fair lottery does: everybody's chance, and what follows from the chances. Computed from its integers."""

from dataclasses import dataclass
from math import lgamma, log

import numpy as np

from scheduling.cells import Floats, Integers
from scheduling.fair_lottery import FairLottery, Figures
from scheduling.members import Exact, exact_seats
from scheduling.multisets import Slots, slots_of
from scheduling.pairs import largest_plain_pair, largest_unit_pair
from scheduling.patterns import Patterns, find_patterns


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """The arrays of a lottery.

    Args:
        templates: seats per template and class.
        weights: whole number per template.
        sizes: members per class.
        labels: class per person, -1 for none.
        shares: weight per person as a share of the class.

    Source: engineering choice
    """

    templates: Integers
    weights: Floats
    sizes: Integers
    labels: Integers
    shares: Floats

    @property
    def chances(self) -> Floats:
        """Probability per template."""
        return np.asarray(self.weights / self.weights.sum())


@dataclass(frozen=True, slots=True, eq=False)
class UnitParts:
    """A lottery by rejection as arrays.

    Args:
        slots: the templates as slots.
        patterns: weights by pattern of units.
        exact: what they do.

    Source: engineering choice
    """

    slots: Slots
    patterns: Patterns
    exact: Exact


def parts_of(lottery: FairLottery) -> Parts:
    """Return templates, chances and weights as arrays.

    Source: engineering choice
    """
    templates = np.zeros((len(lottery.templates), len(lottery.classes)), dtype=np.int64)
    for number, template in enumerate(lottery.templates):
        for group, seats in template.seats:
            templates[number, group] = seats
    weights = np.array([float(template.weight) for template in lottery.templates])
    labels, shares = np.full(lottery.people, -1, dtype=np.int64), np.zeros(lottery.people)
    for number, item in enumerate(lottery.classes):
        members = np.array(item.members, dtype=np.int64)
        own = np.ones(len(members)) if item.weights is None else np.array(item.weights, dtype=np.float64)
        labels[members], shares[members] = number, own / own.sum()
    sizes = np.array([len(group.members) for group in lottery.classes], dtype=np.int64)
    return Parts(templates, weights, sizes, labels, shares)


def unit_parts_of(lottery: FairLottery, parts: Parts) -> UnitParts:
    """Return a lottery by rejection as arrays.

    Source: engineering choice
    """
    units = np.full(lottery.people, -1, dtype=np.int64) if lottery.units is None else np.array(lottery.units)
    slots = slots_of(parts.templates, parts.chances)
    patterns = find_patterns(parts.labels, parts.shares, units, len(parts.sizes))
    return UnitParts(slots, patterns, exact_seats(slots, patterns.weights, patterns.counts))


def probabilities(lottery: FairLottery) -> Floats:
    """Return everybody's chance to be drawn, shape (people,).

    Plain: sum_t lambda_t x_tc / n_c for a member of class c. By rejection: expected seats of the class and unit, shared
    in proportion to the weights inside; see ``members.exact_seats``.

    Source: domain DR-21; design of the draw, section 2, step 5
    """
    parts = parts_of(lottery)
    return _chances(parts, None if lottery.method == "plain" else unit_parts_of(lottery, parts))


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
    units = None if lottery.method == "plain" else unit_parts_of(lottery, parts)
    chances = _chances(parts, units)
    if units is None:
        inside = float((parts.chances * _binomial_bits(parts)).sum())
        pair, exact = largest_plain_pair(parts.templates, parts.weights, parts.sizes), True
    else:
        inside = _unit_bits(parts, units, chances)
        pair, exact = largest_unit_pair(units.slots, units.patterns, units.exact, _top_shares(parts, units.patterns))
    able = np.ones(lottery.people, dtype=np.bool_)
    able[list(lottery.never)] = False
    return Figures(
        min_probability=float(chances[able].min()),
        max_probability=float(chances.max()),
        upper_bound=upper_bound,
        gini=gini(chances),
        entropy_bits=inside - float((parts.chances * np.log2(parts.chances)).sum()),
        max_pair_probability=min(pair, float(chances.max())),
        pair_is_exact=exact,
    )


def gini(chances: Floats) -> float:
    """Return sum over i, j of |p_i - p_j| / (2 n^2 mean).

    Source: engineering choice
    """
    ordered = np.sort(chances)
    count = len(ordered)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return max(0.0, float((ranks * ordered).sum()) / (count * float(ordered.sum())))


def _chances(parts: Parts, units: UnitParts | None) -> Floats:
    inside = parts.labels >= 0
    labels = parts.labels[inside]
    chances = np.zeros(len(parts.labels))
    if units is None:
        chances[inside] = ((parts.chances[:, None] * parts.templates).sum(axis=0) / parts.sizes)[labels]
    else:
        pattern = units.patterns.of_person[inside]
        own = parts.shares[inside] / units.patterns.weights[pattern, labels]
        chances[inside] = units.exact.seats[pattern, labels] * own
    return chances


def _binomial_bits(parts: Parts) -> Floats:
    logs = np.array([lgamma(number + 1) for number in range(int(parts.sizes.max()) + 1)])
    found = logs[parts.sizes] - logs[parts.templates] - logs[parts.sizes - parts.templates]
    return np.asarray(found.sum(axis=1) / log(2))


def _unit_bits(parts: Parts, units: UnitParts, chances: Floats) -> float:
    logs = np.array([lgamma(number + 1) for number in range(int(parts.templates.max()) + 1)]) / log(2)
    ways = np.log2(units.exact.accepted) - logs[parts.templates].sum(axis=1)
    drawn = chances > 0
    return float((parts.chances * ways).sum()) - float((chances[drawn] * np.log2(parts.shares[drawn])).sum())


def _top_shares(parts: Parts, patterns: Patterns) -> Floats:
    top = np.zeros_like(patterns.weights)
    inside = parts.labels >= 0
    np.maximum.at(top, (patterns.of_person[inside], parts.labels[inside]), parts.shares[inside])
    return top

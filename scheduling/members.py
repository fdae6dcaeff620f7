"""Members under "at most one per unit": exact chances of a template's panels, and weights that meet the targets.

A template is k slots, each of a class. W[c, u] is the weight of all members of class c in unit u together. The chance
of a panel is proportional to the product of its members' weights over all choices from k different units. Sets of slots
are bit masks; F(B) = coefficient of the slots B in prod_u (1 + sum_s W[s, u] y_s) with y_s squared = 0: the total
weight of all ways to fill exactly the slots B.
"""

from dataclasses import dataclass
from math import factorial

import numpy as np
from numpy.typing import NDArray

from scheduling.cells import Integers

Floats = NDArray[np.float64]
LARGE = 0.12
APART = 6
BLOCK = 4_000_000
ROUNDS = 60
STALLED = 6
# A round on many slots is dear, so less is asked there.
GOOD, FAIR, FEW_SLOTS = 1e-6, 1e-3, 8
ALMOST_ALWAYS = 0.9995


@dataclass(frozen=True, slots=True)
class Slots:
    """Templates of equal length as slots.

    Args:
        classes: class per template and slot, shape (templates, k), k <= 12.
        chances: probability per template.

    Source: design of the draw, section 2, step 5
    """

    classes: Integers
    chances: Floats


@dataclass(frozen=True, slots=True)
class Exact:
    """What a set of weights does, computed from the definition and not by sampling.

    Args:
        seats: expected seats per class and unit.
        totals: F of all slots per template; 0 where no panel exists.

    Source: design of the draw, section 2, step 5
    """

    seats: Floats
    totals: Floats


def slots_of(templates: Integers, chances: Floats) -> Slots:
    """Write seats per class as one class per slot, ascending.

    Source: engineering choice
    """
    numbers = np.arange(templates.shape[1])
    return Slots(np.stack([np.repeat(numbers, row) for row in templates]), chances)


def can_fill(slots: Slots, held: NDArray[np.bool_]) -> bool:
    """Tell whether every template can be filled from different units (bipartite matching, slot by slot).

    Args:
        slots: the templates.
        held: whether a unit has a member with a weight, shape (classes, units).

    Source: engineering choice
    """
    choices = [np.flatnonzero(row).tolist() for row in held]
    return all(_matches([choices[number] for number in row]) for row in slots.classes.tolist())


def _matches(choices: list[list[int]]) -> bool:
    taken: dict[int, int] = {}

    def place(slot: int, seen: set[int]) -> bool:
        for unit in choices[slot]:
            if unit not in seen:
                seen.add(unit)
                if unit not in taken or place(taken[unit], seen):
                    taken[unit] = slot
                    return True
        return False

    return all(place(slot, set()) for slot in range(len(choices)))


def exact_seats(slots: Slots, weights: Floats) -> Exact:
    """Return the expected seats per class and unit.

    With P(B, u) = prod over s in B of W[s, u], the small units give log F(B) = (-1)^(|B|-1) (|B|-1)! sum_u P(B, u), and
    F by the exponential of a set power series (3^k steps). Large units, for which this sum would cancel, are multiplied
    in one by one. Slot s goes to a small unit u with probability
    sum over B containing s of (-1)^(|B|-1) (|B|-1)! F(all - B) P(B, u) / F(all), to a large one with probability
    W[s, u] F_without_u(all - s) / F(all). Work per template: 2^k units + 3^k.

    Args:
        slots: T templates of k slots.
        weights: shape (classes, units), not negative, every class with a positive sum.

    Source: design of the draw, section 2, step 5
    """
    scaled = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    width = 1 << slots.classes.shape[1]
    step = max(1, BLOCK // (width * weights.shape[1]))
    seats, totals = np.zeros_like(weights), []
    for start in range(0, len(slots.classes), step):
        part = Slots(slots.classes[start : start + step], slots.chances[start : start + step])
        found = Block(part, scaled)
        np.add.at(seats, part.classes, found.shares() * part.chances[:, None, None])
        totals.append(found.total)
    return Exact(seats, np.concatenate(totals))


def fit_weights(slots: Slots, start: Floats, targets: Floats) -> Floats:
    """Return weights whose expected seats meet the targets as nearly as these templates allow.

    The fit maximises the concave function sum X[c, u] log W[c, u] - sum_t lambda_t log F_t(W); its gradient is target
    minus achieved. Each round multiplies W[c, u] by target / achieved and by the odds (1 - achieved) / (1 - target) of
    the whole unit: for a unit that is nearly always present it is the odds that must change.

    Args:
        start: weights to begin with, positive where a target is.
        targets: expected seats per class and unit; rows sum to the expected seats of the class.

    Source: design of the draw, section 2, step 5
    """
    used = targets > 0
    weights, best, error, since = start, start, np.inf, 0
    good = GOOD if slots.classes.shape[1] <= FEW_SLOTS else FAIR
    units = np.minimum(targets.sum(axis=0), ALMOST_ALWAYS)
    for _ in range(ROUNDS):
        found = exact_seats(slots, weights)
        if not np.all(found.totals > 0):
            break
        ratio = np.where(used, targets / np.maximum(found.seats, 1e-300), 1.0)
        worst = float((ratio[used] - 1).max())
        if worst < error:
            best, error, since = weights, worst, 0
        if error <= good or since == STALLED:
            break
        since += 1
        odds = (1 - np.minimum(found.seats.sum(axis=0), 1 - 1e-9)) / (1 - units)
        weights = weights * np.clip(ratio * odds, 1e-3, 1e3)
        weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1e-300)
    return best


def pair_bound(slots: Slots, weights: Floats, tops: Floats) -> float:
    """Return an upper bound of the chance of any two persons to sit together.

    Two members with weights v, w of units g, h have the chance
    sum_t lambda_t sum over slots r != s of v w F_without_g_h(all - r - s) / F(all). Leaving a unit out lowers F, so F
    with only the largest units left out bounds it; v and w are the largest weights per class and unit.

    Args:
        slots: T templates of k slots.
        weights: shape (classes, units), a class sums to 1.
        tops: largest weight of one member per class and unit, same shape.

    Source: design of the draw, section 1
    """
    shares = exact_seats(slots, weights).seats.sum(axis=0)
    apart = np.argsort(-shares, kind="stable")[:APART]
    rest = np.array(tops)
    rest[:, apart] = 0.0
    best = np.column_stack([tops[:, apart], rest.max(axis=1)])
    classes, groups = best.shape
    found = np.zeros((classes * groups, classes * groups))
    width = 1 << slots.classes.shape[1]
    step = max(1, BLOCK // (width * weights.shape[1]))
    for start in range(0, len(slots.classes), step):
        part = Slots(slots.classes[start : start + step], slots.chances[start : start + step])
        Block(part, weights, apart).add_pairs(found, best, part.chances)
    return float(found.max())


class Block:
    """Some templates at once; arrays have shape (templates, masks, units) or (templates, masks).

    Source: design of the draw, section 2, step 5
    """

    def __init__(self, slots: Slots, weights: Floats, apart: Integers | None = None) -> None:
        self._classes = slots.classes
        self._count, self._slots = slots.classes.shape
        self._width = 1 << self._slots
        self._sizes = np.array([mask.bit_count() for mask in range(self._width)])
        self._signs = np.array([0.0] + [(-1.0) ** (n - 1) * factorial(n - 1) for n in range(1, self._slots + 1)])
        slot_weights = weights[slots.classes]
        large = np.flatnonzero(slot_weights.mean(axis=1).max(axis=0) > LARGE)
        first = [] if apart is None else apart.tolist()
        self._large = np.array([*first, *(unit for unit in large.tolist() if unit not in first)], dtype=np.int64)
        self._alone = slot_weights[:, :, self._large]
        slot_weights[:, :, self._large] = 0.0
        self._products = self._all_products(slot_weights)
        self._small = self._exponential(self._signs[self._sizes] * self._products.sum(axis=2))
        self.series = self._with_large(range(len(self._large)))
        self.total = self.series[:, -1]

    def _all_products(self, weights: Floats) -> Floats:
        products = np.empty((self._count, self._width, weights.shape[2]))
        products[:, 0] = 1.0
        for slot in range(self._slots):
            low = 1 << slot
            products[:, low : 2 * low] = products[:, :low] * weights[:, slot, None, :]
        return products

    def _exponential(self, logs: Floats) -> Floats:
        series = np.zeros((self._count, self._width))
        series[:, 0] = 1.0
        for slot in range(self._slots):
            top = 1 << slot
            for rest in range(top):
                inside = _subsets(rest)
                series[:, rest | top] = (logs[:, inside | top] * series[:, rest ^ inside]).sum(axis=1)
        return series

    def _times(self, series: Floats, unit: int) -> Floats:
        result = series.copy()
        masks = np.arange(self._width)
        for slot in range(self._slots):
            having = masks[masks >> slot & 1 == 1]
            result[:, having] += self._alone[:, slot, unit, None] * series[:, having ^ (1 << slot)]
        return result

    def _with_large(self, units: range | list[int]) -> Floats:
        series = self._small
        for unit in units:
            series = self._times(series, unit)
        return series

    def shares(self) -> Floats:
        """Probability that a slot goes to a unit, shape (templates, slots, units); 0 where a template has no panel."""
        total = np.where(self.total > 0, self.total, 1.0)
        masks = np.arange(self._width)
        factors = self._signs[self._sizes] * self.series[:, masks[::-1]] / total[:, None]
        rows = [np.where(masks >> slot & 1 == 1, factors, 0.0) for slot in range(self._slots)]
        # The product of no weights (mask 0) carries the factor 0.
        result = np.matmul(np.stack(rows, axis=1), self._products)
        result[:, :, self._large] = self._large_shares() / total[:, None, None]
        result[self.total <= 0] = 0.0
        return np.asarray(np.maximum(result, 0.0))

    def _large_shares(self) -> Floats:
        found = np.zeros_like(self._alone)
        everyone = list(range(len(self._large)))
        for unit in everyone:
            without = self._with_large(everyone[:unit] + everyone[unit + 1 :])
            for slot in range(self._slots):
                found[:, slot, unit] = self._alone[:, slot, unit] * without[:, (self._width - 1) ^ (1 << slot)]
        return found

    def add_pairs(self, found: Floats, best: Floats, chances: Floats) -> None:
        """Add to ``found`` the bound per pair of (class, group), groups being the units set apart and all others."""
        groups = best.shape[1]
        everyone = list(range(len(self._large)))
        for one in range(groups):
            for two in range(groups):
                if one == two < groups - 1:
                    continue
                without = self._with_large([unit for unit in everyone if unit not in {one, two} - {groups - 1}])
                scaled = without * (chances / self.total)[:, None]
                self._add_pair(found, (best[:, one], best[:, two]), (one, two, groups), scaled)

    def _add_pair(self, found: Floats, best: tuple[Floats, Floats], at: tuple[int, int, int], series: Floats) -> None:
        one, two, groups = at
        for first in range(self._slots):
            for second in range(self._slots):
                if first != second:
                    a, b = self._classes[:, first], self._classes[:, second]
                    left = series[:, (self._width - 1) ^ (1 << first) ^ (1 << second)]
                    np.add.at(found, (a * groups + one, b * groups + two), best[0][a] * best[1][b] * left)


_SUBSETS: dict[int, Integers] = {}


def _subsets(mask: int) -> Integers:
    if mask not in _SUBSETS:
        found, part = [], mask
        while True:
            found.append(part)
            if not part:
                break
            part = (part - 1) & mask
        _SUBSETS[mask] = np.array(found, dtype=np.int64)
    return _SUBSETS[mask]

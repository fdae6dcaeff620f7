"""Members under "at most one per unit": exact chances of a template's panels, and weights that meet the targets.

A template is k slots, each of a class. W[u, c] is the weight of all members of class c in unit u together. The chance
of a panel is proportional to the product of its members' weights over all choices from k different units. Sets of slots
are bit masks; F(B) = coefficient of the slots B in prod_u (1 + sum_s W[u, s] y_s) with y_s squared = 0: the total
weight of all ways to fill exactly the slots B.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import comb, factorial

import numpy as np

from scheduling.cells import Floats, Integers
from scheduling.multisets import Level, Slots
from scheduling.patterns import Patterns

BLOCK = 1_000_000
NEGLIGIBLE = 1e-13
ROUNDS, STALLED = 60, 6
GOOD, FAIR, LARGE = 1e-6, 1e-4, 2_000_000
ALMOST_ALWAYS = 0.9995


@dataclass(frozen=True, slots=True, eq=False)
class Exact:
    """What a set of weights does, computed from the definition and not by sampling.

    Args:
        seats: expected seats of one unit per pattern and class.
        series: F of every set of slots per template, weights of a class summing to 1; the last one is the chance that
            members drawn independently come from different units.
        error: relative error of the last one that cancellation may have caused.

    Source: design of the draw, section 2, step 5
    """

    seats: Floats
    series: Floats
    error: float

    @property
    def accepted(self) -> Floats:
        """Chance per template that independently drawn members come from different units."""
        return self.series[:, -1]


def exact_seats(slots: Slots, weights: Floats, counts: Integers) -> Exact:
    """Return the expected seats per pattern and class.

    With P(B, u) = prod over s in B of W[u, s], log F(B) = (-1)^(|B|-1) (|B|-1)! sum_u P(B, u), and F by the
    exponential of a set power series (3^k steps). Slot s goes to unit u with probability
    sum over B containing s of (-1)^(|B|-1) (|B|-1)! F(all - B) P(B, u) / F(all). Products are formed once per
    multiset of classes. Work: multisets x patterns + templates x 3^k.

    Args:
        slots: T templates of k slots.
        weights: shape (patterns, classes), not negative.
        counts: units per pattern; sum over units of a class used is positive.

    Source: design of the draw, section 2, step 5
    """
    sums = (weights * counts[:, None]).sum(axis=0)
    scaled = weights / np.maximum(sums, 1e-300)
    # Patterns with the longest products first, so that runs of one length are few.
    order = np.argsort(-scaled.max(axis=1), kind="stable")
    scaled, counts = scaled[order], counts[order]
    powers = [np.zeros(len(level.parents)) for level in slots.levels]
    for start, products in _products(slots, scaled):
        for power, product in zip(powers, products, strict=False):
            power += (product * counts[start : start + product.shape[1]]).sum(axis=1)
    logs = np.zeros((len(slots.classes), 1 << slots.classes.shape[1]))
    for size, (level, power) in enumerate(zip(slots.levels, powers, strict=True)):
        logs[:, level.masks] = _sign(size + 1) * power[level.places]
    series = exponential(logs)
    total = np.maximum(series[:, -1:], 1e-300)
    rough = exponential(np.abs(logs))[:, -1:]
    factors = slots.chances[:, None] * series[:, ::-1] / total
    seats = np.empty_like(scaled)
    seats[order] = _seats(slots, scaled, factors)
    return Exact(seats, series, float((rough / total).max()) * 1e-15)


def _sign(size: int) -> float:
    return (-1.0) ** (size - 1) * factorial(size - 1)


def _products(slots: Slots, weights: Floats) -> Iterator[tuple[int, list[Floats]]]:
    """Yield products per multiset for a run of patterns at a time; long products of small weights are left out."""
    depths = _depths(len(slots.levels), weights.max(axis=1))
    turns = np.flatnonzero(np.diff(depths)) + 1
    for first, last in pairwise([0, *turns.tolist(), len(weights)]):
        levels = slots.levels[: int(depths[first])]
        step = max(1, BLOCK // max(len(level.parents) for level in levels))
        for start in range(first, last, step):
            part = np.ascontiguousarray(weights[start : min(start + step, last)].T)
            found = [np.ones((1, part.shape[1]))]
            for level in levels:
                found.append(found[-1][level.parents] * part[level.classes[:, -1]])
            yield start, found[1:]


def _depths(slots: int, tops: Floats) -> Integers:
    """Size of the largest products worth a look per pattern: all longer ones are negligible beside 1."""
    depths = np.ones(len(tops), dtype=np.int64)
    for size in range(1, slots):
        depths[comb(slots, size + 1) * factorial(size) * tops**size >= NEGLIGIBLE] = size + 1
    return depths


def _seats(slots: Slots, weights: Floats, factors: Floats) -> Floats:
    """Derivative of sum over multisets of gain x product, times the weights; from the longest products backwards."""
    gains = []
    for size, level in enumerate(slots.levels):
        worth = _sign(size + 1) * factors[:, level.masks]
        gains.append(np.bincount(level.places.ravel(), weights=worth.ravel(), minlength=len(level.parents))[:, None])
    result = np.zeros((weights.shape[1], len(weights)))
    for start, products in _products(slots, weights):
        part = weights[start : start + products[0].shape[1]].T
        below = np.zeros((1, 1))
        for size in range(len(products) - 1, 0, -1):
            level = slots.levels[size]
            slopes = gains[size] + below
            slopes = np.broadcast_to(slopes, products[size].shape)
            _add_by_class(result[:, start : start + part.shape[1]], level, slopes * products[size])
            below = _by_parent(level, slopes * part[level.classes[:, -1]], len(products[size - 1]))
        last = (gains[0] + below) * products[0]
        _add_by_class(result[:, start : start + part.shape[1]], slots.levels[0], last)
    return np.maximum(result.T, 0.0)


def _add_by_class(result: Floats, level: Level, values: Floats) -> None:
    order = np.argsort(level.classes[:, -1], kind="stable")
    numbers, starts = np.unique(level.classes[order, -1], return_index=True)
    result[numbers] += np.add.reduceat(values[order], starts, axis=0)


def _by_parent(level: Level, values: Floats, parents: int) -> Floats:
    numbers, starts = np.unique(level.parents, return_index=True)
    found = np.zeros((parents, values.shape[1]))
    found[numbers] = np.add.reduceat(values, starts, axis=0)
    return found


def exponential(logs: Floats) -> Floats:
    """Return exp of set power series without constant term, one per leading index; 3^k steps.

    Source: design of the draw, section 2, step 5
    """
    series = np.zeros_like(logs)
    series[..., 0] = 1.0
    for slot in range(logs.shape[-1].bit_length() - 1):
        top = 1 << slot
        for rest in range(top):
            inside = _subsets(rest)
            series[..., rest | top] = (logs[..., inside | top] * series[..., rest ^ inside]).sum(axis=-1)
    return series


@cache
def _subsets(mask: int) -> Integers:
    found, part = [0], mask
    while part:
        found.append(part)
        part = (part - 1) & mask
    return np.array(found, dtype=np.int64)


def fit_weights(slots: Slots, start: Patterns, targets: Floats) -> Floats:
    """Return weights whose expected seats meet the targets as nearly as these templates allow.

    The fit maximises the concave function sum X[u, c] log W[u, c] - sum_t lambda_t log F_t(W); its gradient is target
    minus achieved. Each round multiplies W[u, c] by target / achieved and by the odds (1 - achieved) / (1 - target) of
    the whole unit: for a unit that is nearly always present it is the odds that must change.

    Args:
        slots: the templates.
        start: weights to begin with, positive where a target is.
        targets: expected seats of one unit per pattern and class; counted over units a class has its expected seats.

    Source: design of the draw, section 2, step 5
    """
    used = targets > 0
    weights, best, error, since = start.weights, start.weights, np.inf, 0
    good = GOOD if slots.classes.size << slots.classes.shape[1] <= LARGE and targets.size <= LARGE else FAIR
    units = np.minimum(targets.sum(axis=1), ALMOST_ALWAYS)
    for _ in range(ROUNDS):
        found = exact_seats(slots, weights, start.counts)
        ratio = np.where(used, targets / np.maximum(found.seats, 1e-300), 1.0)
        worst = float(ratio[used].max()) - 1
        if worst < error:
            best, error, since = weights, worst, 0
        if error <= good or since == STALLED or not np.all(found.accepted > 0):
            break
        since += 1
        odds = (1 - np.minimum(found.seats.sum(axis=1), 1 - 1e-9)) / (1 - units)
        weights = weights * np.clip(ratio * odds[:, None], 1e-3, 1e3)
    return best

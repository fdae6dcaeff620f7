"""The two persons who sit together most often: seeing one of them says most about the other."""

from heapq import heapify, heappop, heappush

import numpy as np

from scheduling.cells import Floats, Integers
from scheduling.members import Exact
from scheduling.multisets import Slots
from scheduling.patterns import Patterns

WHOLE = 2.0**53
BATCHES, MOST_POPS, MOST_SLOTS = 30, 5_000, 9
CELLS = 1_000_000


def largest_plain_pair(templates: Integers, weights: Floats, sizes: Integers) -> float:
    """Return the largest chance of a pair when classes are sampled uniformly.

    Two of classes c, d: sum_t lambda_t x_c x_d / (n_c n_d); two of one class: x (x - 1) / (n (n - 1)).

    Args:
        templates: seats per template and class.
        weights: whole numbers per template.
        sizes: members per class.

    Source: design of the draw, section 1
    """
    seats = templates.astype(np.float64)
    scaled = seats * weights[:, None]
    if float(weights.sum()) * float(seats.max()) ** 2 < WHOLE:
        # Sums of whole numbers are exact in any order, so threads cannot change them.
        together = scaled.T @ seats
    else:
        together = np.einsum("tc,td->cd", scaled, seats)
    together[np.diag_indices_from(together)] -= scaled.sum(axis=0)
    ways = np.multiply.outer(sizes, sizes)
    ways[np.diag_indices_from(ways)] = sizes * (sizes - 1)
    return float((together / np.maximum(ways, 1)).max()) / float(weights.sum())


def largest_unit_pair(slots: Slots, patterns: Patterns, exact: Exact, tops: Floats) -> tuple[float, bool]:
    """Return the largest chance of a pair of different units, or a bound of it.

    Members with weights v, w of units g, h have the chance
    sum_t lambda_t sum over slots r != s of v w F_without_g_h(all - r - s) / F(all). With F itself instead of
    F_without_g_h this is an upper bound. Pairs are looked at from the largest bound down, until no bound left exceeds
    the largest chance found.

    Args:
        slots: the templates.
        patterns: weights, a class sums to 1.
        exact: what they do.
        tops: largest weight of one member per pattern and class.

    Returns:
        the chance and whether it is exact; otherwise it is an upper bound.

    Source: design of the draw, section 1
    """
    candidates = _Candidates(_pair_factors(slots, exact), patterns, tops)
    best = 0.0
    if slots.classes.shape[1] > MOST_SLOTS:
        return candidates.bound(), False
    batch = max(1, CELLS // exact.series.size)
    for _ in range(BATCHES):
        if best >= candidates.bound():
            return best, True
        pairs = candidates.take(batch)
        if len(pairs):
            best = max(best, float(_pair_chances(slots, patterns.weights, exact, pairs).max()))
    return max(best, candidates.bound()), best >= candidates.bound()


def _slot_pairs(slots: Slots) -> list[tuple[int, int]]:
    every = range(slots.classes.shape[1])
    return [(one, two) for one in every for two in every if one != two]


def _pair_factors(slots: Slots, exact: Exact) -> Floats:
    many = int(slots.classes.max()) + 1
    found = np.zeros((many, many))
    full = exact.series.shape[1] - 1
    scale = slots.chances / exact.accepted
    for one, two in _slot_pairs(slots):
        left = exact.series[:, full ^ (1 << one) ^ (1 << two)] * scale
        np.add.at(found, (slots.classes[:, one], slots.classes[:, two]), left)
    return found


class _Candidates:
    """Pairs of (class, pattern) by falling bound: per pair of classes both lists stand sorted, a heap joins them."""

    def __init__(self, factors: Floats, patterns: Patterns, tops: Floats) -> None:
        self._factors, self._counts, self._tops = factors, patterns.counts, tops
        self._order = [np.argsort(-column, kind="stable")[: int((column > 0).sum())].tolist() for column in tops.T]
        pairs = np.argwhere(np.triu(factors) > 0).tolist()
        self._heap = [self._entry(one, two, 0, 0) for one, two in pairs]
        self._seen = {entry[1:] for entry in self._heap}
        heapify(self._heap)
        self._pops = 0

    def _entry(self, one: int, two: int, first: int, second: int) -> tuple[float, int, int, int, int]:
        v = self._tops[self._order[one][first], one]
        w = self._tops[self._order[two][second], two]
        return -float(v * w * self._factors[one, two]), one, two, first, second

    def bound(self) -> float:
        """Return the largest bound of a pair not taken yet."""
        return -self._heap[0][0] if self._heap else 0.0

    def take(self, most: int) -> list[tuple[int, int, int, int, float]]:
        """Return up to ``most`` pairs: two classes, two patterns, product of the weights."""
        found: list[tuple[int, int, int, int, float]] = []
        while self._heap and len(found) < most and self._pops < MOST_POPS:
            self._pops += 1
            _, one, two, first, second = heappop(self._heap)
            for after in ((first + 1, second), (first, second + 1)):
                key = (one, two, *after)
                if after[0] < len(self._order[one]) and after[1] < len(self._order[two]) and key not in self._seen:
                    self._seen.add(key)
                    heappush(self._heap, self._entry(one, two, *after))
            g, h = self._order[one][first], self._order[two][second]
            if g != h or self._counts[g] > 1:
                found.append((one, two, g, h, float(self._tops[g, one] * self._tops[h, two])))
        return found


def _pair_chances(slots: Slots, weights: Floats, exact: Exact, pairs: list[tuple[int, int, int, int, float]]) -> Floats:
    one, two, g, h = np.array([pair[:4] for pair in pairs]).T
    rest = _without(exact.series.T[:, None], weights[g][:, slots.classes].transpose(2, 0, 1))
    rest = _without(rest, weights[h][:, slots.classes].transpose(2, 0, 1))
    full = len(rest) - 1
    scale = slots.chances / exact.accepted
    found = np.zeros(len(pairs))
    for r, s in _slot_pairs(slots):
        fits = (slots.classes[None, :, r] == one[:, None]) & (slots.classes[None, :, s] == two[:, None])
        found += np.where(fits, rest[full ^ (1 << r) ^ (1 << s)] * scale, 0.0).sum(axis=1)
    return np.asarray(found * np.array([pair[4] for pair in pairs]))


def _without(series: Floats, own: Floats) -> Floats:
    """Divide by 1 + sum_s W[u, s] y_s; shapes (masks, units, templates) and (slots, units, templates)."""
    result = np.repeat(series, own.shape[1], axis=1) if series.shape[1] == 1 else series.copy()
    for mask in range(1, len(series)):
        for slot in range(mask.bit_length()):
            if mask >> slot & 1:
                result[mask] -= own[slot] * result[mask ^ (1 << slot)]
    return result

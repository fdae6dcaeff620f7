"""A good template for given prices, fast: prices for rows, the dearest seats first, exchanges of single seats."""

import numpy as np

from scheduling.cells import Cells, Flags, Floats, Integers, Row
from scheduling.products import Singles, product

FINE = 2.0**24
PACKED, MOST_PRICED = 3, 64
FIRST_STEPS, STEPS, WIDTH, DAMPING, FEW = 300, 12, 0.25, 0.5, 2.0
REPAIRS, CLIMBS, NEAR, AT_ONCE = 40, 3, 60, 8
COST = 1e-4


class Rounder:
    """Finds templates that keep all rows and are worth much, without proof that they are worth most.

    Every row has a multiplier mu that lowers the prices of its cells, and the dearest seats are taken. mu moves against
    the violation of the row, scaled by how many cells stand near the edge, and stays from one call to the next. Rows
    "at most a few" (units, pairs) are kept while seats are taken. What is still violated is repaired by exchanging
    single seats, and single seats are exchanged for dearer ones. Numbers that are summed lie on a grid, so that
    no order of summation decides. Work per call: rows x cells, some ten times; ``work`` counts it.

    Args:
        cells: variables and rows.
        low, high: box of the seats per cell.

    Source: engineering choice
    """

    def __init__(self, cells: Cells, low: Integers, high: Integers) -> None:
        self._low, self._wide, self._seats = low, high - low, cells.seats
        self._holds = np.ascontiguousarray(cells.inside().T.astype(np.float32))
        self._least = np.array([float(row.low) for row in cells.rows])
        self._most = np.array([float(row.high) for row in cells.rows])
        packed = [row.high <= PACKED and len(row.places) < len(low) for row in cells.rows]
        free = np.flatnonzero(~np.array(packed))[:MOST_PRICED]
        self._priced, self._bounds = self._holds[:, free].T.astype(np.float64), (self._least[free], self._most[free])
        self._multipliers, self._steps = np.zeros(len(free)), FIRST_STEPS
        self.work = 0
        self._packs = _Packs([row for row, small in zip(cells.rows, packed, strict=True) if small], len(low))

    def template(self, prices: Floats) -> Integers | None:
        """Return a template of high price, None when none was found."""
        scaled = np.rint(prices / (float(np.std(prices)) or 1.0) * FINE) / FINE
        best, least = self._multipliers, np.inf
        for step in range(self._steps):
            before = self._multipliers
            violated = self._move(scaled, DAMPING / (1.0 + step % STEPS / 3.0))
            if violated < least:
                best, least = before, violated
            if violated <= FEW:
                break
        self._steps = STEPS
        reduced = scaled - np.einsum("r,rc->c", best, self._priced)
        found = self._repaired(self._filled(reduced), reduced)
        return None if found is None else self._climbed(found, scaled)

    def _move(self, prices: Floats, damping: float) -> float:
        """Take the dearest seats, move every multiplier against its row; return how much was violated before."""
        mu, (least, most) = self._multipliers, self._bounds
        self.work += 20 * self._priced.size
        reduced = prices - np.einsum("r,rc->c", mu, self._priced)
        seats, edge = self._dearest(reduced)
        sums = np.einsum("rc,c->r", self._priced, seats)
        near = self._wide * (np.abs(reduced - edge) < WIDTH)
        density = np.maximum(np.einsum("rc,c->r", self._priced, near.astype(np.float64)), 1.0) / (2 * WIDTH)
        slope = sums - np.where(mu > 0, most, np.where(mu < 0, least, np.clip(sums, least, most)))
        after = np.rint((mu + np.clip(damping * slope / density, -1.0, 1.0)) * FINE) / FINE
        # Beyond zero the other bound of the row would hold: stop there first.
        self._multipliers = np.where(after * mu < 0, 0.0, after)
        return float((np.maximum(least - sums, 0.0) + np.maximum(sums - most, 0.0)).sum())

    def _dearest(self, reduced: Floats) -> tuple[Floats, float]:
        order = np.argsort(-reduced, kind="stable")
        wide = (self._wide * self._packs.leaders(reduced))[order]
        taken = np.clip(self._seats - int(self._low.sum()) - (np.cumsum(wide) - wide), 0, wide)
        seats = self._low.astype(np.float64)
        seats[order] += taken
        return seats, float(reduced[order[max(0, int(np.count_nonzero(taken)) - 1)]])

    def _filled(self, reduced: Floats) -> Integers:
        if not self._packs.rooms:
            return self._dearest(reduced)[0].astype(np.int64)
        return self._packs.filled(self._low, self._wide, reduced, self._seats)

    def _repaired(self, found: Integers, reduced: Floats) -> Integers | None:
        sums = self._sums(found)
        for _ in range(REPAIRS):
            if not self._excess(sums).any():
                return found if int(found.sum()) == self._seats else None
            before = sums
            for most, helpful in ((NEAR, False), (0, True), (len(found), False)):
                sums = self._exchanged(found, sums, reduced, (most, helpful))
                if sums is not before:
                    break
            if sums is before:
                return None
        return None

    def _climbed(self, found: Integers, prices: Floats) -> Integers:
        sums = self._sums(found)
        for _ in range(CLIMBS):
            before, sums = sums, self._exchanged(found, sums, prices, (NEAR, False))
            if sums is before:
                break
        return found

    def _sums(self, found: Integers) -> Floats:
        held = np.flatnonzero(found)
        return np.asarray((self._holds[held] * found[held, None]).sum(axis=0), dtype=np.float64)

    def _excess(self, sums: Floats) -> Floats:
        return np.asarray(np.maximum(self._least - sums, 0.0) + np.maximum(sums - self._most, 0.0))

    def _exchanged(self, found: Integers, sums: Floats, prices: Floats, reach: tuple[int, bool]) -> Floats:
        """Exchange up to a few seats in place, the best exchange first; return the sums of the rows afterwards.

        An exchange is made when it lowers the violation, or keeps it at none and gains.
        """
        now = self._excess(sums)
        # A row without a seat has none to give.
        less = np.where(sums > 0, self._excess(sums - 1) - now, 0.0)
        more = self._excess(sums + 1) - now
        rows = np.flatnonzero((less != 0) | (more != 0))
        changes = less[rows].astype(np.float32), more[rows].astype(np.float32)
        most, helpful = reach
        able = np.flatnonzero(found > self._low), np.flatnonzero(found < self._low + self._wide)
        giving, taking = _first(able[0], prices, most), _first(able[1], -prices, 4 * most)
        if helpful:
            giving = self._helpful(able[0], less, prices)
            taking = self._helpful(able[1], more, -prices)
        if not len(giving) or not len(taking):
            return sums
        score = self._changes((giving, taking), rows, changes)
        score += np.clip(prices[giving][:, None] - prices[taking][None, :], -1e3, 1e3) * COST
        violated = float(now.sum())
        for _ in range(AT_ONCE):
            source, sink = divmod(int(score.argmin()), len(taking))
            if score[source, sink] >= 0:
                break
            i, j = giving[source], taking[sink]
            after = sums - self._holds[i] + self._holds[j]
            rest = float(self._excess(after).sum())
            if rest < violated or (rest == 0 and prices[j] > prices[i]):
                found[i] -= 1
                found[j] += 1
                sums, violated = after, rest
            score[source, :] = np.inf
            score[:, sink] = np.inf
        return sums

    def _helpful(self, able: Integers, change: Floats, keys: Floats) -> Integers:
        """Cells whose seat alone lowers the violation most."""
        self.work += self._holds.size // 2
        alone = np.einsum("cr,r->c", self._holds, change.astype(np.float32))[able]
        return able[np.lexsort((keys[able], alone))[:NEAR]]

    def _changes(self, sides: tuple[Integers, Integers], rows: Integers, changes: tuple[Singles, Singles]) -> Floats:
        """Change of the violation for every exchange.

        With e(d) the violation of a row whose sum changes by d, an exchange i, j changes it by
        sum over rows of a_i (e(-1) - e(0)) + a_j (e(1) - e(0)) - a_i a_j (e(-1) + e(1) - 2 e(0)). Only rows at or
        beyond a bound count.
        """
        (giving, taking), (less, more) = sides, changes
        self.work += len(rows) * len(giving) * len(taking)
        out, enter = self._holds[np.ix_(giving, rows)], self._holds[np.ix_(taking, rows)]
        change = (
            np.einsum("ir,r->i", out, less)[:, None]
            + np.einsum("jr,r->j", enter, more)[None, :]
            - product(out * (less + more), np.ascontiguousarray(enter.T))
        )
        return np.asarray(change, dtype=np.float64)


class _Packs:
    """Rows "at most a few" as counters."""

    def __init__(self, rows: list[Row], cells: int) -> None:
        self.rooms = [row.high for row in rows]
        self._needed = [(number, row.low, list(row.places)) for number, row in enumerate(rows) if row.low > 0]
        self._single = self._singles(rows, cells)
        self._of_cell: list[list[int]] = [[] for _ in range(cells)]
        for number, row in enumerate(rows):
            for place in row.places:
                self._of_cell[place].append(number)

    @staticmethod
    def _singles(rows: list[Row], cells: int) -> Integers | None:
        found = np.full(cells, len(rows), dtype=np.int64)
        for number, row in enumerate(rows):
            if row.high == 1:
                places = list(row.places)
                if (found[places] < len(rows)).any():
                    return None
                found[places] = number
        return found if rows else None

    def leaders(self, reduced: Floats) -> Flags:
        """The dearest cell of every row "at most one"; all cells where such rows overlap or are absent."""
        if self._single is None:
            return np.ones(len(reduced), dtype=np.bool_)
        tops = np.full(len(self.rooms) + 1, -np.inf)
        np.maximum.at(tops, self._single, reduced)
        return np.asarray((reduced >= tops[self._single]) | (self._single == len(self.rooms)))

    def filled(self, low: Integers, wide: Integers, reduced: Floats, seats: int) -> Integers:
        """Take the dearest seats that leave all counters at or below their limit; if those are too few, any others.

        Rows that need a seat come first.
        """
        found, rooms = low.copy(), self.rooms.copy()
        for cell in np.flatnonzero(low).tolist():
            self._take((found, rooms), cell, int(low[cell]), 0)
        most = low + wide
        for number, needed, places in self._needed:
            missing = needed - (self.rooms[number] - rooms[number])
            ordered = sorted(places, key=lambda cell: (-reduced[cell], cell))
            self._take_in_order((found, rooms), ordered, most, min(missing, seats - int(found.sum())))
        order = np.argsort(-reduced, kind="stable").tolist()
        rest = self._take_in_order((found, rooms), order, most, seats - int(found.sum()))
        for cell in order:
            more = min(rest, int(most[cell] - found[cell]))
            found[cell] += more
            rest -= more
        return found

    def _take_in_order(self, state: tuple[Integers, list[int]], order: list[int], most: Integers, rest: int) -> int:
        found, rooms = state
        for cell in order:
            if rest <= 0:
                break
            more = min([rest, int(most[cell] - found[cell]), *(rooms[pack] for pack in self._of_cell[cell])])
            if more > 0:
                self._take(state, cell, more, more)
                rest -= more
        return rest

    def _take(self, state: tuple[Integers, list[int]], cell: int, seats: int, added: int) -> None:
        found, rooms = state
        found[cell] += added
        for pack in self._of_cell[cell]:
            rooms[pack] -= seats


def _first(cells: Integers, keys: Floats, most: int) -> Integers:
    if len(cells) <= most:
        return cells
    return np.sort(cells[np.argsort(keys[cells], kind="stable")[:most]])

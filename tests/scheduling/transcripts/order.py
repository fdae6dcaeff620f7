"""The order of a draw, once more and naively: whole lists, one loop per sentence of the page."""

import math

from tests.scheduling.transcripts.world import h, u64

ONE = 2**40


class StuckError(Exception):
    """There is no panel to draw."""


class Words:
    """The stream of a seed."""

    def __init__(self, seed):
        self._seed, self._taken = seed, 0

    def word(self):
        block, place = divmod(self._taken, 4)
        self._taken += 1
        return int.from_bytes(h("stream", self._seed, u64(block))[8 * place : 8 * place + 8], "big")

    def below(self, n):
        b = max(1, math.ceil((n - 1).bit_length() / 64))
        while True:
            v = 0
            for _ in range(b):
                v = v * 2**64 + self.word()
            if v < 2 ** (64 * b) // n * n:
                return v % n

    def weighted(self, weights):
        r = self.below(sum(weights))
        for index, weight in enumerate(weights):
            if r < weight:
                return index
            r -= weight
        raise AssertionError


class Drawing:
    """One lottery over one pool; remembers every position that it touched."""

    def __init__(self, lottery, units):
        self.lottery, self.units, self.touched = lottery, units, set()
        self.members, self.weights = [], []
        start = 0
        for one in lottery["classes"]:
            weights = [weight for count, weight, _ in one["blocks"] for _ in range(count)]
            self.members.append(list(range(start, start + len(weights))))
            self.weights.append(weights)
            start += len(weights)

    def class_of(self, position):
        return next(number for number, members in enumerate(self.members) if position in members)

    def first(self, seed):
        words = Words(seed)
        cells = self.lottery["templates"][words.weighted([row[0] for row in self.lottery["templates"]])][2]
        for _ in range(self.lottery["max_tries"]):
            found = self.attempt(words, cells, [], [])
            if found is not None:
                return [[quota, position] for _, quota, position in found], words
        raise StuckError

    def attempt(self, words, cells, seated, gone, conditioned=False):
        """One try; None when it is rejected."""
        found, chosen = [], []
        for number in sorted({cell[0] for cell in cells}):
            own = [cell for cell in cells if cell[0] == number]
            pool = [one for one in self.members[number] if one not in seated]
            taken = []
            for place in range(sum(cell[2] for cell in own)):
                if self.lottery["method"] == "plain":
                    other = place + words.below(len(pool) - place)
                    pool[place], pool[other] = pool[other], pool[place]
                    position = pool[place]
                else:
                    position = self.members[number][words.weighted(self.weights[number])]
                self.touched.add(position)
                if (conditioned or self.lottery["method"] == "rejection") and self.refuses(
                    position, seated, chosen, gone
                ):
                    return None
                chosen.append(position)
                taken.append(position)
            for _, quota, seats in own:
                found += [(number, quota, taken.pop(0)) for _ in range(seats)]
        return found

    def refuses(self, position, seated, chosen, gone):
        sitting = [*seated, *chosen]
        if position in sitting or position in gone:
            return True
        most = self.lottery["unit_max"]
        return most > 0 and sum(self.units[one] == self.units[position] for one in sitting) >= most

    def alternates(self, words, drawn, quotas, each):
        found = []
        for quota in range(quotas):
            for _ in range(each[quota]):
                taken = [position for _, position in drawn + found]
                free = [
                    position
                    for one, members in zip(self.lottery["classes"], self.members, strict=True)
                    for position in members
                    if quota in one["quotas"] and position not in taken
                ]
                if free:
                    found.append([quota, free[words.below(len(free))]])
                    self.touched.add(found[-1][1])
        return found

    def again(self, value, seated, gone, vacated):
        """``seated``: seat to (quota, position); ``vacated``: seat to quota. Returns [seat, quota, position] each."""
        words = Words(value)
        weights = self.conditioned(seated, gone)
        if not sum(weights):
            raise StuckError
        sitting = [position for _, position in seated.values()]
        for _ in range(self.lottery["max_tries"]):
            cells = self.lottery["templates"][words.weighted(weights)][2]
            left = [[c, q, x - self.kept(seated, c, q)] for c, q, x in cells]
            found = self.attempt(words, left, sitting, gone, conditioned=True)
            if found is not None:
                drawn = []
                for seat in sorted(vacated):
                    one = next(one for one in found if one[1] == vacated[seat])
                    found.remove(one)
                    drawn.append([seat, one[1], one[2]])
                return drawn
        raise StuckError

    def kept(self, seated, number, quota):
        return sum(one == quota and self.class_of(position) == number for one, position in seated.values())

    def conditioned(self, seated, gone):
        is_plain = self.lottery["method"] == "plain"
        common = math.lcm(*(row[1] for row in self.lottery["templates"]))
        weights = []
        for weight, accept, cells in self.lottery["templates"]:
            x = {(c, q): n for c, q, n in cells}
            for quota, position in seated.values():
                x[self.class_of(position), quota] = x.get((self.class_of(position), quota), 0) - 1
            fits = all(n >= 0 for n in x.values())
            for number, members in enumerate(self.members):
                left = sum(n for (c, _), n in x.items() if c == number)
                away = [one for one in members if one in gone or one in [p for _, p in seated.values()]]
                fits = fits and left <= len(members) - len(away)
            for c, q, n in cells:
                weight *= math.factorial(n) // math.factorial(n - min(n, self.kept(seated, c, q)))
            weights.append((weight if is_plain else weight * common // accept) if fits else 0)
        return weights

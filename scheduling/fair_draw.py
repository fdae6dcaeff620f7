"""From a fair lottery and a seed to a panel. Standard library only, integers only, no solver."""

from bisect import bisect_right

from scheduling.errors import TooTangledError
from scheduling.fair_lottery import FairLottery, FairTemplate
from scheduling.seed import Stream, running_sums

MAX_TRIES = 1_000_000
_WORD_BITS = 64


class FairDrawer:
    """A fair lottery made ready to be drawn from, again and again.

    Source: XD-1, step ORDER
    """

    def __init__(self, lottery: FairLottery) -> None:
        self._lottery = lottery
        self._template_sums = running_sums([template.weight for template in lottery.templates])
        self._member_sums = [running_sums(group.weights or (1,) * len(group.members)) for group in lottery.classes]
        self._tables: dict[int, UnitTable] = {}

    def draw(self, stream: Stream) -> tuple[int, ...]:
        """Take a template by weight and then its members.

        Returns:
            the persons, ascending.

        Raises:
            TooTangledError: a million tries in vain, which the build of the lottery makes practically impossible.
        """
        number = stream.weighted(self._template_sums)
        template = self._lottery.templates[number]
        if self._lottery.method == "plain":
            return tuple(sorted(self._plain(stream, template)))
        if self._lottery.method == "rejection":
            return tuple(sorted(self._by_rejection(stream, template)))
        if number not in self._tables:
            self._tables[number] = UnitTable(self._lottery, template)
        return tuple(sorted(self._tables[number].draw(stream)))

    def _plain(self, stream: Stream, template: FairTemplate) -> list[int]:
        chosen: list[int] = []
        for group, seats in template.seats:
            people = list(self._lottery.classes[group].members)
            for place in range(seats):
                other = place + stream.below(len(people) - place)
                people[place], people[other] = people[other], people[place]
            chosen += people[:seats]
        return chosen

    def _by_rejection(self, stream: Stream, template: FairTemplate) -> list[int]:
        for _ in range(MAX_TRIES):
            chosen = self._try(stream, template)
            if chosen is not None:
                return chosen
        raise TooTangledError(accepted=0, tries=MAX_TRIES)

    def _try(self, stream: Stream, template: FairTemplate) -> list[int] | None:
        chosen: list[int] = []
        taken: set[tuple[bool, int]] = set()
        for group, seats in template.seats:
            for _ in range(seats):
                person = self._lottery.classes[group].members[stream.weighted(self._member_sums[group])]
                key = unit_key(self._lottery, person)
                # Stopping at the first conflict rejects exactly what a full try would reject.
                if key in taken:
                    return None
                taken.add(key)
                chosen.append(person)
        return chosen


class UnitTable:
    """Draws from different units without rejection.

    Units stand in a fixed order. R_j(B) is the total weight of all ways to fill the slots B from units j, j+1, ...:
    R_j(B) = R_{j+1}(B) + sum over slots s in B of W[s, j] R_{j+1}(B without s). Unit by unit the next term is taken in
    proportion to its weight, all in whole numbers.

    Source: design of the draw, section 2, step 5
    """

    def __init__(self, lottery: FairLottery, template: FairTemplate) -> None:
        slots = [group for group, seats in template.seats for _ in range(seats)]
        self._full = (1 << len(slots)) - 1
        people: dict[tuple[bool, int], list[tuple[int, int, int]]] = {}
        for group in dict.fromkeys(slots):
            item = lottery.classes[group]
            for person, weight in zip(item.members, item.weights or (1,) * len(item.members), strict=True):
                people.setdefault(unit_key(lottery, person), []).append((group, person, weight))
        self._units = []
        for key in sorted(people):
            totals: dict[int, int] = {}
            for group, _, weight in people[key]:
                totals[group] = totals.get(group, 0) + weight
            places = [(1 << slot, totals[group]) for slot, group in enumerate(slots) if group in totals]
            self._units.append((places, people[key]))
        self._slots = slots
        self._rest = self._sums()

    def _sums(self) -> list[list[int]]:
        rest = [[1] + [0] * self._full]
        for places, _ in reversed(self._units):
            later, row = rest[-1], list(rest[-1])
            for bit, weight in places:
                for mask in range(self._full + 1):
                    if mask & bit and later[mask ^ bit]:
                        row[mask] += weight * later[mask ^ bit]
            rest.append(row)
        rest.reverse()
        return rest

    @property
    def total(self) -> int:
        """Total weight of all panels, slots of one class counted as different."""
        return self._rest[0][self._full]

    def draw(self, stream: Stream) -> list[int]:
        """Return one person per slot."""
        chosen, mask = [], self._full
        for number, (places, people) in enumerate(self._units):
            if not mask:
                break
            later = self._rest[number + 1]
            point = below(stream, self._rest[number][mask]) - later[mask]
            if point < 0:
                continue
            for bit, weight in places:
                point -= weight * later[mask ^ bit] if mask & bit else 0
                if point < 0:
                    chosen.append(self._member(stream, people, self._slots[bit.bit_length() - 1]))
                    mask ^= bit
                    break
        return chosen

    @staticmethod
    def _member(stream: Stream, people: list[tuple[int, int, int]], group: int) -> int:
        inside = [(person, weight) for own, person, weight in people if own == group]
        sums = running_sums([weight for _, weight in inside])
        return inside[bisect_right(sums, below(stream, sums[-1]))][0]


def unit_key(lottery: FairLottery, person: int) -> tuple[bool, int]:
    """Return what no two members may share: the unit, or the person where there is none.

    Source: domain C14
    """
    unit = -1 if lottery.units is None else lottery.units[person]
    return (True, person) if unit < 0 else (False, unit)


def below(stream: Stream, bound: int) -> int:
    """Return an integer in [0, bound), every value equally likely, also for bounds above 2**64.

    Words are joined, the first one most significant; values at or above the largest multiple of ``bound`` are thrown
    away.

    Source: XD-1, step ORDER
    """
    words = max(1, -(-(bound - 1).bit_length() // _WORD_BITS))
    limit = (1 << words * _WORD_BITS) // bound * bound
    while True:
        value = 0
        for _ in range(words):
            value = value << _WORD_BITS | stream.word()
        if value < limit:
            return value % bound


def draw_panel(lottery: FairLottery, seed: bytes) -> tuple[int, ...]:
    """Draw the one panel that belongs to ``seed``.

    Args:
        lottery: as it was committed.
        seed: 32 bytes.

    Returns:
        numbers of the persons, ascending.

    Source: XD-1, step ORDER
    """
    return FairDrawer(lottery).draw(Stream(seed))

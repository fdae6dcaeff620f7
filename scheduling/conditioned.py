"""Replacement: the committed lottery, conditioned on those who sit and without those who left. Standard library only.

Let S sit, with s(c,q) members of class c on seats of quota q, and let D be barred. A template t with weight w and
acceptance a, and x(c,q) seats per cell, is taken with probability proportional to

    w / a * prod over (c,q) of x(c,q)! / (x(c,q) - s(c,q))!

and its empty seats are drawn as in the first drawing; a try that meets S, D, one person twice or a full unit begins
again with a new template. Proof: the lottery gives a panel P in template t the probability w / (W a) prod x(c,q)! prod
over members of (weight / class weight); for P containing S the factors of S are the same in every template, so what
remains is the product above times the chance of drawing the rest. With ``plain`` the members of S take the factor
1 / (n (n-1) ... (n-s+1)) per class, likewise the same in every template.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import lcm, perm

from scheduling.artefact import Lottery, Places, Template, seats_per_class
from scheduling.errors import NoContinuationError, TooTangledError
from scheduling.order import Drawn, Seat, UnitCount, UnitOf, in_cells, sampled
from scheduling.seed import Stream, running_sums

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Who sits and who may not be drawn.

    Args:
        sitting: (quota, position) of the members who stay.
        barred: positions drawn before that are not among them.

    Source: XD-1 section 9
    """

    sitting: tuple[Seat, ...]
    barred: frozenset[int]


def draw_replacement(lottery: Lottery, seed: bytes, standing: Standing, unit_of: UnitOf) -> Drawn:
    """Draw the members for the empty seats.

    Args:
        lottery: the committed lottery.
        seed: 32 bytes of this replacement.
        standing: members and barred persons.
        unit_of: unit tag by position.

    Returns:
        (quota, position) of the new members by class and cell.

    Raises:
        NoContinuationError: no panel of the lottery holds all members and none of the barred.
        TooTangledError: ``max_tries`` tries in vain.

    Source: XD-1 section 9; domain DR-12
    """
    return _Replacement(lottery, standing, unit_of).draw(Stream(seed))


class _Replacement:
    def __init__(self, lottery: Lottery, standing: Standing, unit_of: UnitOf) -> None:
        self._lottery, self._unit_of = lottery, unit_of
        self._places = Places(lottery)
        self._sitting = [position for _, position in standing.sitting]
        self._closed = standing.barred | set(self._sitting)
        held = [(self._places.class_of(position), quota) for quota, position in standing.sitting]
        self._rest = [_remaining(template, held) for template in lottery.templates]
        self._used = Counter(self._places.class_of(position) for position in self._closed)
        self._weighs = lottery.method == "rejection"
        self._inside: dict[int, list[int]] = {}
        for position in sorted(self._sitting):
            number = self._places.class_of(position)
            self._inside.setdefault(number, []).append(position - self._places.starts[number])
        self._sums = running_sums(self._weights(held))

    def _weights(self, held: Sequence[Cell]) -> list[int]:
        scale = lcm(*{template.accept for template in self._lottery.templates})
        return [
            0 if rest is None or not self._has_enough(rest) else _weight(template, held, scale)
            for template, rest in zip(self._lottery.templates, self._rest, strict=True)
        ]

    def _has_enough(self, rest: Template) -> bool:
        return all(
            self._lottery.classes[number].size - self._used[number] >= seats
            for number, seats in seats_per_class(rest).items()
        )

    def draw(self, stream: Stream) -> Drawn:
        if not self._sums[-1]:
            raise NoContinuationError(members=len(self._sitting), left=len(self._closed) - len(self._sitting))
        touched: set[int] = set()
        for tries in range(1, self._lottery.max_tries + 1):
            rest = self._rest[stream.weighted(self._sums)]
            members = None if rest is None else self._try(stream, rest, touched)
            if rest is not None and members is not None:
                return Drawn(in_cells(rest, members), [], touched, tries)
        raise TooTangledError(accepted=0, tries=self._lottery.max_tries)

    def _try(self, stream: Stream, rest: Template, touched: set[int]) -> dict[int, list[int]] | None:
        units = UnitCount(self._lottery.unit_max, self._unit_of, self._sitting if self._weighs else ())
        chosen = set(self._closed)
        members: dict[int, list[int]] = {}
        for number, seats in seats_per_class(rest).items():
            for position in self._candidates(stream, number, seats):
                touched.add(position)
                if position in chosen or (self._weighs and not units.take(position)):
                    return None
                chosen.add(position)
                members.setdefault(number, []).append(position)
        return members

    def _candidates(self, stream: Stream, number: int, seats: int) -> Iterator[int]:
        places = self._places
        if self._weighs:
            for _ in range(seats):
                yield places.at(number, stream.below(places.weight_of(number)))
            return
        start, inside = places.starts[number], self._inside.get(number, [])
        for place in sampled(stream, self._lottery.classes[number].size - len(inside), seats):
            yield start + _beyond(inside, place)


def _remaining(template: Template, held: Sequence[Cell]) -> Template | None:
    """Return the cells without the seats that are taken, None where a cell has fewer."""
    left = {(number, quota): seats for number, quota, seats in template.cells}
    for cell in held:
        left[cell] = left.get(cell, 0) - 1
    if min(left.values()) < 0:
        return None
    cells = tuple((number, quota, seats) for (number, quota), seats in sorted(left.items()) if seats)
    return Template(template.weight, template.accept, cells)


def _weight(template: Template, held: Sequence[Cell], scale: int) -> int:
    seats = {(number, quota): count for number, quota, count in template.cells}
    weight = template.weight * (scale // template.accept)
    for cell, sitting in Counter(held).items():
        weight *= perm(seats[cell], sitting)
    return weight


def _beyond(inside: list[int], place: int) -> int:
    """Return the number of the member at ``place`` among those not in ``inside`` (ascending)."""
    for number in inside:
        place += number <= place
    return place

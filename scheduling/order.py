"""From a seed to positions: the ORDER step of XD-1. Standard library only, integers only, no solver."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from scheduling.artefact import Lottery, Places, Template, seats_per_class
from scheduling.errors import TooTangledError
from scheduling.seed import Stream, running_sums

UnitOf = Callable[[int], str]
Seat = tuple[int, int]


@dataclass(slots=True)
class Drawn:
    """What a drawing gave.

    Args:
        seats: (quota, position) in the order of class and cell.
        alternates: (quota, position), quotas ascending.
        touched: every position that was looked at, rejected ones included.
        tries: tries begun, the accepted one included.

    Source: XD-1 section 7
    """

    seats: list[Seat]
    alternates: list[Seat] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    tries: int = 1


def draw_seats(lottery: Lottery, seed: bytes, unit_of: UnitOf, alternates: Sequence[int] = ()) -> Drawn:
    """Draw the panel that belongs to a seed.

    Args:
        lottery: the committed lottery.
        seed: 32 bytes.
        unit_of: unit tag by position; asked only where the method needs it.
        alternates: reserve places per quota; empty or all 0 when none are drawn ahead.

    Raises:
        TooTangledError: ``max_tries`` tries in vain.

    Source: XD-1 section 7
    """
    stream, places = Stream(seed), Places(lottery)
    template = lottery.templates[stream.weighted(running_sums([item.weight for item in lottery.templates]))]
    if lottery.method == "plain":
        members = {
            number: [places.starts[number] + place for place in sampled(stream, lottery.classes[number].size, seats)]
            for number, seats in seats_per_class(template).items()
        }
        drawn = Drawn(in_cells(template, members))
        drawn.touched.update(position for _, position in drawn.seats)
    else:
        drawn = _by_rejection(lottery, places, template, stream, unit_of)
    drawn.alternates = _reserve(lottery, places, drawn, stream, alternates)
    drawn.touched.update(position for _, position in drawn.alternates)
    return drawn


def sampled(stream: Stream, size: int, count: int) -> list[int]:
    """Return ``count`` different numbers below ``size``, every ordered choice equally likely.

    The first places of a list 0 ... size-1 after the swaps "place i with place i + below(size - i)"; only the places
    that moved are kept, so that a class of a million costs nothing.

    Source: XD-1 section 7
    """
    moved: dict[int, int] = {}
    chosen = []
    for place in range(count):
        other = place + stream.below(size - place)
        chosen.append(moved.get(other, other))
        moved[other] = moved.get(place, place)
    return chosen


def in_cells(template: Template, members: dict[int, list[int]]) -> list[Seat]:
    """Return (quota, position) per seat: the members of a class fill its cells in order.

    Source: XD-1 section 7
    """
    waiting = {number: iter(positions) for number, positions in members.items()}
    return [(quota, next(waiting[number])) for number, quota, seats in template.cells for _ in range(seats)]


class UnitCount:
    """Members per unit, for the rule of one legal person.

    Source: domain C14
    """

    __slots__ = ("_counts", "_most", "_unit_of")

    def __init__(self, unit_max: int, unit_of: UnitOf, sitting: Sequence[int] = ()) -> None:
        self._most = unit_max
        self._unit_of = unit_of
        self._counts: dict[str, int] = {}
        for position in sitting:
            self.take(position)

    def take(self, position: int) -> bool:
        """Count a member; tell whether the unit may have it."""
        if not self._most:
            return True
        unit = self._unit_of(position)
        self._counts[unit] = self._counts.get(unit, 0) + 1
        return self._counts[unit] <= self._most


def _by_rejection(lottery: Lottery, places: Places, template: Template, stream: Stream, unit_of: UnitOf) -> Drawn:
    wanted = seats_per_class(template)
    touched: set[int] = set()
    for tries in range(1, lottery.max_tries + 1):
        members = _try(lottery, places, wanted, (stream, unit_of, touched))
        if members is not None:
            return Drawn(in_cells(template, members), [], touched, tries)
    raise TooTangledError(accepted=0, tries=lottery.max_tries)


def _try(
    lottery: Lottery, places: Places, wanted: dict[int, int], means: tuple[Stream, UnitOf, set[int]]
) -> dict[int, list[int]] | None:
    stream, unit_of, touched = means
    units, chosen = UnitCount(lottery.unit_max, unit_of), set()
    members: dict[int, list[int]] = {}
    for number, seats in wanted.items():
        for _ in range(seats):
            position = places.at(number, stream.below(places.weight_of(number)))
            touched.add(position)
            # Stopping at the first conflict rejects exactly the tries that a full one would reject.
            if position in chosen or not units.take(position):
                return None
            chosen.add(position)
            members.setdefault(number, []).append(position)
    return members


def _reserve(lottery: Lottery, places: Places, drawn: Drawn, stream: Stream, alternates: Sequence[int]) -> list[Seat]:
    taken = {position for _, position in drawn.seats}
    found: list[Seat] = []
    for quota, wanted in enumerate(alternates):
        if not wanted:
            continue
        waiting = [
            position
            for number, group in enumerate(lottery.classes)
            if quota in group.quotas
            for position in range(places.starts[number], places.starts[number + 1])
            if position not in taken
        ]
        for _ in range(min(wanted, len(waiting))):
            position = waiting.pop(stream.below(len(waiting)))
            taken.add(position)
            found.append((quota, position))
    return found

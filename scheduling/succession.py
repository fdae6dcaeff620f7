"""Who takes an empty seat: the conditioned lottery with fresh randomness, or the next alternate in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.artefact import Lottery
from scheduling.conditioned import Standing
from scheduling.errors import NoContinuationError
from scheduling.order import Seat, UnitCount, UnitOf

Filled = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Bench:
    """The panel as it stands, with empty seats.

    Args:
        seats: (quota, position) per seat number; the last holder where the seat is empty.
        empty: numbers of the empty seats, ascending.
        gone: positions that were drawn once and hold no seat, the last holders of empty seats included.

    Source: XD-1 section 9
    """

    seats: tuple[Seat, ...]
    empty: tuple[int, ...]
    gone: frozenset[int]

    def standing(self) -> Standing:
        """Return who sits and who is barred."""
        sitting = tuple(seat for number, seat in enumerate(self.seats) if number not in self.empty)
        return Standing(sitting, self.gone)

    def fill(self, drawn: Sequence[Seat]) -> tuple[Filled, ...]:
        """Give the drawn persons to the empty seats: per quota, seats ascending, in the order of drawing.

        Returns:
            (seat, quota, position), ascending by seat.
        """
        waiting: dict[int, list[int]] = {}
        for quota, position in drawn:
            waiting.setdefault(quota, []).append(position)
        return tuple((number, self.seats[number][0], waiting[self.seats[number][0]].pop(0)) for number in self.empty)

    def after(self, filled: Sequence[Filled]) -> tuple[Seat, ...]:
        """Return the seats once the empty ones are taken."""
        taken = {number: (quota, position) for number, quota, position in filled}
        return tuple(taken.get(number, seat) for number, seat in enumerate(self.seats))


def next_in_order(
    lottery: Lottery, bench: Bench, alternates: Sequence[Seat], used: frozenset[int], unit_of: UnitOf
) -> tuple[tuple[Filled, ...], frozenset[int]]:
    """Take for each empty seat the first unused alternate of its quota who fits the members.

    Args:
        lottery: the committed lottery, for its unit rule and edges.
        bench: the panel with its empty seats.
        alternates: (quota, position) in order.
        used: alternates that were taken or passed over before.
        unit_of: unit tag by position.

    Returns:
        (seat, quota, position) ascending by seat; the alternates used now and before.

    Raises:
        NoContinuationError: a quota has no alternate left who fits.

    Source: XD-1 section 9; domain DR-12
    """
    members = [position for _, position in bench.standing().sitting]
    filled, gone = [], set(used)
    for number in bench.empty:
        quota = bench.seats[number][0]
        position = _first_fitting(lottery, members, [p for q, p in alternates if q == quota], gone, unit_of)
        if position is None:
            raise NoContinuationError(members=len(members), left=len(bench.gone))
        members.append(position)
        filled.append((number, quota, position))
    return tuple(filled), frozenset(gone)


def fits(lottery: Lottery, members: Sequence[int], position: int, unit_of: UnitOf) -> bool:
    """Tell whether a person may sit with the members.

    Source: domain C13, C14
    """
    pairs = {(min(position, other), max(position, other)) for other in members}
    if position in members or not pairs.isdisjoint(lottery.edges):
        return False
    return UnitCount(lottery.unit_max, unit_of, members).take(position)


def _first_fitting(
    lottery: Lottery, members: list[int], order: list[int], gone: set[int], unit_of: UnitOf
) -> int | None:
    for position in order:
        if position not in gone:
            gone.add(position)
            if fits(lottery, members, position, unit_of):
                return position
    return None

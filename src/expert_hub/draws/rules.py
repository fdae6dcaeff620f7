"""States of a draw and of its seats."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec


class DrawState(StrEnum):
    """Where a draw stands; what comes next is the only thing that can."""

    REQUESTED = "requested"
    DRAWING = "drawing"
    INVITING = "inviting"
    VACANT = "vacant"
    READY = "ready"
    SHORT = "short"
    VOID = "void"


NEXT_STEP = {
    DrawState.REQUESTED: "the supervisor fetches the proposal and signs it",
    DrawState.INVITING: "the invited experts answer",
    DrawState.VACANT: "the supervisor opens the replacement of the empty seats",
    DrawState.READY: "the centre opens the room; the supervisor reads the names after check-in and closes the draw",
    DrawState.SHORT: "the centre asks for a new draw, because nobody is left for an empty seat",
    DrawState.VOID: "the centre asks for a new draw",
}
NEXT_STEP_OF_ROUND = {
    "opened": "the supervisor cosigns the checkpoint before the beacon round",
    "witnessed": "the parties reveal their links",
    "contributed": "the beacon round is published, or carried in by hand",
}
OVER = (DrawState.SHORT, DrawState.VOID)
"""States after which a new attempt may be made."""

ATTESTED = ("absent", "conflict", "unwell", "misconduct", "unreachable")
VACANT_OUTCOMES = ("declined", "no_answer", "withdrawn", *ATTESTED)
"""Outcomes that leave a seat empty; the attested ones need the supervisor's signature."""


class HeldSeat(msgspec.Struct, frozen=True):
    """The newest holder of a seat."""

    seat: int
    outcome: str


def newest_holders(places: Iterable[tuple[int, int | None, str]]) -> list[HeldSeat]:
    """The newest holder of each seat, by seat, from (number of the drawing, seat, outcome)."""
    newest: dict[int, tuple[int, str]] = {}
    for number, seat, outcome in places:
        if seat is not None and number >= newest.get(seat, (-1, ""))[0]:
            newest[seat] = number, outcome
    return [HeldSeat(seat, newest[seat][1]) for seat in sorted(newest)]


def state_of_seats(seats: Sequence[HeldSeat], *, is_drawing: bool) -> DrawState:
    """Where a draw stands: ready as soon as every seat is held by somebody who accepted."""
    if seats and all(seat.outcome == "accepted" for seat in seats):
        return DrawState.READY
    if is_drawing:
        return DrawState.DRAWING
    return DrawState.VACANT if any(seat.outcome in VACANT_OUTCOMES for seat in seats) else DrawState.INVITING

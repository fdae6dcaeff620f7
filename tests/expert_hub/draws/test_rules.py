import pytest

from expert_hub.draws.rounds import RoundState
from expert_hub.draws.rules import (
    NEXT_STEP,
    NEXT_STEP_OF_ROUND,
    DrawState,
    HeldSeat,
    newest_holders,
    state_of_seats,
)


def test_the_newest_holder_of_each_seat_counts() -> None:
    places = [(0, 1, "declined"), (0, 0, "accepted"), (0, None, "drawn"), (1, 1, "withdrawn"), (2, 1, "invited")]
    assert newest_holders(places) == [HeldSeat(0, "accepted"), HeldSeat(1, "invited")]
    assert newest_holders(reversed(places)) == [HeldSeat(0, "accepted"), HeldSeat(1, "invited")]


@pytest.mark.parametrize(
    ("outcomes", "is_drawing", "state"),
    [
        (("accepted", "accepted"), False, DrawState.READY),
        (("accepted", "invited"), False, DrawState.INVITING),
        (("invited", "declined"), False, DrawState.VACANT),
        (("accepted", "absent"), False, DrawState.VACANT),
        (("accepted", "absent"), True, DrawState.DRAWING),
        ((), True, DrawState.DRAWING),
        ((), False, DrawState.INVITING),
    ],
)
def test_the_state_of_a_draw_follows_from_its_seats(
    outcomes: tuple[str, ...], is_drawing: bool, state: DrawState
) -> None:
    seats = [HeldSeat(seat, outcome) for seat, outcome in enumerate(outcomes)]
    assert state_of_seats(seats, is_drawing=is_drawing) is state


def test_every_state_says_what_comes_next() -> None:
    assert set(NEXT_STEP) == set(DrawState) - {DrawState.DRAWING}
    assert set(NEXT_STEP_OF_ROUND) == set(RoundState) - {RoundState.DRAWN}

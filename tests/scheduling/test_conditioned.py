from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.artefact import ACCEPT_SCALE, Block, Lottery, LotteryClass, Template
from scheduling.conditioned import Standing, draw_replacement
from scheduling.errors import NoContinuationError
from scheduling.order import draw_seats
from tests.scheduling.lotteries import FIGURES, Assignment, UnitOf, panels, random_lottery, sigma

TRIES = 4000


def _conditional(lottery: Lottery, standing: Standing, unit_of: UnitOf) -> dict[Assignment, Fraction]:
    sitting = frozenset(standing.sitting)
    found = {
        panel - sitting: chance
        for panel, chance in panels(lottery, unit_of).items()
        if sitting <= panel and standing.barred.isdisjoint(position for _, position in panel)
    }
    whole = sum(found.values())
    return {panel: chance / whole for panel, chance in found.items()}


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32), st.data())
def test_dr_12_a_replacement_follows_the_lottery_conditioned_on_the_members(number: int, data: st.DataObject) -> None:
    lottery, unit_of = random_lottery(number)
    seats = draw_seats(lottery, b"first", unit_of).seats
    empty = data.draw(st.sets(st.integers(0, len(seats) - 1), min_size=1, max_size=2))
    standing = Standing(
        tuple(seat for place, seat in enumerate(seats) if place not in empty),
        frozenset(seats[place][1] for place in empty),
    )
    expected = _conditional(lottery, standing, unit_of)
    if not expected:
        with pytest.raises(Exception, match="no-continuation|too-tangled"):
            draw_replacement(_patient(lottery), b"x", standing, unit_of)
        return
    seen = Counter(
        frozenset(draw_replacement(lottery, n.to_bytes(2, "big"), standing, unit_of).seats) for n in range(TRIES)
    )
    assert set(seen) <= set(expected)
    for panel, share in expected.items():
        assert abs(seen[panel] - TRIES * share) < 5 * sigma(TRIES, float(share)) + 1


def _patient(lottery: Lottery) -> Lottery:
    return Lottery(
        lottery.method, lottery.seats, lottery.unit_max, lottery.classes, lottery.templates, (), 0, FIGURES, 200
    )


def test_a_lottery_without_a_panel_for_the_members_says_so() -> None:
    lottery = Lottery(
        "plain",
        2,
        0,
        (LotteryClass((0,), (Block(1, 1, 0),)), LotteryClass((0,), (Block(1, 1, 0),))),
        (Template(1, ACCEPT_SCALE, ((0, 0, 1), (1, 0, 1))),),
        (),
        0,
        FIGURES,
    )
    with pytest.raises(NoContinuationError):
        draw_replacement(lottery, b"s", Standing(((0, 0),), frozenset({1})), str)


def test_who_left_is_never_drawn_again() -> None:
    lottery, unit_of = random_lottery(7, "plain")
    seats = draw_seats(lottery, b"first", unit_of).seats
    gone = frozenset({seats[0][1]})
    for number in range(200):
        drawn = draw_replacement(lottery, bytes([number]), Standing(tuple(seats[1:]), gone), unit_of)
        assert gone.isdisjoint(position for _, position in drawn.seats)
        assert {position for _, position in drawn.seats}.isdisjoint(position for _, position in seats[1:])

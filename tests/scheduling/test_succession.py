import pytest

from scheduling.artefact import Block, Lottery, LotteryClass, Template
from scheduling.conditioned import Standing
from scheduling.errors import NoContinuationError
from scheduling.succession import Bench, fits, next_in_order
from tests.scheduling.lotteries import FIGURES

LOTTERY = Lottery(
    "rejection",
    3,
    1,
    (LotteryClass((0, 1), (Block(8, 1, 0),)),),
    (Template(1, 1, ((0, 0, 3),)),),
    ((0, 5),),
    0,
    FIGURES,
)
UNITS = ["a", "b", "c", "b", "d", "e", "f", "g"]
BENCH = Bench(((0, 0), (0, 1), (1, 2)), (1,), frozenset({1}))


def test_who_sits_and_who_is_barred() -> None:
    assert BENCH.standing() == Standing(((0, 0), (1, 2)), frozenset({1}))


def test_empty_seats_are_filled_per_quota_in_the_order_of_drawing() -> None:
    bench = Bench(((0, 0), (1, 1), (0, 2)), (0, 1, 2), frozenset({0, 1, 2}))
    filled = bench.fill([(0, 7), (1, 6), (0, 5)])
    assert filled == ((0, 0, 7), (1, 1, 6), (2, 0, 5))
    assert bench.after(filled) == ((0, 7), (1, 6), (0, 5))


def test_dr_12_the_next_alternate_of_the_quota_who_fits_takes_the_seat() -> None:
    alternates = [(1, 6), (0, 5), (0, 3), (0, 4)]
    filled, used = next_in_order(LOTTERY, BENCH, alternates, frozenset(), UNITS.__getitem__)
    # 5 is related to 0; 3 is a colleague of nobody who still sits.
    assert filled == ((1, 0, 3),)
    assert used == {5, 3}
    again, used = next_in_order(LOTTERY, BENCH, alternates, used, UNITS.__getitem__)
    assert again == ((1, 0, 4),)
    with pytest.raises(NoContinuationError):
        next_in_order(LOTTERY, BENCH, alternates, used, UNITS.__getitem__)


def test_c13_c14_colleagues_relatives_and_members_themselves_do_not_fit() -> None:
    assert not fits(LOTTERY, [1], 3, UNITS.__getitem__)
    assert not fits(LOTTERY, [5], 0, UNITS.__getitem__)
    assert not fits(LOTTERY, [4], 4, UNITS.__getitem__)
    assert fits(LOTTERY, [1, 4], 0, UNITS.__getitem__)

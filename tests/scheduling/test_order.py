from collections import Counter
from fractions import Fraction
from itertools import permutations
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.artefact import ACCEPT_SCALE, Block, Lottery, LotteryClass, Template
from scheduling.errors import TooTangledError
from scheduling.order import UnitCount, draw_seats, in_cells, sampled
from scheduling.seed import Stream
from tests.scheduling.lotteries import FIGURES, random_lottery, sigma


def _alone(position: int) -> str:
    return f"u{position}"


@given(st.integers(1, 50), st.data(), st.binary(max_size=4))
def test_a_sample_is_the_beginning_of_a_shuffle(size: int, data: st.DataObject, seed: bytes) -> None:
    count = data.draw(st.integers(0, size))
    people, stream = list(range(size)), Stream(seed)
    for place in range(count):
        other = place + stream.below(size - place)
        people[place], people[other] = people[other], people[place]
    assert sampled(Stream(seed), size, count) == people[:count]


def test_all_ordered_samples_are_equally_likely() -> None:
    counts = Counter(tuple(sampled(Stream(bytes([a, b])), 4, 2)) for a in range(100) for b in range(120))
    assert set(counts) == set(permutations(range(4), 2))
    assert all(abs(count - 1000) < 4 * sigma(12_000, 1 / 12) for count in counts.values())


def test_members_fill_the_cells_of_their_class_in_order() -> None:
    template = Template(1, 1, ((0, 0, 2), (0, 2, 1), (1, 1, 1)))
    assert in_cells(template, {0: [5, 3, 4], 1: [9]}) == [(0, 5), (0, 3), (2, 4), (1, 9)]


def test_c14_a_unit_has_at_most_its_members() -> None:
    count = UnitCount(2, lambda position: "abab"[position])
    assert [count.take(position) for position in (0, 1, 2)] == [True, True, True]
    assert not UnitCount(1, lambda _: "a", [0]).take(1)
    assert UnitCount(0, _alone).take(0)


@settings(deadline=None)
@given(st.integers(0, 2**32), st.binary(max_size=4))
def test_a_panel_keeps_quotas_and_units_and_is_the_same_again(number: int, seed: bytes) -> None:
    lottery, unit_of = random_lottery(number)
    drawn = draw_seats(lottery, seed, unit_of)
    positions = [position for _, position in drawn.seats]
    assert len(set(positions)) == lottery.seats == len(positions)
    counts = Counter(quota for quota, _ in drawn.seats)
    assert counts == Counter(
        {quota: sum(x for _, q, x in lottery.templates[0].cells if q == quota) for quota in counts}
    )
    if lottery.unit_max:
        assert max(Counter(unit_of(position) for position in positions).values()) <= lottery.unit_max
    assert set(positions) <= drawn.touched
    assert draw_seats(lottery, seed, unit_of) == drawn


def test_rejection_draws_members_in_proportion_to_the_product_of_weights() -> None:
    lottery = Lottery(
        "rejection",
        2,
        1,
        (LotteryClass((0,), (Block(2, 1, 0), Block(2, 3, 0))),),
        (Template(1, 1, ((0, 0, 2),)),),
        (),
        0,
        FIGURES,
    )
    units = ["a", "b", "a", "c"]
    weights = [1, 1, 3, 3]
    pairs = {(a, b): weights[a] * weights[b] for a, b in permutations(range(4), 2) if units[a] != units[b]}
    drawn = Counter(
        tuple(position for _, position in draw_seats(lottery, bytes([a, b]), units.__getitem__).seats)
        for a in range(100)
        for b in range(100)
    )
    assert set(drawn) == set(pairs)
    for pair, weight in pairs.items():
        share = weight / sum(pairs.values())
        assert abs(drawn[pair] - 10_000 * share) < 4.5 * sigma(10_000, share)


def test_a_lottery_that_accepts_nothing_gives_up() -> None:
    lottery = Lottery(
        "rejection",
        2,
        1,
        (LotteryClass((0,), (Block(2, 1, 0),)),),
        (Template(1, 1, ((0, 0, 2),)),),
        (),
        0,
        FIGURES,
        max_tries=50,
    )
    with pytest.raises(TooTangledError):
        draw_seats(lottery, b"x", lambda _: "same")


def test_alternates_are_drawn_per_quota_and_nobody_twice() -> None:
    lottery = Lottery(
        "plain",
        2,
        0,
        (LotteryClass((0,), (Block(3, 1, 0),)), LotteryClass((0, 1), (Block(4, 1, 0),))),
        (Template(1, ACCEPT_SCALE, ((0, 0, 1), (1, 1, 1))),),
        (),
        0,
        FIGURES,
    )
    seen: Counter[tuple[int, int]] = Counter()
    for number in range(2000):
        drawn = draw_seats(lottery, number.to_bytes(2, "big"), _alone, [2, 1])
        everybody = [position for _, position in (*drawn.seats, *drawn.alternates)]
        assert len(set(everybody)) == 5
        assert [quota for quota, _ in drawn.alternates] == [0, 0, 1]
        assert drawn.alternates[2][1] >= 3
        seen[drawn.alternates[0]] += 1
    # The first alternate of quota 0 is any of the five who are not on the panel.
    expected = {position: Fraction(2, 3) / 5 if position < 3 else Fraction(3, 4) / 5 for position in range(7)}
    assert isclose(sum(expected.values()), 1)
    for position, share in expected.items():
        assert abs(seen[0, position] - 2000 * share) < 4.5 * sigma(2000, float(share))


def test_a_quota_without_people_gets_as_many_alternates_as_there_are() -> None:
    lottery = Lottery(
        "plain",
        1,
        0,
        (LotteryClass((0,), (Block(2, 1, 0),)),),
        (Template(1, ACCEPT_SCALE, ((0, 0, 1),)),),
        (),
        0,
        FIGURES,
    )
    assert len(draw_seats(lottery, b"s", _alone, [5]).alternates) == 1

from dataclasses import replace

import pytest

from scheduling.artefact import Lottery, LotteryClass, Policy, Template, uniform_lottery
from scheduling.order import Drawer, Rules, draw_order
from scheduling.seats import seat_plan
from scheduling.seed import Stream, h

UNITS = ("a", "a", "b", "", "")
FREE = Policy(0, (), "all", permute=False)


def lottery(policy: Policy = FREE) -> Lottery:
    return uniform_lottery([[0, 1, 2], [2, 3, 4]], seat_plan([1, 1], 0, [3, 3]), policy, UNITS)


def test_c14_c13_and_one_person_once() -> None:
    rules = Rules(Policy(1, ((2, 3),), "all", permute=False), UNITS)
    assert not rules.can_join(0, [0])
    assert not rules.can_join(1, [0])
    assert not rules.can_join(3, [0, 2])
    assert not rules.can_join(2, [3])
    assert rules.can_join(4, [3, 0])
    assert Rules(Policy(2, (), "all", permute=False), UNITS).can_join(1, [0])
    assert Rules(FREE, UNITS).can_join(1, [0])


def test_same_seed_same_persons_and_tries() -> None:
    assert draw_order(lottery(), b"x" * 32) == draw_order(lottery(), b"x" * 32)


def test_words_are_taken_as_the_protocol_says() -> None:
    stream = Stream(b"seed")
    stream.word()  # the template
    expected = (lottery().classes[0].members[stream.below(3)], lottery().classes[1].members[stream.below(3)])
    drawn = draw_order(lottery(), b"seed")
    assert drawn is not None
    if expected[0] != expected[1]:
        assert (drawn.persons, drawn.tries) == (expected, 1)


def test_limit_of_tries_ends_the_draw() -> None:
    impossible = replace(lottery(), classes=(LotteryClass((2,)), LotteryClass((2,))))
    assert draw_order(impossible, b"seed", 50) is None
    assert draw_order(replace(impossible, policy=replace(FREE, max_tries=3)), b"seed", 50) is None


@pytest.mark.parametrize("redraw", ["all", "members"])
def test_template_is_kept_or_drawn_again_after_a_rejection(redraw: str) -> None:
    policy = Policy(0, (), "all" if redraw == "all" else "members", permute=False)
    seats = seat_plan([1, 1], 0, [1, 1])
    both = (Template(1, (0, 0)), Template(1, (0, 1)))
    clash = Lottery("uniform", seats, (LotteryClass((0,)), LotteryClass((2,))), both, policy, UNITS)
    results = [draw_order(clash, h("t", bytes([number])), 200) for number in range(40)]
    # The first template can never be filled: only a new template helps.
    assert (None in results) == (redraw == "members")


def test_member_weights_are_followed() -> None:
    weighted = replace(lottery(), classes=(LotteryClass((0, 1), (1, 3)), LotteryClass((3,))))
    drawer, stream = Drawer(weighted), Stream(b"weights")
    drawn = [drawer.draw(stream, 10) for _ in range(8000)]
    zeros = sum(item is not None and item.persons[0] == 0 for item in drawn)
    assert abs(zeros - 2000) < 4 * (8000 * 3 / 16) ** 0.5


def test_permutation_shuffles_within_a_quota_only() -> None:
    seats = seat_plan([2, 1], 0, [2, 9])
    classes = (LotteryClass((0,)), LotteryClass((2,)), LotteryClass((3,)))
    fixed = Lottery("portfolio", seats, classes, (Template(1, (0, 1, 2)),), replace(FREE, permute=True), UNITS)
    drawer, stream = Drawer(fixed), Stream(b"shuffle")
    drawn = [drawer.draw(stream, 10) for _ in range(2000)]
    persons = [item.persons for item in drawn if item is not None]
    assert set(persons) == {(0, 2, 3), (2, 0, 3)}
    assert abs(persons.count((0, 2, 3)) - 1000) < 4 * 500**0.5

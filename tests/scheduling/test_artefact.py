from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scheduling.artefact import (
    Lottery,
    LotteryClass,
    Policy,
    Template,
    inclusion_document,
    lottery_document,
    lottery_from_document,
    relabel,
    uniform_lottery,
)
from scheduling.canonical import decode, encode
from scheduling.portfolio import portfolio_lottery
from scheduling.seats import Seat, seat_plan

POLICY = Policy(1, ((0, 2),), "all", permute=False)
UNITS = ("a", "b", "c", "d")


def small() -> Lottery:
    return uniform_lottery([[0, 1, 2], [2, 3]], seat_plan([1, 1], 0, [3, 2]), POLICY, UNITS)


def test_document_comes_back_as_the_same_lottery() -> None:
    weighted = replace(small(), classes=(LotteryClass((0, 1), (3, 5)), LotteryClass((2, 3))))
    for lottery in (small(), weighted):
        document = decode(encode(lottery_document(lottery)))
        assert isinstance(document, dict)
        assert lottery_from_document(document, UNITS) == lottery


def test_dr_21_uniform_lottery_claims_no_inclusion_probability() -> None:
    assert inclusion_document(small()) is None
    assert small().candidates == 4


def test_dr_21_portfolio_states_the_exact_chance_of_a_panel_seat() -> None:
    seats = (Seat(0, 0, is_alternate=False), Seat(0, 0, is_alternate=True))
    lottery = portfolio_lottery([(0, 1), (0, 2)], seats, replace(POLICY, permute=True), UNITS)
    # Person 0 is in both panels and on the seat half of the time; 1 and 2 are in one panel each.
    assert inclusion_document(lottery) == {"denominator": 4, "numerators": [2, 1, 1]}


@given(st.permutations(range(4)))
def test_numbering_anew_keeps_the_lottery(order: list[int]) -> None:
    moved = relabel(small(), order, tuple(UNITS[order.index(place)] for place in range(4)))
    seat_members = [set(moved.classes[number].members) for number in moved.templates[0].classes]
    assert seat_members == [{order[2], order[3]}, {order[0], order[1], order[2]}]
    assert moved.policy.edges == ((min(order[0], order[2]), max(order[0], order[2])),)
    assert moved.classes == tuple(sorted(moved.classes, key=lambda group: group.members))


def test_numbering_anew_moves_weights_with_their_members() -> None:
    lottery = replace(small(), classes=(LotteryClass((0, 1), (3, 5)), LotteryClass((2, 3))))
    assert relabel(lottery, [3, 2, 1, 0], UNITS).classes[1] == LotteryClass((2, 3), (5, 3))


def test_portfolio_has_one_written_form_whatever_the_numbering() -> None:
    seats = (Seat(0, 0, is_alternate=False), Seat(0, 1, is_alternate=False))
    policy = replace(POLICY, edges=(), permute=True)
    one = relabel(portfolio_lottery([(0, 1), (1, 3)], seats, policy, UNITS), [3, 2, 1, 0], UNITS)
    other = relabel(portfolio_lottery([(0, 2), (2, 3)], seats, policy, UNITS), [0, 1, 2, 3], UNITS)
    assert one == other
    assert one.templates == (Template(1, (0, 1)), Template(1, (1, 2)))

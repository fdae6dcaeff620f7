from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from evaluation.lots import draw_order


def test_o87_art_68_a_seed_gives_one_order_that_anyone_can_compute():
    for tied in permutations("DEF"):
        assert draw_order("00ff", tied) == draw_order("00ff", "DEF")
    assert draw_order("00ff", "DF") == ("F", "D")


@given(st.text(max_size=20), st.sets(st.text(max_size=5), max_size=6))
def test_a_draw_loses_and_adds_no_bid(seed, bid_ids):
    assert sorted(draw_order(seed, bid_ids)) == sorted(bid_ids)


def test_every_order_of_three_comes_up():
    assert {draw_order(str(number), "ABC") for number in range(200)} == set(permutations("ABC"))

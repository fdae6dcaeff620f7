import pytest
from msgspec.structs import replace

from evaluation.decisions.rejecting import ground_for, reject
from evaluation.findings import Rejection
from evaluation.stages import Stage


@pytest.mark.parametrize(
    ("grounds", "low_price", "repair"),
    [(("R1", "R5", "R6"), "R5", "R6"), (("P1", "P6"), "P6", "P6"), (("X",), "low_price", "price_repair")],
)
def test_the_ground_is_the_one_of_the_kind_of_tender(rules, grounds, low_price, repair):
    rules = replace(rules, prelim_grounds=grounds)
    assert (ground_for(rules, "low_price"), ground_for(rules, "price_repair")) == (low_price, repair)


def test_a_rejection_says_who_is_left(play):
    play.go(Stage.DETAILED)
    event = reject(play.room.state, Rejection("B", "low_price", 4, 5, (("P6", "1"),)))
    assert (event.valid, event.bidders_counted) == (("A", "C"), 2)

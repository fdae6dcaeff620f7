from msgspec.structs import replace

from evaluation.blind import blind_criteria, blind_order, places_of
from evaluation.stages import Stage


def test_er_23_every_tenure_has_its_own_order_and_keeps_it():
    orders = {blind_order("seed", f"T{number}", ["A", "B", "C", "D"]) for number in range(60)}
    assert len(orders) > 15
    assert blind_order("seed", "T1", ["A", "B"]) == blind_order("seed", "T1", ["B", "A"])


def test_er_23_bids_are_hidden_until_all_have_submitted(new_play, setup):
    criteria = tuple(replace(item, blind=item.criterion_id == "T") for item in setup.criteria)
    play = new_play(criteria=criteria, blind_seed="seed").go(Stage.DETAILED)
    state = play.room.state
    assert blind_criteria(state) == {"T"}
    assert sorted(places_of(state, "S1").values()) == ["A", "B", "C"]
    assert list(places_of(state, "S1")) == [1, 2, 3]


def test_the_place_of_a_rejected_bid_stays_empty(new_play, setup):
    play = new_play(rules={"prelim_min_valid": 2}, blind_seed="seed").go(Stage.DETAILED)
    whole = places_of(play.room.state, "S2")
    out = next(place for place, bid_id in whole.items() if bid_id == "B")
    play.room.state.preliminary = replace(play.room.state.preliminary, valid=("A", "C"))
    assert places_of(play.room.state, "S2") == {place: bid for place, bid in whole.items() if place != out}

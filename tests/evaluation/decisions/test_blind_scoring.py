import pytest
from msgspec.structs import replace

from evaluation import commands as cmd
from evaluation.blind import places_of
from evaluation.commands_blind import EnterBlindScore
from evaluation.decisions.blind_scoring import require_seen
from evaluation.decisions.situation import Situation
from evaluation.errors import UnknownBid, UnknownCriterion
from evaluation.events import ScoreEntered
from evaluation.protocol import Actor
from evaluation.refusals_states import BlindByPlace
from evaluation.stages import Stage

S2 = Actor("member", seat_id="S2")


@pytest.fixture
def blind_play(new_play, setup):
    criteria = tuple(replace(item, blind=item.criterion_id == "T") for item in setup.criteria)
    return new_play(criteria=criteria, blind_seed="seed").go(Stage.DETAILED)


def test_er_23_a_blind_criterion_is_scored_by_place_and_recorded_by_bid(blind_play):
    with pytest.raises(BlindByPlace):
        blind_play.do(cmd.EnterScore("A", "T", "40"), S2)
    bid_id = places_of(blind_play.room.state, "S2")[2]
    assert blind_play.do(EnterBlindScore(2, "T", "40"), S2) == [ScoreEntered("S2", bid_id, "T", "40")]
    with pytest.raises(UnknownBid):
        blind_play.do(EnterBlindScore(4, "T", "40"), S2)
    with pytest.raises(UnknownCriterion):
        blind_play.do(EnterBlindScore(1, "B", "10"), S2)
    blind_play.do(cmd.EnterScore("A", "B", "10"), S2)


def test_once_all_have_submitted_nothing_is_hidden(blind_play):
    for seat in blind_play.setup.seats:
        actor = Actor("member", seat_id=seat.seat_id)
        for place in (1, 2, 3):
            blind_play.do(EnterBlindScore(place, "T", "40"), actor)
        for bid_id in "ABC":
            blind_play.do(cmd.EnterScore(bid_id, "B", "17"), actor)
        blind_play.do(cmd.SubmitSheet(), actor)
    assert blind_play.room.stage is Stage.CONSISTENCY_CHECK
    require_seen(Situation(blind_play.room.state, S2, blind_play.at), "T")
    blind_play.go(Stage.ARCHIVED)

from msgspec.structs import replace

from evaluation.commands_blind import EnterBlindScore
from evaluation.protocol import Actor, Viewer
from evaluation.stages import Stage
from evaluation.visibility import view


def test_er_23_the_own_sheet_and_the_places_say_nothing_of_the_bids_behind_them(new_play, setup):
    criteria = tuple(replace(item, blind=item.criterion_id == "T") for item in setup.criteria)
    play = new_play(criteria=criteria, blind_seed="seed").go(Stage.DETAILED)
    for place in (1, 2, 3):
        play.do(EnterBlindScore(place, "T", f"4{place}"), Actor("member", seat_id="S2"))
    seen = view(play.room, Viewer("member", "S2"))
    assert seen["places"] == {"criteria": ["T"], "places": [1, 2, 3]}
    assert seen["my_sheet"]["scores"] == [{"place": n, "criterion_id": "T", "value": f"4{n}"} for n in (1, 2, 3)]
    assert "places" not in view(play.room, Viewer("supervisor"))
    assert "seed" not in str([view(play.room, Viewer(role)) for role in ("supervisor", "auditor")])

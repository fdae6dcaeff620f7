import pytest

from evaluation import commands as cmd
from evaluation.decisions import progression
from evaluation.decisions.progression import next_events
from evaluation.errors import TotalsDisagree
from evaluation.protocol import Actor
from evaluation.stages import OPEN, Stage

WAITING = [
    stage
    for stage in (*OPEN, Stage.CLOSED, Stage.ARCHIVED)
    if stage not in (Stage.PERSONAL_SUBMITTED, Stage.AGGREGATION)
]


@pytest.mark.parametrize("stage", WAITING)
def test_a_room_that_waits_for_a_person_does_nothing_by_itself(play, stage):
    play.go(stage)
    assert next_events(play.room.state, play.at) == []


def test_two_totals_that_differ_keep_the_room_where_it_is(play, monkeypatch):
    def disagree(_):
        raise TotalsDisagree()

    play.go(Stage.CONSISTENCY_CHECK)
    for seat_id in ("S1", "S2", "S3", "S4"):
        play.do(cmd.ConfirmConsistency(), Actor("member", seat_id=seat_id))
    monkeypatch.setattr(progression, "compute_outcome", disagree)
    version = play.room.version
    with pytest.raises(TotalsDisagree):
        play.do(cmd.ConfirmConsistency(), Actor("member", seat_id="S5"))
    assert (play.room.stage, play.room.version) == (Stage.CONSISTENCY_CHECK, version)

import pytest

from evaluation.errors import RecordOutOfOrder
from evaluation.events import LeaderElected, RoomOpened, SheetSubmitted, StageChanged
from evaluation.fold import begin, fold
from evaluation.stages import Stage


def test_a_room_begins_with_its_description_and_nothing_else(setup, play):
    state = begin(RoomOpened(setup), play.at)
    assert (state.stage, state.stages) == (Stage.CREATED, ((Stage.CREATED, play.at),))
    assert list(state.seats) == ["S1", "S2", "S3", "S4", "S5"]
    with pytest.raises(RecordOutOfOrder):
        begin(SheetSubmitted("S1"), play.at)
    with pytest.raises(RecordOutOfOrder):
        fold(state, RoomOpened(setup), play.at)


def test_the_history_of_stages_keeps_the_instants_of_the_records(play):
    play.go(Stage.BRIEFING)
    recorded = [(record.event.target, record.at) for record in play.records if isinstance(record.event, StageChanged)]
    assert play.room.state.stages[1:] == tuple(recorded)


def test_o12_art_9_after_the_count_the_state_forgets_who_voted_for_whom(play):
    play.go(Stage.BRIEFING)
    assert play.room.state.ballots == {}
    assert [record for record in play.records if isinstance(record.event, LeaderElected)]


def test_what_the_events_say_is_taken_and_not_computed_again(play):
    play.go(Stage.CANDIDATES)
    totals = next(record.event for record in play.records if record.event.__struct_config__.tag == "totals_computed")
    assert play.room.state.totals is totals

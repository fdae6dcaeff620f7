from evaluation.decisions.motions import open_motion
from evaluation.events_review import MotionOpened
from evaluation.fold import fold


def test_motions_are_numbered_in_their_order(play):
    state = play.room.state.copy()
    first = open_motion(state, "correction", "X1", "A", "a slip")
    assert first == MotionOpened("M1", "correction", "X1", "A", "a slip")
    fold(state, first, play.at)
    assert open_motion(state, "correction", "X2", "A", "a slip").motion_id == "M2"

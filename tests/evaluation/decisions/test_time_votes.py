import pytest

from evaluation import commands_states as course
from evaluation.decisions.time_votes import must_extend
from evaluation.protocol import Actor
from evaluation.refusals_states import ExtensionDueAlready, ExtensionNotDue
from evaluation.stages import Stage

ENTITY = Actor("procuring_entity")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


@pytest.mark.parametrize(("seats", "needed"), [(3, 2), (5, 2), (7, 3), (9, 4)])
def test_tbr_art_48_strictly_more_than_a_third(seats, needed):
    assert [must_extend(votes, seats, "1/3") for votes in (needed - 1, needed)] == [False, True]


def test_tbr_art_48_the_extension_is_owed_until_it_is_given(play):
    play.go(Stage.DETAILED)
    with pytest.raises(ExtensionNotDue):
        play.do(course.ExtendTime(60), ENTITY)
    play.do(course.VoteTimeShort(True), member("S2"))
    play.do(course.VoteTimeShort(False), member("S2"))
    play.do(course.VoteTimeShort(True), member("S3"))
    events = play.do(course.VoteTimeShort(True), member("S4"))
    assert (events[1].votes, events[1].seats) == (2, 5)
    with pytest.raises(ExtensionDueAlready):
        play.do(course.VoteTimeShort(True), member("S5"))
    play.do(course.ExtendTime(60, "two more hours of daylight"), ENTITY)
    state = play.room.state.course
    assert (state.extension_due, state.time_votes, state.extensions[0].minutes) == (False, {}, 60)
    play.do(course.VoteTimeShort(True), member("S5"))

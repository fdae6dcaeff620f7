from benchmarks.evaluation_story import make_setup, play
from evaluation.room import Room


def test_the_story_reaches_its_end_and_replays():
    room, records = play(make_setup(seats=5, bids=3, criteria=4))
    assert room.stage == "archived"
    assert [record.seq for record in records] == list(range(1, len(records) + 1))
    assert Room.replay(records).digest == room.digest


def test_the_marks_sum_to_one_hundred():
    setup = make_setup(seats=5, bids=3, criteria=9)
    assert sum(int(criterion.full) for criterion in setup.criteria) == 100

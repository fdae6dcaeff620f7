from benchmarks.room_seeding import Seeded, SeededSeat
from benchmarks.room_stage import Stage


def test_observers_are_spread_over_the_rooms_behind_the_seats():
    seats = tuple(SeededSeat(room, f"s{n}", f"{room}{n}") for room in ("r", "q") for n in (1, 2))
    stage = Stage(None, Seeded(("r", "q"), seats, ("o0", "o1", "o2", "o3"), "h", ()))
    assert [(token, group) for _, token, group in stage.with_observers(2)] == [
        *(("r1", "r"), ("r2", "r"), ("o0", "r"), ("o1", "r")),
        *(("q1", "q"), ("q2", "q"), ("o2", "q"), ("o3", "q")),
    ]
    assert [place[1] for place in stage.places()] == ["r1", "r2", "q1", "q2"]
    assert stage.places()[0][0] == "/api/v1/rooms/r/socket"

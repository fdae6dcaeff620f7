"""The room: the kernel on whole evaluations, then a served hub under a thousand sockets and more."""

from hashlib import sha256

from benchmarks.evaluation_story import make_setup, play
from benchmarks.measure import Bench, exactly, timed
from benchmarks.room_figures import FULL, QUICK, acknowledgements, fan_out, growth, idle
from evaluation.protocol import encode_record
from evaluation.room import Room
from evaluation.visibility import Viewer, view

SIZES = ((5, 3, 8), (7, 10, 20), (13, 30, 40))


def run(bench: Bench) -> None:
    """Measure small, usual and very large evaluations (seats, bids, subjective criteria), then what is served."""
    for seats, bids, criteria in SIZES[:2] if bench.quick else SIZES:
        measure(bench, seats, bids, criteria)
    sizes = QUICK if bench.quick else FULL
    acknowledgements(bench, "sqlite", 1, 50, sizes)
    acknowledgements(bench, "postgresql", 2, 100, sizes)
    fan_out(bench, sizes)
    if not bench.quick:
        idle(bench, sizes)
        growth(bench, sizes)


def measure(bench: Bench, seats: int, bids: int, criteria: int) -> None:
    """Report one size."""
    case, setup = f"{seats} seats {bids} bids {criteria} criteria", make_setup(seats, bids, criteria)
    repeats = 1 if bench.quick else 3
    played, (room, records) = timed(lambda: play(setup))
    count = len(records)
    bench.report(case, "events", count, "events")
    bench.report(case, "decide and apply", count / played, "events/s")
    folded, again = timed(lambda: Room.replay(records), repeats)
    bench.report(case, "replay", count / folded, "events/s")
    hashed, _ = timed(lambda: [sha256(encode_record(record)).digest() for record in records], repeats)
    bench.report(case, "replay against encoding and hashing alone", folded / hashed, "ratio")
    bench.report(case, "same digest after replay", float(again.digest == room.digest), "bool", exactly(1))
    shown, _ = timed(lambda: view(room, Viewer("member", seat_id="s1")), repeats)
    bench.report(case, "view of a member", shown * 1000, "ms")

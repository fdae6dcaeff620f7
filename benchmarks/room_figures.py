"""What a served room is measured by: durable acknowledgements, fan-out, idle sockets, catching up, growth.

Server and load are processes of their own and share the machine, so every figure holds both. A score is acknowledged
after COMMIT; on SQLite that is a real `synchronous=FULL` write.
"""

from dataclasses import dataclass
from typing import Any

from benchmarks.measure import Bench, at_least, at_most
from benchmarks.room_server import NoPostgresql, bare_served
from benchmarks.room_stage import Load, Stage, load_on, settled_memory_mib, stage

RATE = 5_000
IDLE_MIB, IDLE_SOCKETS = 400, 10_000
CATCH_UP_S = 15
"""One heartbeat: nobody is shown as away because the server was started again."""


@dataclass(frozen=True)
class Sizes:
    """How large and how long; the goals hold for `FULL` and are looked at on the way in `QUICK`."""

    rooms: int = 143
    closed_s: float = 8
    open_s: float = 15
    rounds_s: float = 6
    drain_s: float = 20
    crowds: int = 4
    crowd_observers: int = 243
    idle_rooms: int = 1_429
    growth: tuple[int, ...] = (10, 100, 1_000)


FULL = Sizes()
QUICK = Sizes(closed_s=2, open_s=3, rounds_s=2, drain_s=3, idle_rooms=0, growth=())


def acknowledgements(bench: Bench, engine: str, workers: int, p99_ms: float, sizes: Sizes) -> None:
    """Durable scores on one engine; on SQLite memory a socket and catching up besides, with the same crowd."""
    try:
        with stage(engine, sizes.rooms, workers=workers) as found:
            before = settled_memory_mib(found.served)
            with load_on(found.served, found.places(), found.seeded) as load:
                case = f"{len(found.seeded.seats)} sockets, {engine}, {workers} worker{'s' if workers > 1 else ''}"
                _note_failures(bench, case, load.ask("connect"))
                if engine == "sqlite":
                    _memory(bench, case, before, settled_memory_mib(found.served), len(found.seeded.seats))
                _durable(bench, case, found, load, (p99_ms, sizes))
                if engine == "sqlite":
                    _catch_up(bench, case, load, sizes)
    except NoPostgresql as error:
        bench.note(f"PostgreSQL does not answer, not measured on it: {error}")


def _durable(bench: Bench, case: str, found: Stage, load: Load, bounds: tuple[float, Sizes]) -> None:
    p99_ms, sizes = bounds
    used = found.served.cpu_s()
    most = load.ask("closed", seconds=sizes.closed_s, drain_s=sizes.drain_s)
    used = found.served.cpu_s() - used
    bench.report(case, "durable acks, every member waits for its own", most["per_s"], "acks/s", at_least(RATE))
    limit = at_most(1000 / RATE) if engine_of(case) == "sqlite" else None
    bench.report(case, "processor time of the server", 1000 * used / max(1, most["acks"]), "ms/ack", limit)
    due = load.ask("open", seconds=sizes.open_s, rate=RATE, drain_s=sizes.drain_s)
    bench.report(case, f"acks at {RATE} scores/s due", due["per_s"], "acks/s", at_least(0.99 * RATE))
    bench.report(case, f"p50 at {RATE} scores/s due", due["p50"], "ms")
    bench.report(case, f"p99 at {RATE} scores/s due", due["p99"], "ms", at_most(p99_ms))
    if not bench.quick:
        rate = max(1, round(most["per_s"] / 2))
        half = load.ask("open", seconds=sizes.open_s, rate=rate, drain_s=sizes.drain_s)
        bench.report(case, "p50 at half of what it can", half["p50"], "ms")
        bench.report(case, "p99 at half of what it can", half["p99"], "ms", at_most(p99_ms))
    for one in (most, due):
        if one["refused"] or one["unanswered"]:
            bench.note(f"{case}: refused {one['refused']}, unanswered {one['unanswered']}")


def engine_of(case: str) -> str:
    """The engine that a case names."""
    return case.split(", ")[1]


def _memory(bench: Bench, case: str, before: float, after: float, sockets: int) -> None:
    bench.report(case, "memory before the first socket", before, "MiB")
    allowed = (IDLE_MIB - before) * 1024 / IDLE_SOCKETS
    bench.report(case, "memory of an idle socket", 1024 * (after - before) / sockets, "KiB", at_most(round(allowed, 1)))


def _catch_up(bench: Bench, case: str, load: Load, sizes: Sizes) -> None:
    """Everybody is cut off, one member of each room works on, then all come back at once with the version they had."""
    load.ask("drop")
    load.ask("connect", step=7)
    load.ask("closed", step=7, seconds=1, drain_s=sizes.drain_s)
    load.ask("drop", step=7)
    back = load.ask("connect", at_once=1_000)
    _note_failures(bench, case, back)
    bench.report(case, "all of them back and up to date", back["seconds"], "s", at_most(CATCH_UP_S))
    bench.report(case, "octets a returning socket receives", back["octets"] / max(1, back["opened"]), "B")


def fan_out(bench: Bench, sizes: Sizes) -> None:
    """The room against a bare application: same sockets, same octets, same server settings, each room in lock-step.

    A room sends its next score when every socket has heard of the one before, so no version is skipped; several rooms
    at a time keep the server busy while one waits for its COMMIT.
    """
    for rooms, observers, goal in ((sizes.crowds, sizes.crowd_observers, 0.9), (sizes.rooms, 0, None)):
        with stage("sqlite", rooms, observers=rooms * observers) as found:
            places = found.with_observers(observers) if observers else found.places()
            case = f"{len(places)} sockets, sqlite, {rooms} rooms"
            with load_on(found.served, places, found.seeded) as load:
                _note_failures(bench, case, load.ask("connect"))
                ours = load.ask("rounds", seconds=sizes.rounds_s, drain_s=sizes.drain_s)
        with bare_served(ours["size"]) as bare, load_on(bare, places) as load:
            load.ask("connect")
            least = load.ask("rounds", seconds=sizes.rounds_s, drain_s=sizes.drain_s)
        bench.report(case, "deliveries of the room", ours["per_s"], "deliveries/s")
        bench.report(case, f"deliveries of a bare application, {ours['size']} octets", least["per_s"], "deliveries/s")
        share = ours["per_s"] / max(1.0, least["per_s"])
        bench.report(case, "room against bare application", share, "ratio", at_least(goal) if goal else None)
        if bench.quick:
            break


def idle(bench: Bench, sizes: Sizes) -> None:
    """Ten thousand sockets that have seen their room and say nothing."""
    with stage("sqlite", sizes.idle_rooms) as found:
        places = found.places()[:IDLE_SOCKETS]
        before = settled_memory_mib(found.served)
        with load_on(found.served, places, found.seeded) as load:
            opened = load.ask("connect", limit_s=120)
            case = f"{opened['opened']} idle sockets, sqlite, {sizes.idle_rooms} rooms"
            _note_failures(bench, case, opened)
            after = settled_memory_mib(found.served)
    bench.report(case, "memory before the first socket", before, "MiB")
    bench.report(case, "memory", after, "MiB", at_most(IDLE_MIB))
    bench.report(case, "memory of one", 1024 * (after - before) / max(1, opened["opened"]), "KiB")
    bench.report(case, "sockets opened", opened["opened"] / opened["seconds"], "sockets/s")
    if opened["opened"] < IDLE_SOCKETS:
        bench.note(f"only {opened['opened']} sockets could be opened: the memory is not that of {IDLE_SOCKETS}")


def growth(bench: Bench, sizes: Sizes) -> None:
    """The same seventy members score while more and more rooms are open around them."""
    rates: list[float] = []
    for rooms in sizes.growth:
        with stage("sqlite", rooms) as found, load_on(found.served, found.places(), found.seeded) as load:
            case = f"{len(found.seeded.seats)} sockets, sqlite, {rooms} rooms"
            _note_failures(bench, case, load.ask("connect", limit_s=120))
            step = max(1, len(found.seeded.seats) // 70)
            most = load.ask("closed", seconds=sizes.closed_s, drain_s=sizes.drain_s, step=step)
            bench.report(case, "durable acks of 70 members", most["per_s"], "acks/s")
            bench.report(case, "memory", settled_memory_mib(found.served), "MiB")
            rates.append(most["per_s"])
    if rates:
        case = f"{sizes.growth[-1]} rooms against {sizes.growth[0]}"
        bench.report(case, "durable acks of 70 members", rates[-1] / max(1.0, rates[0]), "ratio", at_least(0.8))


def _note_failures(bench: Bench, case: str, answer: dict[str, Any]) -> None:
    if answer["failed"]:
        bench.note(f"{case}: not opened {answer['failed']}")

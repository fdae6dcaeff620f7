"""A server with rooms, and a crowd of sockets in front of it: what every measurement of a served room begins with."""

import asyncio
import json
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.room_seeding import Seeded, seed_rooms
from benchmarks.room_server import Served, hub_on, migrated
from expert_hub.foundation.db import Database

_ANSWER_S = 180.0
Place = tuple[str, str, str]
"""Path, token, group."""


class Load:
    """A load process; `ask` gives it one order and waits for what came of it."""

    def __init__(self, served: Served, places: Sequence[Place], seeded: Seeded | None, run: str) -> None:
        told = {
            "host": "127.0.0.1",
            "port": served.port,
            "run": run,
            "places": places,
            "items": seeded.items if seeded else [("b", "i", "10")],
        }
        crowd = served.folder / f"crowd-{run}.json"
        crowd.write_text(json.dumps(told), encoding="utf-8")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.room_load", str(crowd)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, do: str, **order: Any) -> dict[str, Any]:
        """Have one order carried out.

        Raises:
            RuntimeError: the process ended, or did not answer in time.
        """
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"do": do, **order}) + "\n")
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], _ANSWER_S + order.get("seconds", 0))[0]:
            raise RuntimeError(f"the load does not answer to {do}")
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the load ended at {do}")
        return dict(json.loads(line))

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


@contextmanager
def load_on(served: Served, places: Sequence[Place], seeded: Seeded | None = None, run: str = "a") -> Iterator[Load]:
    """A load process, while the block runs."""
    load = Load(served, places, seeded, run)
    try:
        yield load
    finally:
        load.close()


@dataclass(frozen=True)
class Stage:
    """A running hub and what stands in its database."""

    served: Served
    seeded: Seeded

    def places(self) -> list[Place]:
        """Every seat, room by room."""
        return [(socket_path(seat.room_id), seat.token, seat.room_id) for seat in self.seeded.seats]

    def with_observers(self, each: int) -> list[Place]:
        """Every seat and `each` observers a room, room by room, a seat first."""
        found = []
        for number, room in enumerate(self.seeded.rooms):
            seats = [seat.token for seat in self.seeded.seats if seat.room_id == room]
            tokens = seats + list(self.seeded.observers[number * each : (number + 1) * each])
            found += [(socket_path(room), token, room) for token in tokens]
        return found


def socket_path(room_id: str) -> str:
    """Where the socket of a room is."""
    return f"/api/v1/rooms/{room_id}/socket"


@contextmanager
def stage(engine: str, rooms: int, *, workers: int = 1, observers: int = 0) -> Iterator[Stage]:
    """A hub that serves rooms at the stage of scoring, while the block runs."""
    with tempfile.TemporaryDirectory(prefix="expert-hub-bench-") as name:
        folder = Path(name)
        with migrated(engine, folder) as url:
            seeded = asyncio.run(_seed(url, folder, rooms, observers))
            served = hub_on(url, folder, workers)
            served.start()
            try:
                yield Stage(served, seeded)
            finally:
                served.stop()


async def _seed(url: str, folder: Path, rooms: int, observers: int) -> Seeded:
    database = Database(url)
    try:
        return await seed_rooms(database, folder / "keys", rooms, observers=observers)
    finally:
        await database.close()


def settled_memory_mib(served: Served, pause_s: float = 0.5) -> float:
    """Resident memory once it has stopped to move, after at most ten looks."""
    last = served.memory_mib()
    for _ in range(10):
        time.sleep(pause_s)
        now = served.memory_mib()
        if abs(now - last) < 0.5:
            break
        last = now
    return served.memory_mib()

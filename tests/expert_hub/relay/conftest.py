"""A hub with one room at the stage of scoring, a relay as a process of its own, and a wire between them to cut."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, text

from benchmarks.evaluation_story import HOST
from benchmarks.room_seeding import Seeded, seed_rooms
from benchmarks.room_server import Served, free_port, hub_on
from evaluation.commands import EnterScore
from evaluation.events import ScoreEntered
from evaluation.protocol import RecordedEvent
from expert_hub.foundation.chance import SeededChance, SystemChance
from expert_hub.foundation.clock import SystemClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import migrate_now
from expert_hub.rooms.relay_access import add_relay
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.settings import LinkSettings
from expert_hub.venues.tables import Venue

QUICK = LinkSettings(heartbeat_s=5, dead_after_s=60, backoff_first_s=0.01, backoff_max_s=0.2, connect_timeout_s=20)
_MAIN = "from expert_hub.cli import main; main()"


class Wire:
    """A TCP proxy that can be cut: no octet passes then, and nobody is told."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._pipes: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self.port = 0

    @contextlib.asynccontextmanager
    async def laid(self) -> AsyncIterator["Wire"]:
        server = await asyncio.start_server(self._join, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in list(self._pipes):
                task.cancel()
            await asyncio.gather(*self._pipes, return_exceptions=True)
            self._break()

    def cut(self, *, silently: bool) -> None:
        """Stop every octet: silently, as a router that drops packets, or with a reset."""
        self._open.clear()
        if not silently:
            self._break()

    def mend(self) -> None:
        """New connections pass; those from before the cut are dead."""
        self._break()
        self._open.set()

    def _break(self) -> None:
        for writer in list(self._writers):
            writer.transport.abort()
        self._writers.clear()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        if not self._open.is_set():
            writer.transport.abort()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers.add(far_writer)
        for source, sink in ((reader, far_writer), (far_reader, writer)):
            task = asyncio.create_task(self._pipe(source, sink))
            self._pipes.add(task)
            task.add_done_callback(self._pipes.discard)

    async def _pipe(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while octets := await source.read(65_536):
                await self._open.wait()
                sink.write(octets)
                await sink.drain()
        sink.transport.abort()


@dataclass
class GuestVenue:
    """Everything of one guest venue, and the hub that it speaks to."""

    hub: Served
    seeded: Seeded
    url: str
    relay_id: str
    credential: str
    folder: Path
    wire: Wire
    port: int = field(default_factory=free_port)
    relay: Process | None = None
    seats: list[SeatClient] = field(default_factory=list)

    @property
    def store(self) -> Path:
        return self.folder / "relay.db"

    async def start_relay(self, heartbeat_s: float = 0.3) -> None:
        """Start the relay, again on the same port and outbox; seats connect when it listens."""
        arguments = (
            *("relay", "--upstream", f"ws://127.0.0.1:{self.wire.port}", "--listen", f"127.0.0.1:{self.port}"),
            *("--store", str(self.store), "--heartbeat", str(heartbeat_s)),
        )
        env = {**os.environ, "EXPERT_HUB_RELAY_CREDENTIAL": self.credential}
        with (self.folder / "relay.log").open("ab") as log:
            self.relay = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _MAIN, "--lang", "en", *arguments, stdin=DEVNULL, stdout=log, stderr=log, env=env
            )

    async def kill_relay(self) -> None:
        """End it as a power cut would."""
        if self.relay is not None and self.relay.returncode is None:
            self.relay.send_signal(signal.SIGKILL)
            await self.relay.wait()

    def seat(self, number: int, *, direct: bool = False, **settings: Any) -> SeatClient:
        """The client of a seat, behind the relay or at the hub itself."""
        seat = self.seeded.seats[number]
        port = self.hub.port if direct else self.port
        return SeatClient(
            f"ws://127.0.0.1:{port}/api/v1/rooms/{seat.room_id}/socket",
            seat.token,
            settings=LinkSettings(**{**QUICK.__dict__, **settings}) if settings else QUICK,
            chance=SeededChance(f"seat {number} {os.getpid()} {len(self.seats)}"),
        )

    async def scores(self) -> dict[str, list[tuple[str, EnterScore]]]:
        """What every seat entered, in order, read from the database: command id and command."""
        database = Database(self.url)
        async with database.read() as session:
            rows = [row[0] for row in await session.execute(text("SELECT text FROM room_record ORDER BY seq"))]
        await database.close()
        found: dict[str, list[tuple[str, EnterScore]]] = {seat.seat_id: [] for seat in self.seeded.seats}
        for row in rows:
            record = msgspec.json.decode(row, type=RecordedEvent)
            if isinstance(record.event, ScoreEntered):
                event = record.event
                entered = EnterScore(event.bid_id, event.criterion_id, event.value)
                found[event.seat_id].append((record.command_id, entered))
        return found


@contextlib.asynccontextmanager
async def guest_venue(url: str, folder: Path) -> AsyncIterator[GuestVenue]:
    """A served hub with one room, the relay's credential and the wire; whatever was started is ended."""
    hub = hub_on(url, folder)
    database = Database(url)
    try:
        async with database.write() as session:
            row = Venue(id=HOST.venue_id, name="主场", city_code="440100")
            await session.execute(insert(Venue), [row.model_dump()])
        seeded = await seed_rooms(database, folder / "keys", 1)
        async with database.write() as session:
            relay, credential = await add_relay(session, SystemClock(), SystemChance(), HOST.venue_id or "")
            relay_id = relay.id
    finally:
        await database.close()
    await asyncio.to_thread(hub.start)
    try:
        async with Wire(hub.port).laid() as wire:
            venue = GuestVenue(hub, seeded, url, relay_id, credential, folder, wire)
            try:
                yield venue
            finally:
                await venue.kill_relay()
    finally:
        await asyncio.to_thread(hub.stop)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated database whatever engines the run is for."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'relayed.db'}"
    migrate_now(url)
    return url


@pytest.fixture
async def venue(sqlite_url: str, tmp_path: Path) -> AsyncIterator[GuestVenue]:
    async with guest_venue(sqlite_url, tmp_path) as made:
        yield made


@pytest.fixture
async def venue_on_each_engine(database_url: str, tmp_path: Path) -> AsyncIterator[GuestVenue]:
    async with guest_venue(database_url, tmp_path) as made:
        yield made

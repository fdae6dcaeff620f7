"""The rooms that this process serves: folded state, one lock a room, and who is waiting for news.

Every command runs in a transaction of its own that holds the row of the room, so any number of processes may serve one
room; a process that is behind first folds what the others wrote. Fan-out is only a hint that there is a new version.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.commands_states import ResumeRoom
from evaluation.protocol import Actor as Part
from evaluation.protocol import RecordedEvent, decode_command, encode_record
from evaluation.room import Room
from evaluation.visibility import Viewer, view
from expert_hub.draws.calling.inviting import Tools
from expert_hub.foundation.db import Database, is_busy
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor
from expert_hub.rooms import service, store
from expert_hub.rooms.errors import CommandIdReused, NotThisSeat
from expert_hub.rooms.hints import Hints
from expert_hub.rooms.replacement import ensure_panel_sits, give_up_declared, seat_newcomers
from expert_hub.rooms.tables import EvaluationRoom, RoomCommand

log = structlog.get_logger("expert_hub.rooms")
_LOOK_S = 1.0
_KEPT_ROOMS = 32
_record_decoder = msgspec.json.Decoder(RecordedEvent)


class Watcher:
    """One connection's doorbell: it rings when its room may have a new version. Rings add up to one."""

    def __init__(self) -> None:
        self._bell = asyncio.Event()

    def ring(self) -> None:
        """Say that there may be news."""
        self._bell.set()

    async def wait(self) -> None:
        """Wait for the next ring."""
        await self._bell.wait()
        self._bell.clear()


@dataclass
class _LiveRoom:
    """`room` holds nothing but what is committed; `users` are those inside the lock or waiting for it."""

    room: Room | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    watchers: set[Watcher] = field(default_factory=set)


class RoomHub:
    """Carries out commands durably and computes views."""

    def __init__(self, database: Database, tools: Tools, hints: Hints) -> None:
        self._database = database
        self._tools, self._clock = tools, tools.clock
        self._hints = hints
        self._live: dict[str, _LiveRoom] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear of versions that other processes committed, and look for those not heard of, while the block runs."""
        tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._hints.listen(self._ring))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._hints.close()

    @asynccontextmanager
    async def watching(self, room_id: str) -> AsyncIterator[Watcher]:
        """A doorbell for one connection."""
        live, watcher = self._live.setdefault(room_id, _LiveRoom()), Watcher()
        live.watchers.add(watcher)
        try:
            yield watcher
        finally:
            live.watchers.discard(watcher)
            self._forget_idle()

    @asynccontextmanager
    async def _alone_with(self, room_id: str) -> AsyncIterator[_LiveRoom]:
        live = self._live.setdefault(room_id, _LiveRoom())
        live.users += 1
        try:
            async with live.lock:
                yield live
        finally:
            live.users -= 1
            self._forget_idle()

    def _forget_idle(self) -> None:
        if len(self._live) > _KEPT_ROOMS:
            idle = [room_id for room_id, live in self._live.items() if not live.watchers and not live.users]
            for room_id in idle[: len(self._live) - _KEPT_ROOMS]:
                del self._live[room_id]

    @property
    def connections(self) -> int:
        """Connections that wait for news in this process."""
        return sum(len(live.watchers) for live in self._live.values())

    async def command(self, room_id: str, actor: Actor, command_id: str, body: bytes) -> int:
        """Carry out one command and return the room's version once it is durable.

        The same command id with the same body changes nothing and returns the version of the first time.

        Raises:
            NotFound: the room does not exist for this account.
            CommandIdReused: the id stands for another command, or for another account's.
            EvaluationError: the room refuses.
        """
        async with self._alone_with(room_id) as live:
            async with self._database.write() as session:
                version, room = await self._carry_out(session, live, room_id, actor, _Sent(command_id, body))
            live.room = room
        self._ring(room_id)
        await self._hints.tell(room_id)
        return version

    def _ring(self, room_id: str) -> None:
        live = self._live.get(room_id)
        for watcher in live.watchers if live else ():
            watcher.ring()

    async def _carry_out(
        self, session: AsyncSession, live: _LiveRoom, room_id: str, actor: Actor, sent: "_Sent"
    ) -> tuple[int, Room | None]:
        row = await store.lock_room(session, room_id)
        if row is None:
            raise NotFound
        part = await service.part_in(session, room_id, actor)
        known = await store.command_by_id(session, room_id, sent.command_id)
        if known is not None:
            if (known.account_id, known.body_sha256) != (actor.account_id, sent.sha256):
                raise CommandIdReused(command_id=sent.command_id)
            return known.version, live.room
        if part.role == "auditor":
            raise NotThisSeat
        room = await self._record(session, row, live, part, sent)
        await store.add_command(
            session,
            RoomCommand(
                room_id=room_id,
                command_id=sent.command_id,
                account_id=actor.account_id,
                body_sha256=sent.sha256,
                version=room.version,
            ),
        )
        return room.version, room

    async def _record(
        self, session: AsyncSession, row: EvaluationRoom, live: _LiveRoom, part: Part, sent: "_Sent"
    ) -> Room:
        command = decode_command(sent.body)
        if isinstance(command, ResumeRoom):
            # A seal says something about what is stored, so every record is read again.
            live.room = None
        room = await self._caught_up(session, live, row.id)
        at, stage = self._clock.now(), room.stage
        events = room.handle(command, part, at)
        await seat_newcomers(session, row, events)
        await give_up_declared(session, self._tools, row, events)
        await ensure_panel_sits(session, row, events)
        records = room.number(events, sent.command_id, part, at)
        # From here to the commit the fold is ahead of what is durable; whoever fails in between leaves none behind.
        live.room = None
        for record in records:
            room.apply(record)
        await store.add_records(session, row.id, [(record.seq, encode_record(record).decode()) for record in records])
        await store.set_head(session, row.id, room.version, room.stage, room.digest)
        if room.stage != stage:
            await service.stage_changed(session, self._clock, room)
        return room

    async def _caught_up(self, session: AsyncSession, live: _LiveRoom, room_id: str) -> Room:
        known = live.room.version if live.room else 0
        fresh = [_record_decoder.decode(text) for text in await store.records_after(session, room_id, known)]
        if live.room is None:
            live.room = Room.replay(fresh)
        else:
            for record in fresh:
                live.room.apply(record)
        return live.room

    async def view_for(self, room_id: str, actor: Actor) -> tuple[int, dict[str, Any]]:
        """The version of a room and what an account sees of it.

        Raises:
            NotFound: the room does not exist for it.
        """
        async with self._database.read() as session:
            viewer = await service.viewer_in(session, room_id, actor)
        return await self.view(room_id, viewer)

    async def view(self, room_id: str, viewer: Viewer) -> tuple[int, dict[str, Any]]:
        """The version of a room and what a viewer sees of it.

        The caller must hold no session: whoever has the lock needs a connection, and could wait for the caller's.
        """
        async with self._alone_with(room_id) as live, self._database.read() as session:
            room = await self._caught_up(session, live, room_id)
            return room.version, view(room, viewer)

    async def view_at(self, room_id: str, viewer: Viewer, version: int) -> dict[str, Any] | None:
        """What the viewer saw at an earlier version, or none if the room never had it."""
        async with self._database.read() as session:
            texts = await store.records_after(session, room_id, 0)
        if not 0 < version <= len(texts):
            return None
        return view(Room.replay([_record_decoder.decode(text) for text in texts[:version]]), viewer)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            waiting = {room_id: live for room_id, live in self._live.items() if live.watchers}
            if not waiting:
                continue
            try:
                async with self._database.read() as session:
                    versions = await store.versions_of(session, list(waiting))
            except Exception as error:
                if not (isinstance(error, SQLAlchemyError | OSError) or is_busy(error)):
                    raise
                log.warning("cannot look for new versions", error=str(error))
                continue
            for room_id, live in waiting.items():
                if live.room is None or versions.get(room_id, 0) > live.room.version:
                    self._ring(room_id)


class _Sent:
    """A command as it came: its id, its bytes and their digest."""

    def __init__(self, command_id: str, body: bytes) -> None:
        self.command_id = command_id
        self.body = body
        self.sha256 = hashlib.sha256(body).hexdigest()

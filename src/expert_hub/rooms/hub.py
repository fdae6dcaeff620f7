"""The rooms that this process serves: commands made durable, views, and news to everyone who watches.

Any number of processes may serve one room; fan-out between them is only a hint that there is a new version.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import msgspec
import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.commands import Command
from evaluation.protocol import Actor as Part
from evaluation.visibility import Viewer, view
from expert_hub.draws.calling.inviting import Tools
from expert_hub.foundation.db import Database, is_busy
from expert_hub.identity.rules import Actor
from expert_hub.identity.tokens import Proof
from expert_hub.rooms import service, snapshots, store
from expert_hub.rooms.committing import Committer, Order
from expert_hub.rooms.conversation import Conversation, Standing
from expert_hub.rooms.entering import Entrance
from expert_hub.rooms.errors import CommandIdReused
from expert_hub.rooms.fanning import Fan
from expert_hub.rooms.hints import Hints
from expert_hub.rooms.live import LiveRoom, LiveRooms, catch_up
from expert_hub.rooms.pace import Gate
from expert_hub.rooms.standing import end_the_unwelcome, end_the_unwell
from expert_hub.rooms.tables import RoomSnapshot
from expert_hub.rooms.views import Shown

log = structlog.get_logger("expert_hub.rooms")
_LOOK_S = 0.7
OWN = "hub:"
"""Ids of commands of the hub itself begin like this, and nobody else's may: a client could take one in advance."""


class RoomHub:
    """Carries out commands durably, shows rooms, and keeps conversations up to date."""

    def __init__(self, database: Database, tools: Tools, hints: Hints, gate: Gate | None = None) -> None:
        self._database = database
        self._clock = tools.clock
        self._hints = hints
        self.gate = gate or Gate(frames_per_s=100, sockets_per_account=20)
        self.live = LiveRooms()
        self._committer = Committer(database, tools, self.live, self._inform)
        self._fan = Fan(self.live, self._caught_up, self._check, lambda: self._committer.is_busy)
        self._entrance = Entrance(database)
        self._untold: dict[str, int] = {}
        self._telling: asyncio.Task[None] | None = None
        self._keeping: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Hear of versions that other processes committed, and look for those not heard of, while the block runs."""
        tasks = [asyncio.create_task(self._look()), asyncio.create_task(self._hints.listen(self._hear))]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.settled()
            await self._hints.close()

    async def settled(self) -> None:
        """Wait until nothing that was begun is under way."""
        await self._committer.settled()
        await self._fan.stop()
        rest = [task for task in (self._telling, *self._keeping) if task is not None]
        await asyncio.gather(*rest, return_exceptions=True)

    async def enter(self, room_id: str, proof: Proof) -> Standing:
        """Find out who the bearer of a proof is in a room.

        Raises:
            Unauthenticated: the account was closed.
            NotFound: the room does not exist for it.
        """
        return await self._entrance.admit(room_id, proof)

    @contextmanager
    def talking(self, conversation: Conversation) -> Iterator[None]:
        """Offer news to a conversation while the block runs."""
        self.live.attach(conversation)
        try:
            yield
        finally:
            self.live.detach(conversation)

    @property
    def connections(self) -> int:
        """Conversations of this process."""
        return len(self.live.conversations())

    async def command(self, room_id: str, actor: Actor, command_id: str, body: bytes) -> int:
        """Carry out one command and return the room's version once it is durable.

        The same command id with the same body changes nothing and returns the version of the first time.

        Raises:
            NotFound: the room does not exist for this account.
            Unauthenticated: the account was closed.
            CommandIdReused: the id stands for another command, or for another account's.
            EvaluationError: the room refuses.
        """
        if command_id.startswith(OWN):
            raise CommandIdReused(command_id=command_id)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        return await self._committer.carry_out(Order(room_id, actor.account_id, command_id, body, answer))

    async def command_of_system(self, room_id: str, command_id: str, command: Command) -> int:
        """Carry out a command of the hub itself; the same id changes nothing the second time.

        Raises:
            NotFound: the room does not exist.
            EvaluationError: the room refuses.
        """
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        body = msgspec.json.encode(command)
        return await self._committer.carry_out(Order(room_id, "", command_id, body, answer, Part("system")))

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
        async with self.live.alone_with(room_id) as live, self._database.read() as session:
            await catch_up(session, live)
            return live.folded.version, view(live.folded, viewer)

    async def shown(self, room_id: str, viewer: Viewer, after: int | None = None) -> tuple[Shown, Shown | None]:
        """What a viewer sees now, and what it saw at an earlier version if that is still known."""
        async with self.live.alone_with(room_id) as live:
            await self._caught_up(live)
            now = live.views.show(live.folded, viewer)
            return now, live.views.at(viewer, after) if after else None

    def _inform(self, live: LiveRoom, *, is_suspect: bool) -> None:
        live.is_suspect |= is_suspect
        self._fan.mark(live)
        if live.room is not None:
            self._untold[live.room_id] = live.room.version
            if live.room.sealed and live.room.version - live.snapshot_at >= snapshots.EVERY:
                live.snapshot_at = live.room.version
                self._in_background(self._keep(snapshots.taken(live.room)))
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell())

    def _in_background(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._keeping.add(task)
        task.add_done_callback(self._keeping.discard)

    async def _tell(self) -> None:
        while self._untold:
            told, self._untold = self._untold, {}
            await self._hints.tell(told)

    async def _keep(self, snapshot: RoomSnapshot) -> None:
        try:
            async with self._database.write() as session:
                await store.put_snapshot(session, snapshot)
        except (SQLAlchemyError, OSError) as error:
            log.warning("snapshot not kept", room_id=snapshot.room_id, why=str(error))

    def _hear(self, room_id: str, version: int) -> None:
        live = self.live.get(room_id)
        if live is not None:
            live.known = max(live.known, version)
            if live.pushed < version:
                self._fan.mark(live)

    async def _caught_up(self, live: LiveRoom) -> None:
        """Fold what is known of; the caller holds the lock of the room."""
        if live.room is None or live.room.version < live.known:
            async with self._database.read() as session:
                await catch_up(session, live)

    async def _check(self, session: AsyncSession | None, conversations: list[Conversation]) -> None:
        if session is not None:
            await end_the_unwelcome(session, self._clock.now(), conversations)
            return
        async with self._database.read() as own:
            await end_the_unwelcome(own, self._clock.now(), conversations)

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            conversations = self.live.conversations()
            if not conversations:
                continue
            end_the_unwell(conversations)
            try:
                await self._look_once(conversations)
            except Exception as error:
                if not (isinstance(error, SQLAlchemyError | OSError) or is_busy(error)):
                    raise
                log.warning("cannot look for new versions", error=str(error))

    async def _look_once(self, conversations: list[Conversation]) -> None:
        """The safety net: what no hint told of, and who may no longer be here."""
        async with self._database.read() as session:
            await self._check(session, conversations)
            versions = await store.versions_of(session, [live.room_id for live in self.live.watched()])
        for room_id, version in versions.items():
            self._hear(room_id, version)

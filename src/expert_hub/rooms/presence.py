"""Presence of seats: who is heard, who has gone silent, and what follows when an outage lasts too long (ER-20, ER-21).

Every process notes when it last heard the seats that speak through it; every process looks at what all have noted. A
seat that is silent in all of them for `room.offline_s` is offline. That goes into the record as a command of the hub,
and so do its return and the end of its limit. Nothing here is a timer that could be lost: all follows from what is
stored and the clock. Two processes that find the same give the same command under the same id; it is carried out once.

A process that has just begun hears the seats come back first: a hub that was away itself must not call them offline.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.commands import Command
from evaluation.commands_states import MarkOffline, MarkOnline, SealOutage
from evaluation.errors import EvaluationError
from evaluation.refusals_states import SeatOffline, SeatOnline
from evaluation.visibility import Viewer
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.db import Database, is_busy
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.listings import service as listings
from expert_hub.rooms import store
from expert_hub.rooms.hub import OWN, RoomHub
from expert_hub.rooms.store import Heard

log = structlog.get_logger("expert_hub.rooms")
LOOK_S = 5.0
_OUTSET = "room.offline_s"


class PresenceWatch:
    """Notes who is heard and carries out what follows from silence."""

    def __init__(self, database: Database, clock: Clock, packs: Mapping[str, RulePack], rooms: RoomHub) -> None:
        self._database, self._clock, self._packs, self._rooms = database, clock, packs, rooms
        self._noted: dict[tuple[str, str], datetime] = {}
        self._least_s = min(pack.integer(_OUTSET) for pack in packs.values() if _OUTSET in pack.rules)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the block runs."""
        stop = asyncio.Event()
        task = asyncio.create_task(self._watch(stop))
        try:
            yield
        finally:
            # Not cancelled: a statement that is under way would leave its connection behind.
            stop.set()
            await task

    async def _watch(self, stop: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await stop.wait()
                    return
            try:
                await self.note()
                await self.look(may_miss=loop.time() - begun > self._least_s)
            except Exception as error:
                if not (isinstance(error, SQLAlchemyError | OSError) or is_busy(error)):
                    log.error("presence not looked after", exc_info=error)
                else:
                    log.warning("cannot look after presence", why=str(error))

    async def note(self) -> None:
        """Store when the seats that speak through this process were heard last, those that were heard since."""
        loop_now, now = asyncio.get_running_loop().time(), self._clock.now()
        heard: dict[tuple[str, str], datetime] = {}
        for each in self._rooms.live.conversations():
            if each.standing.viewer.role == "member":
                key = each.room_id, each.standing.actor.account_id
                at = now - timedelta(seconds=loop_now - each.heard_at)
                heard[key] = max(at, heard.get(key, at))
        news = {key: at for key, at in heard.items() if at - self._noted.get(key, at - _STEP) >= _STEP}
        if news:
            async with self._database.write() as session:
                await store.note_heard(session, [(*key, at) for key, at in news.items()])
        self._noted = {key: news.get(key, self._noted.get(key, at)) for key, at in heard.items()}

    async def look(self, *, may_miss: bool = True) -> None:
        """Give the commands that follow from what is stored and the present instant.

        Args:
            may_miss: whether a seat may be called offline; a process that has just begun does not know yet.
        """
        now = self._clock.now()
        async with self._database.read() as session:
            rows = await store.silent_or_offline(session, now - timedelta(seconds=self._least_s))
            limits = {room_id: await self._limit(session, room_id) for room_id in {row.room_id for row in rows}}
        for row in rows:
            is_silent = now - row.heard_at >= limits[row.room_id]
            if row.is_offline and not is_silent:
                await self._record(row, MarkOnline(row.seat_id), is_offline=False)
            elif is_silent and not row.is_offline and may_miss:
                await self._record(row, MarkOffline(row.seat_id), is_offline=True)
        for room_id in sorted({row.room_id for row in rows if row.is_offline}):
            await self._end_limits(room_id, now)

    async def _limit(self, session: AsyncSession, room_id: str) -> timedelta:
        row = await store.room_by_id(session, room_id)
        _, project = await listings.lot_and_project(session, row.lot_id if row else "")
        return timedelta(seconds=listings.governing_pack(self._packs, project).integer(_OUTSET))

    async def _record(self, row: Heard, command: Command, *, is_offline: bool) -> None:
        name = "offline" if is_offline else "online"
        if await self._give(row.room_id, f"{OWN}{name}-{row.seat_id}-{row.heard_at.timestamp():.3f}", command):
            async with self._database.write() as session:
                await store.set_offline(session, row.room_id, row.account_id, is_offline=is_offline)
            log.warning("seat " + name, room_id=row.room_id, seat_id=row.seat_id)

    async def _end_limits(self, room_id: str, now: datetime) -> None:
        _, seen = await self._rooms.view(room_id, Viewer("supervisor"))
        for incident in seen.get("presence", {}).get("incidents", ()):
            is_open = incident["ended_at"] is None and not incident["replaced"] and not incident["expired"]
            if is_open and datetime.fromisoformat(incident["due_at"]) <= now:
                number = incident["incident_id"]
                await self._give(room_id, f"{OWN}seal-{number}-{incident['due_at']}", SealOutage(number))

    async def _give(self, room_id: str, command_id: str, command: Command) -> bool:
        """Whether the record says so now, by this command or by another."""
        try:
            await self._rooms.command_of_system(room_id, command_id, command)
        except (SeatOffline, SeatOnline):
            return True
        except EvaluationError as error:
            # The room has moved on: it was closed, or waits for another committee.
            log.info("presence has no consequence", room_id=room_id, why=type(error).__name__)
            return False
        return True


_STEP = timedelta(seconds=1)

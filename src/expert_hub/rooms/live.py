"""The rooms that this process has in memory: folded state, one lock a room, and the conversations about it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.errors import RecordOutOfOrder
from evaluation.events import Event
from evaluation.protocol import RecordedEvent
from evaluation.room import Room
from evaluation.visibility import Viewer
from expert_hub.rooms import snapshots, store
from expert_hub.rooms.conversation import Conversation
from expert_hub.rooms.views import Views

_KEPT_ROOMS = 32
_KEPT_EVENTS = 256
_record_decoder = msgspec.json.Decoder(RecordedEvent)


@dataclass
class LiveRoom:
    """One room; `room` holds nothing but what is committed while the lock is free.

    `users` are those inside the lock or waiting for it, `known` is the newest version heard of, `pushed` the newest
    that was offered to all, `recent` the last events with their numbers, `audience` the conversations by what they see.
    """

    room_id: str
    room: Room | None = None
    known: int = 0
    pushed: int = 0
    views: Views = field(default_factory=Views)
    recent: list[tuple[int, Event]] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    users: int = 0
    audience: dict[Viewer, set[Conversation]] = field(default_factory=dict)
    is_suspect: bool = False
    snapshot_at: int = 0

    @property
    def conversations(self) -> list[Conversation]:
        """Every conversation about it."""
        return [each for group in self.audience.values() for each in group]

    @property
    def folded(self) -> Room:
        """The room; whoever asks has caught up under the lock."""
        if self.room is None:
            raise RecordOutOfOrder(expected=1, found="none")
        return self.room

    def remember(self, records: Iterable[tuple[int, Event]]) -> None:
        """Keep the last events, for views that need not be computed anew."""
        self.recent += records
        if len(self.recent) > 2 * _KEPT_EVENTS:
            del self.recent[:-_KEPT_EVENTS]

    def events_after(self, version: int) -> list[Event] | None:
        """The events above a version, or none if they are not all at hand."""
        if not self.recent or self.recent[0][0] > version + 1:
            return None
        # They follow each other without a gap.
        return [event for _, event in self.recent[version + 1 - self.recent[0][0] :]]

    def forget(self) -> None:
        """Let go of a fold that may hold what was not committed."""
        self.room, self.recent = None, []


class LiveRooms:
    """The rooms in memory; those that nobody needs are forgotten."""

    def __init__(self) -> None:
        self._live: dict[str, LiveRoom] = {}
        self._idle: list[LiveRoom] = []

    def get(self, room_id: str) -> LiveRoom | None:
        """The room, if it is in memory."""
        return self._live.get(room_id)

    def watched(self) -> list[LiveRoom]:
        """The rooms somebody waits for news of."""
        return [live for live in self._live.values() if live.audience]

    def conversations(self) -> list[Conversation]:
        """Every conversation of this process."""
        return [each for live in self._live.values() for each in live.conversations]

    def attach(self, conversation: Conversation) -> None:
        """Have a conversation hear of news."""
        self._of(conversation.room_id).audience.setdefault(conversation.standing.viewer, set()).add(conversation)

    def detach(self, conversation: Conversation) -> None:
        """The conversation is over."""
        live, viewer = self._of(conversation.room_id), conversation.standing.viewer
        group = live.audience.get(viewer, set())
        group.discard(conversation)
        if not group:
            live.audience.pop(viewer, None)
        self._forget_if_idle(live)

    @asynccontextmanager
    async def alone_with(self, room_id: str) -> AsyncIterator[LiveRoom]:
        """Nobody else of this process folds or looks at the room while the block runs."""
        live = self._of(room_id)
        live.users += 1
        try:
            async with live.lock:
                yield live
        finally:
            live.users -= 1
            self._forget_if_idle(live)

    @asynccontextmanager
    async def alone_with_all(self, room_ids: Iterable[str]) -> AsyncIterator[dict[str, LiveRoom]]:
        """The same for several rooms, in sorted order."""
        lives = {room_id: self._of(room_id) for room_id in sorted(set(room_ids))}
        held: list[LiveRoom] = []
        for live in lives.values():
            live.users += 1
        try:
            for live in lives.values():
                await live.lock.acquire()
                held.append(live)
            yield lives
        finally:
            for live in held:
                live.lock.release()
            for live in lives.values():
                live.users -= 1
                self._forget_if_idle(live)

    def _of(self, room_id: str) -> LiveRoom:
        return self._live.setdefault(room_id, LiveRoom(room_id))

    def _forget_if_idle(self, live: LiveRoom) -> None:
        if live.audience or live.users:
            return
        # The youngest of the idle ones are kept.
        self._idle = [each for each in self._idle if each is not live and not each.audience and not each.users]
        self._idle.append(live)
        while len(self._idle) > _KEPT_ROOMS:
            self._live.pop(self._idle.pop(0).room_id, None)


async def catch_up(session: AsyncSession, *lives: LiveRoom) -> None:
    """Fold what others committed; the caller holds the locks of the rooms."""
    if not lives:
        return
    for live in lives:
        if live.room is None:
            live.room = await snapshots.restored(session, live.room_id)
            live.snapshot_at = live.room.version
    found = await store.records_beyond(session, {live.room_id: live.folded.version for live in lives})
    for live in lives:
        for text in found.get(live.room_id, ()):
            record = _record_decoder.decode(text)
            live.folded.apply(record)
            live.remember([(record.seq, record.event)])
        live.known = max(live.known, live.folded.version)


async def fold_anew(session: AsyncSession, live: LiveRoom) -> None:
    """Fold every stored record again, from the first; the caller holds the lock of the room."""
    live.forget()
    live.room = Room()
    await catch_up(session, live)

"""News to everyone who watches a room: each kind of viewer's view is computed once and offered to all its connections.

Rooms take turns, and commands that arrive meanwhile add up, so that a room with a thousand scores a second does not
send a thousand views to each socket: the more there is to commit, the longer a room waits until its next push.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.db import is_busy
from expert_hub.rooms.conversation import Conversation
from expert_hub.rooms.live import LiveRoom, LiveRooms

log = structlog.get_logger("expert_hub.rooms")
_SHARE = 3
"""While there is much to commit, a push is followed by a pause of so many times what it took."""
_LONGEST_PAUSE_S = 0.25


class Fan:
    """Pushes rooms with news, one after the other."""

    def __init__(
        self,
        rooms: LiveRooms,
        caught_up: Callable[[LiveRoom], Awaitable[None]],
        check: Callable[[AsyncSession | None, list[Conversation]], Awaitable[None]],
        is_busy: Callable[[], bool],
    ) -> None:
        self._rooms = rooms
        self._caught_up = caught_up
        self._check = check
        self._is_busy = is_busy
        self._marked: dict[str, LiveRoom] = {}
        self._pushing: asyncio.Task[None] | None = None

    def mark(self, live: LiveRoom) -> None:
        """A room has a new version."""
        if not live.audience:
            return
        self._marked[live.room_id] = live
        if self._pushing is None or self._pushing.done():
            self._pushing = asyncio.create_task(self._push_marked())

    async def stop(self) -> None:
        """Push no more."""
        self._marked.clear()
        if self._pushing is not None:
            self._pushing.cancel()
            await asyncio.gather(self._pushing, return_exceptions=True)

    async def _push_marked(self) -> None:
        loop = asyncio.get_running_loop()
        while self._marked:
            live = self._marked.pop(next(iter(self._marked)))
            began = loop.time()
            try:
                await self._push(live)
            except Exception as error:
                if not (isinstance(error, SQLAlchemyError | OSError) or is_busy(error)):
                    log.error("push failed", room_id=live.room_id, exc_info=error)
            pause_s = min(_LONGEST_PAUSE_S, _SHARE * (loop.time() - began)) if self._is_busy() else 0
            await asyncio.sleep(pause_s)

    async def _push(self, live: LiveRoom) -> None:
        if live.is_suspect:
            live.is_suspect = False
            await self._check(None, live.conversations)
        async with self._rooms.alone_with(live.room_id):
            await self._caught_up(live)
            room, views = live.folded, live.views
            for viewer, group in live.audience.items():
                shown = views.show(room, viewer, live.events_after(views.newest_of(viewer)))
                for conversation in group:
                    conversation.offer(shown)
            live.pushed = room.version

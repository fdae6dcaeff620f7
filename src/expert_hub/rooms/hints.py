"""Hints between processes that a room has a new version: Redis where it is configured, nothing where it is not.

A hint carries a room id and no content; losing one costs a second, because every process also looks at the database.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError

log = structlog.get_logger("expert_hub.rooms")
_CHANNEL = "expert-hub/rooms"
_PAUSE_S = 1.0


class Hints(Protocol):
    """Tells other processes, and hears from them."""

    async def tell(self, room_id: str) -> None:
        """Say that a room has a new version; never raises."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Call `heard` with each room id until cancelled."""

    async def close(self) -> None:
        """Give connections back."""


class NoHints:
    """One process, or none that needs to hear at once."""

    async def tell(self, room_id: str) -> None:
        """Nobody listens."""

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Nothing will be heard."""

    async def close(self) -> None:
        """Nothing to give back."""


class RedisHints:
    """Publish and subscribe on one channel; connects again for as long as it listens."""

    def __init__(self, url: str) -> None:
        self._client = redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self.listening = asyncio.Event()

    async def tell(self, room_id: str) -> None:
        """Publish; a Redis that is away is only noted, the command is durable already."""
        try:
            await self._client.publish(_CHANNEL, room_id)
        except (RedisError, OSError) as error:
            log.warning("hint not sent", error=str(error))

    async def listen(self, heard: Callable[[str], None]) -> None:
        """Subscribe, and subscribe again whenever the connection is lost."""
        while True:
            try:
                await self._hear(heard)
            except (RedisError, OSError) as error:
                log.warning("hints interrupted", error=str(error))
            self.listening.clear()
            await asyncio.sleep(_PAUSE_S)

    async def _hear(self, heard: Callable[[str], None]) -> None:
        async with self._client.pubsub() as channel:
            await channel.subscribe(_CHANNEL)
            self.listening.set()
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=2)
                if message is not None:
                    heard(message["data"].decode(errors="replace"))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def hints_at(url: str | None) -> Hints:
    """Hints through the Redis at an address, or none without one."""
    return RedisHints(url) if url else NoHints()

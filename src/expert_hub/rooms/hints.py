"""Hints between processes that a room has a new version: over PostgreSQL, over Redis where it is configured, or none.

A hint carries a room id and a version and no content; losing one costs half a second, because every process also looks
at the database. SQLite has one writing process, which needs no hint.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Protocol

import asyncpg  # type: ignore[import-untyped]
import redis.asyncio as redis
import structlog
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url

log = structlog.get_logger("expert_hub.rooms")
_CHANNEL = "expert_hub_rooms"
_PAUSE_S = 0.5
_SIGN_OF_LIFE_S = 10.0
_LOST = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError)
Heard = Callable[[str, int], None]


class Hints(Protocol):
    """Tells other processes, and hears from them."""

    async def tell(self, versions: Mapping[str, int]) -> None:
        """Say which version rooms have; never raises."""

    async def listen(self, heard: Heard) -> None:
        """Call `heard` with each room id and version until cancelled."""

    async def close(self) -> None:
        """Give connections back."""


class NoHints:
    """One process, or none that needs to hear at once."""

    async def tell(self, versions: Mapping[str, int]) -> None:
        """Nobody listens."""

    async def listen(self, heard: Heard) -> None:
        """Nothing will be heard."""

    async def close(self) -> None:
        """Nothing to give back."""


class RedisHints:
    """Publish and subscribe on one channel; connects again for as long as it listens."""

    def __init__(self, url: str) -> None:
        self._client = redis.from_url(url, socket_timeout=5, socket_connect_timeout=2)
        self.listening = asyncio.Event()

    async def tell(self, versions: Mapping[str, int]) -> None:
        """Publish; a Redis that is away is only noted, the commands are durable already."""
        try:
            async with self._client.pipeline(transaction=False) as pipe:
                for room_id, version in versions.items():
                    pipe.publish(_CHANNEL, f"{room_id} {version}")
                await pipe.execute()
        except (RedisError, OSError) as error:
            log.warning("hints not sent", error=str(error))

    async def listen(self, heard: Heard) -> None:
        """Subscribe, and subscribe again whenever the connection is lost."""
        while True:
            try:
                await self._hear(heard)
            except (RedisError, OSError) as error:
                log.warning("hints interrupted", error=str(error))
            self.listening.clear()
            await asyncio.sleep(_PAUSE_S)

    async def _hear(self, heard: Heard) -> None:
        async with self._client.pubsub() as channel:
            await channel.subscribe(_CHANNEL)
            self.listening.set()
            while True:
                message = await channel.get_message(ignore_subscribe_messages=True, timeout=2)
                if message is not None:
                    _pass_on(message["data"].decode(errors="replace"), heard)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


class PostgresHints:
    """NOTIFY and LISTEN on one kept connection; opens another whenever it is lost.

    Hints go out beside the transactions and not inside: NOTIFY inside them would make every COMMIT wait for one lock.
    """

    def __init__(self, url: str) -> None:
        self._url = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._kept: asyncpg.Connection[Any] | None = None
        # One statement at a time on one connection.
        self._turn = asyncio.Lock()
        self.listening = asyncio.Event()

    async def tell(self, versions: Mapping[str, int]) -> None:
        """Notify over the kept connection; without one, others find the versions by looking."""
        texts = [f"{room_id} {version}" for room_id, version in versions.items()]
        statement = "SELECT pg_notify($1, text) FROM unnest($2::text[]) AS text"
        try:
            async with self._turn:
                if self._kept is not None:
                    await self._kept.execute(statement, _CHANNEL, texts)
        except _LOST as error:
            log.warning("hints not sent", error=str(error))

    async def listen(self, heard: Heard) -> None:
        """Listen, and listen again whenever the connection is lost."""
        while True:
            try:
                await self._hear(heard)
            except _LOST as error:
                log.warning("hints interrupted", error=str(error))
            self.listening.clear()
            await asyncio.sleep(_PAUSE_S)

    async def _hear(self, heard: Heard) -> None:
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=5)
        lost = asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(_CHANNEL, lambda *told: _pass_on(str(told[3]), heard))
            self._kept = connection
            self.listening.set()
            while not lost.is_set():
                try:
                    async with asyncio.timeout(_SIGN_OF_LIFE_S):
                        await lost.wait()
                except TimeoutError:
                    # A connection may be dead without a word, as behind a firewall.
                    async with self._turn:
                        await connection.execute("SELECT 1")
        finally:
            self._kept = None
            connection.terminate()

    async def close(self) -> None:
        """Close the connection, if it is still kept."""
        if self._kept is not None:
            self._kept.terminate()


def _pass_on(told: str, heard: Heard) -> None:
    room_id, _, version = told.partition(" ")
    if version.isdecimal():
        heard(room_id, int(version))


def hints_at(redis_url: str | None, database_url: str | None = None) -> Hints:
    """Hints through Redis if there is an address, else through PostgreSQL if that is the database, else none."""
    if redis_url:
        return RedisHints(redis_url)
    if database_url and make_url(database_url).get_backend_name() == "postgresql":
        return PostgresHints(database_url)
    return NoHints()

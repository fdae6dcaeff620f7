"""Every way to hint does the same over its real server, and goes on after its listener was cut off."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest
from redis import asyncio as redis

from expert_hub.demo.server import free_port
from expert_hub.rooms.hints import Hints, NoHints, PostgresHints, RedisHints, hints_at

KINDS = ("postgresql", "redis")
POSTGRESQL = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
LIMIT_S = 60


@dataclass
class Backend:
    """One way to hint: makes hints, and cuts every listener off."""

    make: Callable[[], PostgresHints | RedisHints]
    cut: Callable[[], Awaitable[None]]


def _absent(what: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(f"{what} is needed for these tests")
    pytest.skip(f"{what} is not here")


@asynccontextmanager
async def _postgresql() -> AsyncIterator[Backend]:
    name = f"expert_hub_hints_{os.getpid()}"
    try:
        admin = await asyncpg.connect(f"{POSTGRESQL}/postgres")
    except OSError:
        _absent("PostgreSQL")
    await admin.execute(f'CREATE DATABASE "{name}"')

    async def cut() -> None:
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)

    url = POSTGRESQL.replace("postgresql://", "postgresql+asyncpg://")
    try:
        yield Backend(lambda: PostgresHints(f"{url}/{name}"), cut)
    finally:
        await admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        await admin.close()


@asynccontextmanager
async def _redis(folder: Path) -> AsyncIterator[Backend]:
    port = free_port(0)
    command = ["redis-server", "--port", str(port), "--save", "", "--dir", str(folder), "--bind", "127.0.0.1"]
    try:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        _absent("redis-server")
    url = f"redis://127.0.0.1:{port}/0"
    client = redis.from_url(url)

    async def up() -> None:
        while True:
            try:
                await client.ping()
                return
            except (redis.ConnectionError, OSError):
                await asyncio.sleep(0.05)

    async def cut() -> None:
        nonlocal process
        process.kill()
        process.wait()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        await up()

    try:
        async with asyncio.timeout(LIMIT_S):
            await up()
        yield Backend(lambda: RedisHints(url), cut)
    finally:
        await client.aclose()
        process.kill()
        process.wait()


@pytest.fixture(params=KINDS)
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    async with _postgresql() if request.param == "postgresql" else _redis(tmp_path) as found:
        yield found


@asynccontextmanager
async def _listening(hints: PostgresHints | RedisHints) -> AsyncIterator[asyncio.Queue[tuple[str, int]]]:
    heard: asyncio.Queue[tuple[str, int]] = asyncio.Queue()
    task = asyncio.create_task(hints.listen(lambda room_id, version: heard.put_nowait((room_id, version))))
    try:
        async with asyncio.timeout(LIMIT_S):
            await hints.listening.wait()
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hints.close()


async def _heard_again(teller: Hints, heard: asyncio.Queue[tuple[str, int]], version: int) -> None:
    """Tell until it is heard: while a connection is away, hints are lost, and looking makes up for them."""
    async with asyncio.timeout(LIMIT_S):
        while True:
            await teller.tell({"room": version})
            try:
                async with asyncio.timeout(0.2):
                    while (await heard.get()) != ("room", version):
                        pass
                    return
            except TimeoutError:
                continue


async def test_what_one_process_tells_every_other_hears(backend: Backend) -> None:
    teller = backend.make()
    async with _listening(teller) as own, _listening(backend.make()) as one, _listening(backend.make()) as other:
        await teller.tell({"a": 7, "b": 12})
        for heard in (own, one, other):
            async with asyncio.timeout(LIMIT_S):
                assert {await heard.get(), await heard.get()} == {("a", 7), ("b", 12)}


async def test_a_listener_that_is_cut_off_listens_again(backend: Backend) -> None:
    teller = backend.make()
    async with _listening(teller), _listening(backend.make()) as heard:
        for version in range(1, 4):
            await _heard_again(teller, heard, version)
            await backend.cut()
        await _heard_again(teller, heard, 4)


async def test_many_rooms_at_once_are_all_told(backend: Backend) -> None:
    teller = backend.make()
    versions = {f"{number:032x}": number for number in range(1, 1001)}
    async with _listening(teller), _listening(backend.make()) as heard:
        await teller.tell(versions)
        async with asyncio.timeout(LIMIT_S):
            assert dict([await heard.get() for _ in versions]) == versions


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "postgresql+asyncpg://nobody@127.0.0.1:1/none"])
async def test_a_server_that_is_away_hinders_nobody(url: str) -> None:
    hints = RedisHints(url) if url.startswith("redis") else PostgresHints(url)
    async with asyncio.timeout(LIMIT_S):
        await hints.tell({"room": 1})
    listening = asyncio.create_task(hints.listen(lambda *_: None))
    await asyncio.sleep(0.05)
    assert not listening.done()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await hints.close()


async def test_the_settings_choose() -> None:
    database = "postgresql+asyncpg://u:secret@h/d"
    assert isinstance(hints_at("redis://127.0.0.1:1/0", database), RedisHints)
    assert isinstance(hints_at(None, database), PostgresHints)
    hints = hints_at(None, "sqlite+aiosqlite:///x")
    assert isinstance(hints, NoHints)
    await hints.tell({"room": 1})
    await hints.listen(lambda *_: None)
    await hints.close()

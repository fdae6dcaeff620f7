"""Hints over a real Redis."""

import asyncio
import os

import pytest

from expert_hub.rooms.hints import NoHints, RedisHints, hints_at

URL = os.environ.get("EXPERT_HUB_TEST_REDIS", "redis://127.0.0.1:6379/0")


async def _is_there() -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", 6379)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True


@pytest.fixture
async def redis_url() -> str:
    if not await _is_there():
        if os.environ.get("CI"):
            pytest.fail("Redis is needed for these tests and does not answer on 127.0.0.1:6379")
        pytest.skip("Redis does not answer on 127.0.0.1:6379")
    return URL


async def test_what_one_process_tells_the_other_hears(redis_url: str) -> None:
    teller, listener = RedisHints(redis_url), RedisHints(redis_url)
    heard: asyncio.Queue[str] = asyncio.Queue()
    listening = asyncio.create_task(listener.listen(heard.put_nowait))
    async with asyncio.timeout(5):
        await listener.listening.wait()
        await teller.tell("room-1")
        assert await heard.get() == "room-1"
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await teller.close()
    await listener.close()


async def test_a_redis_that_is_away_hinders_nobody() -> None:
    hints = RedisHints("redis://127.0.0.1:1/0")
    async with asyncio.timeout(5):
        await hints.tell("room-1")
    listening = asyncio.create_task(hints.listen(lambda _: None))
    await asyncio.sleep(0.05)
    assert not listening.done()
    listening.cancel()
    await asyncio.gather(listening, return_exceptions=True)
    await hints.close()


async def test_without_an_address_there_are_no_hints() -> None:
    hints = hints_at(None)
    assert isinstance(hints, NoHints)
    await hints.tell("room-1")
    await hints.listen(lambda _: None)
    await hints.close()

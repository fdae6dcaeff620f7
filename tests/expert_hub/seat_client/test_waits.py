import asyncio

import pytest

from expert_hub.seat_client.errors import WaitTimedOut
from expert_hub.seat_client.waits import Waits


async def test_condition_is_looked_at_on_every_wake() -> None:
    waits, seen = Waits(), [0]
    waiting = asyncio.create_task(waits.until(lambda: seen[0] > 1, 5))
    for _ in range(2):
        await asyncio.sleep(0)
        assert not waiting.done()
        seen[0] += 1
        waits.wake()
    await waiting


async def test_condition_that_holds_already_is_no_wait_even_after_the_end() -> None:
    waits = Waits()
    waits.fail(KeyError("end"))
    await waits.until(lambda: True, 0)


async def test_first_failure_ends_every_wait_now_and_later() -> None:
    waits = Waits()
    waiting = asyncio.create_task(waits.until(lambda: False, None))
    await asyncio.sleep(0)
    waits.fail(KeyError("first"))
    waits.fail(KeyError("second"))
    for ended in (waiting, waits.until(lambda: False, None)):
        with pytest.raises(KeyError, match="first"):
            await ended


async def test_condition_that_fails_hurts_only_its_caller() -> None:
    waits, seen = Waits(), [1]
    other = asyncio.create_task(waits.until(lambda: seen[0] == 0, 5))
    broken = asyncio.create_task(waits.until(lambda: 1 // seen[0] == 0, 5))
    await asyncio.sleep(0)
    seen[0] = 0
    waits.wake()
    with pytest.raises(ZeroDivisionError):
        await broken
    await other


async def test_wait_ends_in_time() -> None:
    with pytest.raises(WaitTimedOut) as late:
        await Waits().until(lambda: False, 0.01)
    assert late.value.facts == {"timeout_s": 0.01}

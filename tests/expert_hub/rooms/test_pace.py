"""Frames that come too fast are read more slowly; sockets of one account are counted."""

import asyncio

import pytest

from expert_hub.rooms.errors import TooManySockets
from expert_hub.rooms.pace import BURST_S, Bucket, Gate


async def test_a_burst_passes_and_what_follows_waits() -> None:
    bucket, now = Bucket(10.0), asyncio.get_running_loop().time()
    waits = [bucket.take(now) for _ in range(int(10 * BURST_S) + 20)]
    assert set(waits[: int(10 * BURST_S)]) == {0.0}
    assert waits[-1] > 0
    assert waits[int(10 * BURST_S) :] == sorted(waits[int(10 * BURST_S) :])


async def test_an_account_opens_no_more_sockets_than_it_may() -> None:
    gate = Gate(frames_per_s=100, sockets_per_account=2)
    with gate.entered("a"), gate.entered("b"):
        with gate.entered("a"), pytest.raises(TooManySockets), gate.entered("a"):
            pass
        with gate.entered("a"):
            pass
    assert not gate._accounts

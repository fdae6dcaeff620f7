"""Redis dies again and again between two hubs: it carries hints only, so nothing is lost and all hear."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.campaigns.crowd import Crowd
from tests.campaigns.engines import opened_redis


async def everyone_hears(crowds: list[Crowd]) -> None:
    """Every member of a room reaches the last version that any of them was promised."""
    scorers = [one for crowd in crowds for one in crowd.scorers]
    async with asyncio.timeout(120):
        while True:
            promised: dict[str, int] = {}
            for one in scorers:
                promised[one.seat.room_id] = max(promised.get(one.seat.room_id, 0), *one.acked.values(), 0)
            if all(one.version >= promised[one.seat.room_id] for one in scorers):
                return
            await asyncio.sleep(0.02)


async def campaign(ground: Any, folder: Path, kills: int, figure: Callable[[str], None]) -> None:
    with opened_redis(folder) as cache:
        await cache.start()
        # Two hubs on one SQLite file are refused: there a single one must do without its Redis.
        hubs = [ground.hub(REDIS_URL=cache.url) for _ in range(1 if ground.url.startswith("sqlite") else 2)]
        await asyncio.gather(*(hub.start() for hub in hubs))
        whole = ground.crowd("r", window=1)
        crowds = [Crowd(whole.scorers[number :: len(hubs)]) for number in range(len(hubs))]
        ground.crowds.extend(crowds)
        for crowd, hub in zip(crowds, hubs, strict=True):
            crowd.start(hub.address)
        for _ in range(kills):
            await asyncio.gather(*(crowd.more(10) for crowd in crowds))
            cache.kill()
            await asyncio.gather(*(crowd.more(10) for crowd in crowds))
            for one in whole.scorers:
                one.is_paused = True
            await everyone_hears(crowds)
            await cache.start()
            for one in whole.scorers:
                one.is_paused = False
                one.go_on()
        for one in whole.scorers:
            one.is_paused = True
        await everyone_hears(crowds)
        links, codes = sum(one.links for one in whole.scorers), Counter[int | None]()
        for one in whole.scorers:
            codes.update(one.closes)
        await asyncio.gather(*(crowd.finish() for crowd in crowds))
        stored = await ground.judge().close(whole.scorers)
        assert all(hub.is_alive() for hub in hubs)
        figure(
            f"{kills} kills of Redis beside {len(hubs)} hub(s), {len(whole.scorers)} members: {stored} acknowledged "
            f"and stored, all members heard of each over {links} connections (closed before the end: {dict(codes)})"
        )


async def test_two_kills_of_redis(ground_on: Any, database_url: str, tmp_path: Path, figure: Any) -> None:
    await campaign(await ground_on(database_url, 2), tmp_path, 2, figure)


@pytest.mark.slow
async def test_fifty_kills_of_redis(ground_on: Any, database_url: str, tmp_path: Path, figure: Any) -> None:
    await campaign(await ground_on(database_url, 4), tmp_path, 50, figure)

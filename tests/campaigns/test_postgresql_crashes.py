"""PostgreSQL crashes again and again under a hub that goes on running: nothing promised is lost, and work goes on."""

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from expert_hub.foundation.migrations import migrate_now
from tests.campaigns.engines import opened_cluster


async def campaign(ground_on: Any, rooms: int, crashes: int, figure: Callable[[str], None]) -> None:
    rng = Random("crashes")
    with opened_cluster() as cluster:
        await cluster.create("hub")
        await asyncio.to_thread(migrate_now, cluster.url("hub"))
        ground = await ground_on(cluster.url("hub"), rooms)
        hub, judge, crowd = ground.hub(), ground.judge(), ground.crowd("p")
        await hub.start()
        crowd.start(hub.address)
        for _ in range(crashes):
            await crowd.more(rng.randrange(20, 60))
            await asyncio.to_thread(cluster.crash)
            await asyncio.sleep(rng.uniform(0, 0.3))
            await asyncio.to_thread(cluster.start)
            await judge.look(crowd.scorers)
        await crowd.more(20)
        await crowd.finish()
        stored = await judge.close(crowd.scorers)
        assert hub.is_alive()
        links, repeated = (sum(getattr(one, name) for one in crowd.scorers) for name in ("links", "repeated"))
        figure(
            f"{crashes} crashes of PostgreSQL under {len(crowd.scorers)} members: {crowd.acks} acknowledged, "
            f"{stored} stored, 0 lost, 0 altered, 0 doubled; {repeated} sent again over {links} connections"
        )
        await ground.clear()


async def test_two_crashes(ground_on: Any, figure: Callable[[str], None]) -> None:
    await campaign(ground_on, 2, 2, figure)


@pytest.mark.slow
async def test_fifty_crashes(ground_on: Any, figure: Callable[[str], None]) -> None:
    await campaign(ground_on, 20, 50, figure)

"""The server is killed again and again while members score: what it acknowledged is there, once and unchanged."""

from collections.abc import Callable
from random import Random
from typing import Any

import pytest


async def campaign(ground: Any, kills: int, acks: int, figure: Callable[[str], None]) -> None:
    hub, judge, rng = ground.hub(), ground.judge(), Random("kills")
    await hub.start()
    crowd = ground.crowd("k")
    crowd.start(hub.address)
    for _ in range(kills):
        await crowd.more(rng.randrange(acks, 2 * acks))
        await hub.kill()
        await judge.look(crowd.scorers)
        await hub.start()
    await crowd.more(acks)
    await crowd.finish()
    stored = await judge.close(crowd.scorers)
    repeated, links = (sum(getattr(one, name) for one in crowd.scorers) for name in ("repeated", "links"))
    assert repeated > 0
    figure(
        f"{kills} kills under {len(crowd.scorers)} members: {crowd.acks} acknowledged, {stored} stored, "
        f"0 lost, 0 altered, 0 doubled; {repeated} sent again over {links} connections"
    )


async def test_three_kills(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 2), kills=3, acks=20, figure=figure)


@pytest.mark.slow
async def test_two_hundred_kills(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 143), kills=200, acks=300, figure=figure)

"""Links are cut, delayed and left half open by a seed; who sends again until it is acknowledged loses nothing."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.campaigns.proxy import Proxy

SCORES = 6


async def campaign(ground: Any, seeds: range, figure: Callable[[str], None]) -> None:
    hub, judge, fates = ground.hub(), ground.judge(), Counter[str]()
    await hub.start()
    crowd = ground.crowd("c")
    for seed in seeds:
        async with Proxy(seed, hub.address, spoiled=3 * len(crowd.scorers)) as proxy:
            for one in crowd.scorers:
                one.finished.clear()
                one.patience_s = 0.4
                one.limit = len(one.sent) + SCORES
            crowd.start(proxy.address)
            await crowd.ended()
            fates += proxy.fates
        await judge.look(crowd.scorers)
    stored = await judge.close(crowd.scorers)
    assert stored == len(seeds) * SCORES * len(crowd.scorers)
    assert fates["cut"] > 0
    assert hub.is_alive()
    links = sum(one.links for one in crowd.scorers)
    spoiled = ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
    figure(f"{len(seeds)} seeds: {stored} acknowledged and stored once over {links} connections ({spoiled})")


async def test_four_seeds(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 1), range(4), figure)


@pytest.mark.slow
async def test_two_hundred_seeds(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 1), range(1_000, 1_200), figure)

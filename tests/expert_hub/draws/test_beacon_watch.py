"""Drawings whose round is out are carried out once, and one that fails keeps no other waiting."""

import asyncio
from typing import Any

from structlog.testing import capture_logs

from expert_hub.draws.beacon_watch import BeaconWatch
from expert_hub.draws.tables import DrawRound


def watch_of(ceremonies: Any, told: list[int] | None = None) -> BeaconWatch:
    async def tell() -> None:
        if told is not None:
            told.append(1)

    return BeaconWatch(ceremonies.hub.database, ceremonies.means, tell)


async def contributed(ceremonies: Any) -> str:
    draw_id: str = await ceremonies.request()
    await ceremonies.commit(draw_id)
    await ceremonies.contribute(draw_id)
    return draw_id


async def test_nothing_is_drawn_before_the_round_and_everything_with_it(ceremonies: Any) -> None:
    told: list[int] = []
    watch = watch_of(ceremonies, told)
    draws = [await contributed(ceremonies) for _ in range(2)]
    assert (await watch.look(), told) == (0, [])
    await ceremonies.beacon(draws[1])
    assert (await watch.look(), told) == (2, [1])
    assert [await ceremonies.state(draw_id) for draw_id in draws] == ["inviting"] * 2
    assert await watch.look() == 0


async def test_however_many_watch_a_drawing_is_carried_out_once(ceremonies: Any) -> None:
    draw_id = await contributed(ceremonies)
    await ceremonies.beacon(draw_id)
    settled = await asyncio.gather(*(watch_of(ceremonies).look() for _ in range(4)))
    assert sum(settled) == 1
    assert len(await ceremonies.positions(draw_id)) == 6


async def test_a_drawing_that_cannot_be_carried_out_keeps_no_other_waiting(ceremonies: Any) -> None:
    broken, whole = await contributed(ceremonies), await contributed(ceremonies)
    async with ceremonies.hub.database.write() as session:
        row = await session.get(DrawRound, (broken, 0))
        row.key_sealed = bytes(40)
    await ceremonies.beacon(whole)
    with capture_logs() as logs:
        assert await watch_of(ceremonies).look() == 1
    assert [await ceremonies.state(draw_id) for draw_id in (broken, whole)] == ["drawing", "inviting"]
    assert [(entry["event"], entry["draw"], entry["error"]) for entry in logs] == [
        ("drawing not carried out", broken, "InvalidTag")
    ]


async def test_it_runs_in_the_background_and_ends(ceremonies: Any) -> None:
    draw_id = await contributed(ceremonies)
    await ceremonies.beacon(draw_id)
    async with watch_of(ceremonies).running():
        async with asyncio.timeout(10):
            while await ceremonies.state(draw_id) != "inviting":
                await asyncio.sleep(0.05)

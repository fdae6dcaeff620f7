"""Who comes next, and when a draw is short."""

from typing import Any

import pytest

from expert_hub.draws.errors import NoAlternateLeft
from expert_hub.draws.invitations import answer
from expert_hub.draws.tables import DrawPosition
from expert_hub.draws.vacancies import supplement
from expert_hub.foundation.errors import NotFound


async def _accept_all(bench: Any) -> list[str]:
    codes = await bench.codes()
    for code in codes:
        async with bench.hub.database.write() as session:
            await answer(session, bench.means, code, accept=True)
    return codes


async def _supplement(bench: Any, draw_id: str, expert_id: str) -> None:
    async with bench.hub.database.write() as session:
        await supplement(session, bench.means, draw_id, expert_id)


async def _experts(bench: Any, outcome: str) -> list[str]:
    return [row.expert_id for row in await bench.rows(DrawPosition, DrawPosition.outcome == outcome)]


async def test_dr_17_a_given_up_place_goes_to_the_next_until_nobody_is_left(bench: Any) -> None:
    draw_id = await bench.draw(2, 1)
    await _accept_all(bench)
    assert await bench.state(draw_id) == "ready"
    first, second = await _experts(bench, "accepted")
    await _supplement(bench, draw_id, first)
    assert await bench.state(draw_id) == "inviting"
    assert sorted(await bench.outcomes()) == ["accepted", "invited", "replaced"]
    with pytest.raises(NoAlternateLeft):
        await _supplement(bench, draw_id, second)
    for expert_id in (first, bench.experts[0]):
        with pytest.raises(NotFound):
            await _supplement(bench, draw_id, expert_id)
    assert sorted(await bench.outcomes()) == ["accepted", "invited", "replaced"]


async def test_the_place_of_who_withdrew_is_not_filled_twice(bench: Any) -> None:
    draw_id = await bench.draw(2, 3)
    code, _ = await _accept_all(bench)
    async with bench.hub.database.write() as session:
        await answer(session, bench.means, code, accept=False)
    (gone,) = await _experts(bench, "withdrawn")
    await _supplement(bench, draw_id, gone)
    assert sorted(await bench.outcomes()) == ["accepted", "drawn", "drawn", "invited", "withdrawn"]


async def test_a_draw_is_ready_when_the_last_seat_is_accepted_and_short_when_nobody_is_left(bench: Any) -> None:
    draw_id = await bench.draw(1, 1)
    for accept, state in ((False, "inviting"), (False, "short")):
        (code,) = await bench.codes()
        async with bench.hub.database.write() as session:
            await answer(session, bench.means, code, accept=accept)
        assert await bench.state(draw_id) == state
    assert await bench.kinds() == [
        "draws/invited",
        "draws/declined",
        "draws/invited",
        "draws/declined",
        "draws/short",
    ]

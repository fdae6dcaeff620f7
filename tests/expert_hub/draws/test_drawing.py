"""From the seed to sealed places: fresh drawings, the next in order, and draws that have nobody left."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from expert_hub.app import Hub, open_hub
from expert_hub.draws import ceremony, drawing
from expert_hub.draws.preparing.frozen_pool import candidates_of, key_of
from expert_hub.draws.tables import Engagement
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings
from tests.expert_hub.draws.ceremonies import SUPERVISOR, Ceremonies, ceremonies_on

SHIPPED = Path(__file__).parents[3] / "src/expert_hub/foundation/packs/government_procurement.toml"


@pytest.fixture
async def in_order(database_url: str, tmp_path: Path, clock: FixedClock, sample: Any) -> AsyncIterator[Ceremonies]:
    """A hub whose pack takes the next alternate in order."""
    (tmp_path / "packs").mkdir()
    pack = SHIPPED.read_text("utf-8").replace('["fresh_seed", "DR-12"', '["next_in_order", "DR-12"')
    (tmp_path / "packs" / "local.toml").write_text(pack, "utf-8")
    settings = Settings(
        database_url=database_url,
        var_dir=tmp_path / "var",
        packs_dir=tmp_path / "packs",
        notifier="file",
        beacons=["own"],
        beacon_lead_s=5,
    )
    hub: Hub = open_hub(settings, clock, SeededChance("hub"))
    yield await ceremonies_on(hub, sample)
    await hub.database.close()


async def test_alternates_drawn_ahead_are_taken_in_order_and_the_verifier_says_so(in_order: Ceremonies) -> None:
    draw_id = await in_order.drawn(await in_order.lot(alternates=4))
    reserve = [row for row in await in_order.positions(draw_id) if row.is_alternate]
    assert (len(reserve), {row.outcome for row in reserve}) == (12, {"drawn"})
    held = await in_order.held(draw_id)
    await in_order.decline(draw_id, 0, 2)
    assert await in_order.replace(draw_id) == 1
    newcomers = await in_order.held(draw_id)
    for seat in (0, 2):
        same = [row.id for row in reserve if row.quota == held[seat].quota]
        assert newcomers[seat].id in same
    assert (await in_order.round(draw_id, 1)).links == []
    await in_order.accept_all(draw_id)
    verdict = await in_order.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert [note for note in verdict.notes if "order" in str(note)]


async def test_a_draw_that_has_nobody_left_is_void_and_verified_as_such(in_order: Ceremonies) -> None:
    lot_id = await in_order.lot(alternates=2)
    draw_id = await in_order.drawn(lot_id)
    for _ in range(4):
        held = await in_order.held(draw_id)
        seats = [seat for seat, row in held.items() if row.quota == 0]
        if await in_order.state(draw_id) != "inviting":
            break
        await in_order.decline(draw_id, seats[0])
        await in_order.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    assert await in_order.state(draw_id) == "short"
    verdict = await in_order.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert json.loads((await in_order.draw(draw_id)).transcript)["result"]["state"] == "void"
    again = await in_order.drawn(lot_id)
    assert json.loads((await in_order.draw(again)).body or "")["attempt"] == 2


async def test_a_place_opens_with_the_key_of_the_pool_and_with_no_half_of_it(ceremonies: Ceremonies) -> None:
    draw_id = await ceremonies.drawn()
    draw, share = await ceremonies.draw(draw_id), await ceremonies.share(draw_id)
    async with ceremonies.hub.database.read() as session:
        key = await key_of(session, ceremonies.means, draw, share)
        pool = await candidates_of(session, ceremonies.means, draw)
    own = bytes.fromhex(ceremonies.hub.vault.open(draw.key_centre_sealed))
    for position in await ceremonies.positions(draw_id):
        assert drawing.names_vault(key).open(position.expert_sealed) in pool
        for half in (own, share):
            with pytest.raises(InvalidTag):
                drawing.names_vault(half).open(position.expert_sealed)


async def test_the_key_is_forgotten_once_it_was_used_and_time_is_taken_for_each_place(ceremonies: Ceremonies) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.commit(draw_id)
    await ceremonies.contribute(draw_id)
    assert (await ceremonies.round(draw_id, 0)).key_sealed is not None
    await ceremonies.settle(draw_id)
    assert (await ceremonies.round(draw_id, 0)).key_sealed is None
    await ceremonies.decline(draw_id, 0)
    async with ceremonies.hub.database.read() as session:
        rows = list((await session.execute(select(Engagement))).scalars())
    assert (len(rows), [row.is_over for row in rows].count(True)) == (6, 1)
    assert not {row.id for row in rows} & {row.id for row in await ceremonies.positions(draw_id)}


async def test_the_same_commitment_links_and_round_give_the_same_places(ceremonies: Ceremonies) -> None:
    draw_id = await ceremonies.drawn()
    draw, row = await ceremonies.draw(draw_id), await ceremonies.round(draw_id, 0)
    async with ceremonies.hub.database.read() as session:
        commitment = await drawing.commitment_of(session, draw)
        bench = await drawing.bench_of(session, draw)
    assert commitment.digest == draw.commitment
    assert list(bench.seats) == [(quota, position) for _, quota, position in row.filled]
    assert (bench.empty, bench.gone) == ((), frozenset())

"""The library with the time that people gave to other panels (C17)."""

from sqlalchemy import select

from expert_hub.draws import drawing
from expert_hub.draws.frozen_pool import key_of
from expert_hub.draws.pool_loading import load_pool
from expert_hub.draws.rules import Officers, request_of
from expert_hub.experts.tables import Expert
from expert_hub.foundation.rule_packs import CENTRE_PACK
from expert_hub.listings import service as listings
from scheduling.eligibility import assess
from tests.expert_hub.draws.ceremonies import Ceremonies


async def eligible(ceremonies: Ceremonies, lot_id: str) -> set[str]:
    async with ceremonies.hub.database.read() as session:
        lot, project = await listings.lot_and_project(session, lot_id)
        means, pack = ceremonies.means, listings.governing_pack(ceremonies.means.packs, project)
        form = listings.form_of(lot)
        request = request_of("r", form, pack, means.packs[CENTRE_PACK], Officers("centre"))
        pool = await load_pool(session, means, request)
        everybody = set((await session.execute(select(Expert.id))).scalars())  # type: ignore[call-overload]
    assert set(pool.candidate_ids) == everybody
    out = assess(pool, request)
    return {pool.candidate_ids[index] for index in out.eligible().nonzero()[0].tolist()}


async def drawn_people(ceremonies: Ceremonies, draw_id: str) -> set[str]:
    async with ceremonies.hub.database.read() as session:
        draw = await ceremonies.draw(draw_id)
        key = await key_of(session, ceremonies.means, draw, await ceremonies.share(draw_id))
    return {drawing.names_vault(key).open(row.expert_sealed) for row in await ceremonies.positions(draw_id)}


async def test_who_sits_elsewhere_at_that_time_is_not_eligible_until_the_time_is_free(ceremonies: Ceremonies) -> None:
    lot_id, elsewhere = await ceremonies.lot(), await ceremonies.lot()
    before = await eligible(ceremonies, lot_id), await eligible(ceremonies, elsewhere)
    draw_id = await ceremonies.drawn(lot_id)
    people = await drawn_people(ceremonies, draw_id)
    assert len(people) == 6
    assert await eligible(ceremonies, lot_id) == before[0] - people
    assert await eligible(ceremonies, elsewhere) == before[1]
    held = await ceremonies.held(draw_id)
    await ceremonies.decline(draw_id, *held)
    assert await eligible(ceremonies, lot_id) == before[0]

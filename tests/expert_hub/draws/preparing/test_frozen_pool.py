"""The frozen pool is read with the key of the hub, and only the right half of its key belongs to it."""

from typing import Any

import pytest
from sqlalchemy import select

from expert_hub.draws.errors import KeyShareWrong
from expert_hub.draws.preparing.frozen_pool import candidates_of, key_of, pack_candidates
from expert_hub.experts.tables import Expert
from expert_hub.foundation.errors import NotFound


async def test_the_pool_holds_everybody_and_says_nobody_in_clear(ceremonies: Any) -> None:
    draw = await ceremonies.draw(await ceremonies.request())
    async with ceremonies.hub.database.read() as session:
        found = await candidates_of(session, ceremonies.means, draw)
        experts = set((await session.execute(select(Expert.id))).scalars())  # type: ignore[call-overload]
    assert (len(found), set(found)) == (len(experts), experts)
    sealed = pack_candidates(ceremonies.means, found)
    assert not [each for each in found if each.encode() in sealed or each.encode().hex().encode() in sealed]


async def test_only_the_supervisors_half_of_this_draw_gives_the_key(ceremonies: Any) -> None:
    first, second = await ceremonies.request(), await ceremonies.request()
    share, other = await ceremonies.share(first), await ceremonies.share(second)
    draw = await ceremonies.draw(first)
    async with ceremonies.hub.database.read() as session:
        assert len(await key_of(session, ceremonies.means, draw, share)) == 32
        for wrong in (other, bytes(32), share[::-1]):
            with pytest.raises(KeyShareWrong):
                await key_of(session, ceremonies.means, draw, wrong)


async def test_a_draw_without_a_pool_has_no_key(ceremonies: Any) -> None:
    draw = await ceremonies.draw(await ceremonies.request())
    share = await ceremonies.share(draw.id)
    draw.id = "none"
    async with ceremonies.hub.database.read() as session:
        with pytest.raises(NotFound):
            await key_of(session, ceremonies.means, draw, share)
        with pytest.raises(NotFound):
            await candidates_of(session, ceremonies.means, draw)

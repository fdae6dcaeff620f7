"""Who sees how much of the picture of a stored draw, on both engines."""

import json
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.draws.explaining.showing import picture_for
from expert_hub.draws.tables import Draw
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.listings.rules import LotState, TenderForm
from expert_hub.listings.service import register
from expert_hub.listings.tables import Lot
from expert_hub.sample.tender import tender_document
from tests.expert_hub.draws.pictured import golden

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
OFFICERS = (Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)
OTHERS = (Role.ADMINISTRATOR, Role.HOST_OPERATOR, Role.PROCURING_ENTITY, Role.ENTITY_REPRESENTATIVE)


def actor(role: Role) -> Actor:
    return Actor(account_id="a", username="a", roles=frozenset({role}))


@pytest.fixture
async def stored(hub: Any) -> Any:
    """Stores a draw of a lot, with the parts of a golden transcript."""

    async def store(**changes: Any) -> str:
        document = golden()
        parts = ("request", "pool", "eligible", "excluded")
        async with hub.database.write() as session:
            form = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
            _, lot = await register(session, hub.clock, hub.chance, hub.packs, form)
            fields: dict[str, Any] = {
                "state": "committed",
                "commitment": "0" * 64,
                "fixed": json.dumps({key: document["commit"][key] for key in parts}),
                "lottery": json.dumps(document["lottery"]),
            }
            session.add(_draw(hub, lot.id, fields | changes))
        return str(lot.id)

    return store


def _draw(hub: Any, lot_id: str, fields: dict[str, Any]) -> Draw:
    return Draw(
        id="d1",
        lot_id=lot_id,
        attempt=1,
        requested_by="centre",
        contributors=[],
        replacement="fresh_seed",
        place="A",
        phone="020",
        funnel={},
        key_centre_sealed=b"",
        key_supervisor_sealed=b"",
        signatures={},
        requested_at=hub.clock.now(),
        **fields,
    )


async def shown(hub: Any, who: Actor | None, language: Any = "en") -> str | None:
    async with hub.database.read() as session:
        try:
            return await picture_for(session, "d1", who, language)
        except NotFound:
            return None


async def test_officers_see_the_chances_once_they_are_committed_and_nobody_else_does(hub: Any, stored: Any) -> None:
    await stored()
    for role in OFFICERS:
        picture = await shown(hub, actor(role))
        assert picture is not None
        assert "committed, result not public · d1" in picture
    for who in (None, *map(actor, OTHERS)):
        assert await shown(hub, who) is None
    assert "已承诺" in (await shown(hub, actor(OFFICERS[0]), "zh") or "")


async def test_before_the_commitment_there_is_no_picture(hub: Any, stored: Any) -> None:
    await stored(state="requested", commitment=None)
    assert await shown(hub, actor(Role.SUPERVISOR)) is None


async def test_the_picture_of_the_commitment_is_the_same_whoever_was_drawn(hub: Any, stored: Any) -> None:
    await stored()
    before = await shown(hub, actor(Role.AUDITOR))
    async with hub.database.write() as session:
        draw = await session.get(Draw, "d1")
        draw.state, draw.drawn_at = "inviting", hub.clock.now()
    assert await shown(hub, actor(Role.AUDITOR)) == before


async def test_the_public_sees_the_transcript_when_the_evaluation_is_over(hub: Any, stored: Any) -> None:
    lot_id = await stored(state="ready", transcript=json.dumps(golden()), checked_in_at=hub.clock.now())
    assert "complete · federated beacon" in (await shown(hub, actor(Role.SUPERVISOR)) or "")
    assert await shown(hub, None) is None
    async with hub.database.write() as session:
        lot = await session.get(Lot, lot_id)
        lot.state = LotState.EVALUATED
    assert "complete · federated beacon" in (await shown(hub, None) or "")


async def test_an_unknown_draw_is_not_found(hub: Any) -> None:
    assert await shown(hub, actor(Role.SUPERVISOR)) is None

"""The picture over HTTP."""

import json
from typing import Any

from expert_hub.draws.tables import Draw
from expert_hub.listings.rules import LotState
from expert_hub.listings.tables import Lot
from tests.expert_hub.draws.pictured import golden

PATH = "/draws/d1/picture.svg"


async def stored(api: Any) -> str:
    """A closed draw of a lot that is being evaluated."""
    lot_id = str(await api.register())
    async with api.hub.database.write() as session:
        session.add(
            Draw(
                id="d1",
                lot_id=lot_id,
                attempt=1,
                state="ready",
                requested_by="centre",
                contributors=[],
                replacement="fresh_seed",
                place="A",
                phone="020",
                fixed="{}",
                lottery="{}",
                funnel={},
                key_centre_sealed=b"",
                key_supervisor_sealed=b"",
                commitment="0" * 64,
                signatures={},
                transcript=json.dumps(golden()),
                requested_at=api.hub.clock.now(),
                checked_in_at=api.hub.clock.now(),
            )
        )
    return lot_id


async def test_officers_get_an_svg_in_their_language_that_can_do_nothing(api: Any) -> None:
    await stored(api)
    for account in ("centre", "supervisor", "auditor"):
        answer = await api.ask("GET", PATH, account)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert answer.headers["content-language"] == "en"
        assert answer.text.startswith("<svg ")
        assert "The draw at a glance" in answer.text
    answer = await api.ask("GET", PATH, "centre", headers={"accept-language": "zh-CN"})
    assert "专家抽取一览" in answer.text


async def test_everyone_else_waits_for_the_end_of_the_evaluation(api: Any) -> None:
    lot_id = await stored(api)
    for account in (None, "entity", "host", "representative"):
        assert await api.refused("GET", PATH, account) == (404, "hub/not-found")
    async with api.hub.database.write() as session:
        lot = await session.get(Lot, lot_id)
        lot.state = LotState.EVALUATED
    assert (await api.ask("GET", PATH, None)).status_code == 200


async def test_a_draw_that_is_not_there_is_not_found(api: Any) -> None:
    assert await api.refused("GET", PATH, "supervisor") == (404, "hub/not-found")

"""The steps of a draw over HTTP on a real server."""

import asyncio
import hashlib
from typing import Any

import pytest
from scheduling.replay import replay
from sqlalchemy import select

from expert_hub.draws.tables import DrawPosition
from expert_hub.experts.tables import Expert

SECRET = b"s" * 32
PLEDGE = {"sha256": hashlib.sha256(SECRET).hexdigest()}
ORDER = {"place": "A", "phone": "020"}


async def test_a_draw_is_committed_before_the_secret_and_verified_after(api: Any) -> None:
    lot_id = await api.register()
    draw = await api.post("/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert draw["state"] == "requested"
    assert draw["counts"]["pool"] > 250
    committed = await api.post(f"/draws/{draw['id']}/pledge", "supervisor", PLEDGE)
    assert committed["state"] == "committed"
    drawn = await api.post(f"/draws/{draw['id']}/reveal", "supervisor", {"secret": SECRET.hex()})
    assert drawn["state"] == "inviting"
    answer = await api.ask("GET", f"/draws/{draw['id']}/transcript.json", "auditor")
    assert replay(answer.content, committed["commitment"]).ok
    assert not replay(answer.content, "0" * 64).ok


async def test_each_state_has_one_next_step(api: Any) -> None:
    lot_id = await api.register()
    draw = await api.post("/draws", "centre", {"lot_id": lot_id, **ORDER})
    path = f"/draws/{draw['id']}"
    secret = {"secret": SECRET.hex()}
    assert await api.refused("POST", f"{path}/reveal", "supervisor", secret) == (409, "draws/wrong-state")
    assert await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER}) == (409, "draws/draw-exists")
    assert await api.refused("POST", f"{path}/pledge", "supervisor", {"sha256": "x"}) == (422, "draws/pledge-invalid")
    await api.post(f"{path}/pledge", "supervisor", PLEDGE)
    assert await api.refused("POST", f"{path}/pledge", "supervisor", PLEDGE) == (409, "draws/wrong-state")
    for wrong in ("00" * 32, "not hex", ""):
        refusal = await api.refused("POST", f"{path}/reveal", "supervisor", {"secret": wrong})
        assert refusal == (409, "draws/reveal-mismatch")
    await api.post(f"{path}/reveal", "supervisor", secret)
    assert await api.refused("POST", f"{path}/reveal", "supervisor", secret) == (409, "draws/wrong-state")


async def test_two_confirmations_at_once_make_one_draw(api: Any) -> None:
    lot_id = await api.register()
    draw = await api.post("/draws", "centre", {"lot_id": lot_id, **ORDER})
    await api.post(f"/draws/{draw['id']}/pledge", "supervisor", PLEDGE)
    body = {"secret": SECRET.hex()}
    answers = await asyncio.gather(
        *(api.ask("POST", f"/draws/{draw['id']}/reveal", "supervisor", json=body) for _ in range(6))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409, 409, 409]
    async with api.hub.database.read() as session:
        positions = list((await session.execute(select(DrawPosition))).scalars())
    assert len(positions) == 12


async def test_dr_14_nobody_reads_who_was_drawn(api: Any) -> None:
    lot_id = await api.register()
    draw_id = await api.draw(lot_id)
    async with api.hub.database.read() as session:
        drawn = {row.expert_id for row in (await session.execute(select(DrawPosition))).scalars()}
        names = {row.name for row in (await session.execute(select(Expert))).scalars() if row.id in drawn}
    for account in ("centre", "supervisor", "auditor"):
        for path in (f"/draws/{draw_id}", f"/draws/{draw_id}/transcript.json"):
            text = (await api.ask("GET", path, account)).text
            assert not any(name in text for name in names | drawn)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"committee__size": 5}, "draws/committee-unlawful"),
        ({"committee__representatives": 2}, "draws/committee-unlawful"),
        ({"committee__alternates": 40}, "draw/pool-too-small"),
        ({"committee__quotas": [{"id": "q", "speciality": "A9999", "count": 6}]}, "draws/unknown-speciality"),
    ],
)
async def test_unlawful_requests_are_refused_and_leave_nothing(api: Any, changes: dict[str, Any], code: str) -> None:
    lot_id = await api.register(**changes)
    status, refusal = await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert (refusal, status // 100) == (code, 4)
    assert (await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER}))[1] == code


async def test_the_public_reads_the_transcript_only_after_the_evaluation(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    for account in (None, "entity", "host", "representative"):
        refusal = await api.refused("GET", f"/draws/{draw_id}/transcript.json", account)
        assert refusal == (404, "hub/not-found")


async def test_roles_are_separate(api: Any) -> None:
    lot_id = await api.register()
    for account in ("supervisor", "auditor", "host", "entity", "admin"):
        refusal = await api.refused("POST", "/draws", account, {"lot_id": lot_id, **ORDER})
        assert refusal == (403, "identity/forbidden")
    draw = await api.post("/draws", "centre", {"lot_id": lot_id, **ORDER})
    for account in ("centre", "auditor", "host"):
        refusal = await api.refused("POST", f"/draws/{draw['id']}/pledge", account, PLEDGE)
        assert refusal == (403, "identity/forbidden")
    assert await api.refused("GET", f"/draws/{draw['id']}", None) == (401, "identity/unauthenticated")


async def test_a_lot_has_one_draw_however_many_ask(api: Any) -> None:
    order = {"lot_id": await api.register(), "place": "A", "phone": "020"}
    answers = await asyncio.gather(*(api.ask("POST", "/draws", "centre", json=order) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {answer.json().get("code") for answer in answers} == {None, "draws/draw-exists"}


@pytest.mark.parametrize(("name", "value"), [("place", "a\x00"), ("place", "x" * 256), ("phone", "1" * 33)])
async def test_orders_that_no_column_holds_are_refused(api: Any, name: str, value: str) -> None:
    order = {"lot_id": await api.register(), "place": "A", "phone": "020", name: value}
    assert await api.refused("POST", "/draws", "centre", order) == (422, "hub/invalid-input")

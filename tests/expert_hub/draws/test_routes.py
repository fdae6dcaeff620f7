"""The steps of a draw over HTTP on a real server."""

import asyncio
import hashlib
from typing import Any

import pytest
from sqlalchemy import select

from expert_hub.draws.tables import DrawPosition
from expert_hub.experts.tables import Expert
from scheduling.replay import replay

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


async def test_dr_13_the_message_names_no_project_entity_bidder_or_member(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    texts = "".join(path.read_text("utf-8") for path in api.hub.settings.outbox_dir.glob("*.json"))
    for secret in ("SAMPLE-GP", "校园网络", "南粤", "样例智慧", "粤海"):
        assert secret not in texts
    assert "2026-03-02 09:30" in texts


async def test_a_refusal_asks_the_next_alternate_until_none_is_left(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    seen: set[str] = set()
    declined = 0
    while (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "inviting":
        waiting = [code for code in await api.codes(6 + min(declined, 6)) if code not in seen]
        if not waiting:
            break
        seen.add(waiting[0])
        await api.post("/invitations/answer", None, {"code": waiting[0], "accept": False})
        declined += 1
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "short"
    # Three quotas of two seats and two alternates: at the latest the seventh refusal leaves one quota without.
    assert 3 <= declined <= 7


async def test_a_short_draw_may_be_followed_by_one_that_names_it(api: Any) -> None:
    lot_id = await api.register(committee__alternates=0)
    first = await api.draw(lot_id)
    commitment = (await api.get(f"/draws/{first}", "centre"))["commitment"]
    await api.post("/invitations/answer", None, {"code": (await api.codes(6))[0], "accept": False})
    second = await api.draw(lot_id)
    transcript = (await api.ask("GET", f"/draws/{second}/transcript.json", "auditor")).json()
    assert transcript["commit"]["attempt"] == 2
    assert transcript["commit"]["previous"] == [commitment]


async def test_an_invitation_is_answered_once_and_by_its_code_only(api: Any) -> None:
    await api.draw(await api.register())
    code = (await api.codes(6))[0]
    answer = await api.post("/invitations/answer", None, {"code": code.upper(), "accept": True})
    api.tokens["expert"] = answer["access_token"]
    assert (await api.get("/me", "expert"))["roles"] == ["expert"]
    again = await api.refused("POST", "/invitations/answer", None, {"code": code, "accept": False})
    assert again == (409, "draws/invitation-answered")
    unknown = await api.refused("POST", "/invitations/answer", None, {"code": "a" * 16, "accept": True})
    assert unknown == (404, "draws/invitation-unknown")


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

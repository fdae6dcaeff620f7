"""The steps of a draw over HTTP on a real server."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import select

from expert_hub.app import Hub, open_hub
from expert_hub.draws.beacon_watch import BeaconWatch
from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.beacon_chains import time_of_round
from expert_hub.draws.beacons.beacon_client import RelayBeacon
from expert_hub.draws.beacons.beacon_desk import BeaconDesk
from expert_hub.draws.beacons.private_beacon import own_chain, sign_round
from expert_hub.draws.contributors.chains import tip_of
from expert_hub.draws.contributors.escrow import Holder, deal, open_share
from expert_hub.draws.contributors.party_keys import create_keys, own_link
from expert_hub.draws.drawing import names_vault
from expert_hub.draws.policy import PUBLIC, ListedBeacon
from expert_hub.draws.preparing.frozen_pool import key_of
from expert_hub.draws.rules import NEXT_STEP, DrawState
from expert_hub.draws.service import draw_named, mark_checked_in
from expert_hub.draws.store import rounds_of
from expert_hub.draws.tables import DrawPosition
from expert_hub.experts.tables import Expert
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.party_agent.errors import HubRefused
from scheduling.canonical import encode
from scheduling.seed import h
from scheduling.verify_draw import verify

ORDER = {"place": "A", "phone": "020"}
FAR_SECRET = bls.secret_from(b"a beacon somewhere else in the world, 48 bytes..")
FAR_CHAIN = own_chain("far", FAR_SECRET, 3, 1_692_803_367)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path, clock: FixedClock, request: Any) -> AsyncIterator[Hub]:
    """As everywhere; for a test that carries rounds in by hand, the only chain is a public one without a relay."""
    settings = Settings(
        database_url=database_url,
        var_dir=tmp_path / "var",
        notifier="file",
        beacons=["own"],
        own_beacon_period_s=1,
        beacon_lead_s=5,
    )
    hub = open_hub(settings, clock, SeededChance("hub"))
    if "by_hand" in request.fixturenames:
        desk = BeaconDesk(
            [(ListedBeacon(PUBLIC, FAR_CHAIN), RelayBeacon(()))], timedelta(seconds=5), timedelta(hours=1)
        )
        hub.means = msgspec.structs.replace(hub.means, desk=desk)
        hub.watch = BeaconWatch(hub.database, hub.means, hub.worker.nudge)
    yield hub
    await hub.database.close()


@pytest.fixture
def by_hand() -> Callable[[int], tuple[datetime, str]]:
    """When a round of the far chain is due, and its signature."""
    return lambda number: (time_of_round(FAR_CHAIN, number), sign_round(FAR_SECRET, FAR_CHAIN, number).signature.hex())


async def verdict(api: Any, draw_id: str, account: str | None) -> Any:
    """What a stranger says who fetches transcript and policy as this account."""
    draw = await api.get(f"/draws/{draw_id}", "supervisor")
    transcript = (await api.ask("GET", f"/draws/{draw_id}/transcript.json", account)).content
    policy = (await api.ask("GET", f"/draw-policies/{draw['policy']}")).content
    return await asyncio.to_thread(verify, transcript, policy, (draw["commitment"],))


async def check_in(api: Any, draw_id: str) -> None:
    """Note that all members have checked in."""
    async with api.hub.database.write() as session:
        await mark_checked_in(session, draw_id, api.hub.clock.now())


async def test_the_supervisors_program_takes_a_draw_through_and_a_stranger_verifies_it(api: Any) -> None:
    lot_id = await api.register()
    draw_id = await api.request(lot_id)
    agent = await api.party()
    seen = []
    for _ in range(3):
        seen += [step.split()[0] for step in await agent.step()]
    assert seen == ["sign", "cosign", "link"]
    assert await agent.step() == []
    view = await api.get(f"/draws/{draw_id}", "centre")
    assert (view["state"], view["round"]["state"], view["round"]["revealed"]) == (
        "drawing",
        "contributed",
        ["centre", "supervisor"],
    )
    assert await api.await_beacon(draw_id)
    await api.accept_all(draw_id)
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "ready"
    await agent.close(draw_id)
    await check_in(api, draw_id)
    found = await verdict(api, draw_id, "auditor")
    assert (found.findings, found.ok) == ((), True)


async def test_each_state_has_one_next_step_and_says_which(api: Any) -> None:
    lot_id = await api.register()
    draw_id = await api.request(lot_id)
    agent, path = await api.party(), f"/draws/{draw_id}"
    wrong = (409, "draws/wrong-state")
    said = []
    for _ in range(4):
        view = await api.get(path, "supervisor")
        said.append((view["state"], (view["round"] or {}).get("state")))
        assert view["next_step"]
        assert await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER}) == (409, "draws/draw-exists")
        assert await api.refused("POST", f"{path}/replacements", "supervisor", {}) == wrong
        assert await api.refused("POST", f"{path}/closing", "supervisor", {}) == wrong
        if view["round"]:
            assert await api.refused("POST", f"{path}/proposal", "supervisor", {}) == wrong
            assert await api.refused("POST", f"{path}/commit", "supervisor", {"signature": "00" * 64}) == wrong
        if said[-1][1] != "contributed":
            fallback = await api.ask("POST", f"{path}/rounds/0/fallback", "supervisor")
            assert fallback.status_code == (409 if view["round"] else 404)
        if not await agent.step():
            await api.await_beacon(draw_id)
    assert said == [("requested", None), *(("drawing", state) for state in ("opened", "witnessed", "contributed"))]
    assert (await api.get(path, "supervisor"))["state"] == "inviting"


async def test_dr_14_names_are_read_after_check_in_with_both_halves_of_the_key(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    await api.accept_all(draw_id)
    agent, path = await api.party(), f"/draws/{draw_id}"
    with pytest.raises(HubRefused, match="draws/names-sealed"):
        await agent.names(draw_id)
    await check_in(api, draw_id)
    share = {"key_share": "00" * 32}
    assert await api.refused("POST", f"{path}/names", "supervisor", share) == (422, "draws/key-share-wrong")
    for account in ("centre", "auditor", "host", "entity", "admin"):
        assert await api.refused("POST", f"{path}/names", account, share) == (403, "identity/forbidden")
    names = await agent.names(draw_id)
    assert len(set(names)) == 6
    assert await agent.names(draw_id) == names
    async with api.hub.database.read() as session:
        kinds = list((await session.execute(select(LedgerEntry.kind))).scalars())  # type: ignore[call-overload]
    assert kinds.count("draws/names-revealed") == 1


async def test_names_come_by_seat_also_after_a_replacement(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    first = await people(api, draw_id)
    codes = await api.codes(6)
    await api.post("/invitations/answer", None, {"code": codes[0], "accept": False})
    assert await api.drive(draw_id) == "inviting"
    for code in await api.codes(7):
        await api.ask("POST", "/invitations/answer", json={"code": code, "accept": True})
    await check_in(api, draw_id)
    names = await (await api.party()).names(draw_id)
    assert names == list((await people(api, draw_id)).values())
    assert sum(one != other for one, other in zip(names, first.values(), strict=True)) == 1


async def people(api: Any, draw_id: str) -> dict[int, str]:
    """Who was drawn last for each seat, opened with both halves of the key."""
    async with api.hub.database.read() as session:
        draw = await draw_named(session, draw_id)
        agent = await api.party()
        key = await key_of(session, api.hub.means, draw, await agent._share(draw_id))
        rows = list((await session.execute(select(DrawPosition).order_by(DrawPosition.number))).scalars())  # type: ignore[arg-type]
    newest = {row.seat: names_vault(key).open(row.expert_sealed) for row in rows}
    return dict(sorted(newest.items()))


async def test_an_expert_is_told_the_own_leaf_and_can_check_it(api: Any) -> None:
    draw_id = await api.request(await api.register())
    agent = await api.party()
    await agent.step()
    async with api.hub.database.read() as session:
        expert_id = (await session.execute(select(Expert.id).limit(1))).scalar_one()  # type: ignore[call-overload]
        body = json.loads((await draw_named(session, draw_id)).body)
    position, leaf, proof = await agent.leaf(draw_id, expert_id)
    assert root_of(leaf, position, proof, body["pool"]["size"]) == body["pool"]["root"]
    with pytest.raises(HubRefused, match="hub/not-found"):
        await agent.leaf(draw_id, "nobody")
    wrong = {"expert_id": expert_id, "key_share": "00" * 32}
    assert await api.refused("POST", f"/draws/{draw_id}/leaf", "supervisor", wrong) == (422, "draws/key-share-wrong")
    assert await api.refused("POST", f"/draws/{draw_id}/leaf", "centre", wrong) == (403, "identity/forbidden")


def root_of(leaf: Any, position: int, proof: list[str], size: int) -> str:
    """RFC 9162, section 2.1.3.2, with the digests of the protocol."""
    node, last = h("leaf", encode(leaf)), size - 1
    for sibling in map(bytes.fromhex, proof):
        if position & 1 or position == last:
            node = h("node", sibling, node)
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        else:
            node = h("node", node, sibling)
        position, last = position >> 1, last >> 1
    return node.hex()


async def test_the_centre_is_not_told_when_a_seat_falls_empty_and_learns_that_a_draw_is_void(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    path = f"/draws/{draw_id}"
    before = await api.get(path, "centre")
    await api.post("/invitations/answer", None, {"code": (await api.codes(6))[0], "accept": False})
    assert await api.get(path, "centre") == before
    assert (await api.get(path, "auditor"))["state"] == "vacant"
    agent = await api.party()
    for state in ("opened", "witnessed", "contributed"):
        await agent.step()
        assert await api.get(path, "centre") == before
        assert (await api.get(path, "supervisor"))["round"]["state"] == state
    await api.post(f"{path}/void", "supervisor", {})
    for account in ("centre", "supervisor"):
        view = await api.get(path, account)
        assert (view["state"], view["round"], view["next_step"]) == ("void", None, NEXT_STEP[DrawState.VOID])
    for account in ("centre", "auditor", "host"):
        assert (await api.ask("POST", f"{path}/void", account)).status_code == 403


async def test_a_round_is_carried_in_by_hand_where_no_line_leads(api: Any, by_hand: Any) -> None:
    draw_id = await api.request(await api.register())
    agent, path = await api.party(), f"/draws/{draw_id}/rounds/0/beacon"
    for _ in range(3):
        await agent.step()
    (item,) = (await api.get(f"/draws/{draw_id}", "centre"))["round"]["plan"]
    assert item["level"] == "public"
    due, signed = by_hand(item["round"])
    text = {"text": signed}
    assert await api.refused("POST", path, "centre", text) == (409, "draws/not-yet-due")
    api.hub.clock.at = due
    assert await api.hub.watch.look() == 0
    _, another = by_hand(item["round"] + 1)
    assert await api.refused("POST", path, "centre", {"text": another}) == (422, "draws/beacon-signature-invalid")
    assert await api.refused("POST", path, "centre", {"text": "?"}) == (422, "draws/beacon-round-malformed")
    assert await api.refused("POST", path, "auditor", text) == (403, "identity/forbidden")
    assert (await api.post(path, "centre", text))["state"] == "inviting"
    assert await api.refused("POST", path, "centre", text) == (409, "draws/wrong-state")
    await api.accept_all(draw_id)
    await agent.close(draw_id)
    await check_in(api, draw_id)
    found = await verdict(api, draw_id, "supervisor")
    assert (found.findings, found.ok) == ((), True)


async def test_shares_of_the_holders_open_a_withheld_link(api: Any) -> None:
    holder_keys = [X25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at in (1, 2)]
    keys = create_keys("supervisor", 8, SeededChance("escrow"))
    holders = [Holder(f"h{at}", key.public_key().public_bytes_raw()) for at, key in enumerate(holder_keys)]
    escrow = deal(keys.root, tip_of(keys.root, keys.length), 2, holders, SeededChance("deal"))
    api.parties["supervisor"] = api.agent("supervisor", keys)
    await api.parties["supervisor"].register(escrow)
    draw_id = await api.request(await api.register())
    for _ in range(2):
        await api.parties["supervisor"].step()
    path = f"/draws/{draw_id}/rounds/0/escrow"
    opened = [open_share(key, dealt.sealed).hex() for key, dealt in zip(holder_keys, escrow.shares, strict=True)]
    body = {"party": "supervisor", "shares": {"h0": opened[0], "h1": opened[1]}}
    assert await api.refused("POST", path, "centre", body) == (409, "draws/not-yet-due")
    api.hub.clock.move(minutes=1)
    crossed = {"party": "supervisor", "shares": {"h0": opened[1], "h1": opened[0]}}
    assert await api.refused("POST", path, "centre", crossed) == (422, "draws/escrow-share-wrong")
    assert await api.refused("POST", path, "host", body) == (403, "identity/forbidden")
    await api.post(path, "centre", body)
    async with api.hub.database.read() as session:
        (row,) = await rounds_of(session, draw_id)
    assert row.revealed["supervisor"] == own_link(keys, 1).hex()


async def test_what_is_no_hexadecimal_of_its_length_is_refused(api: Any) -> None:
    draw_id = await api.request(await api.register())
    path, refusal = f"/draws/{draw_id}", (422, "draws/hexadecimal-expected")
    for text in ("", "zz" * 64, "00" * 63):
        assert await api.refused("POST", f"{path}/commit", "supervisor", {"signature": text}) == refusal
    link = {"party": "supervisor", "link": "00" * 31}
    assert await api.refused("POST", f"{path}/rounds/0/link", "supervisor", link) == refusal
    shares = {"party": "supervisor", "shares": {"h": "00"}}
    assert await api.refused("POST", f"{path}/rounds/0/escrow", "centre", shares) == refusal
    long = {"signature": "0" * 1001}
    assert await api.refused("POST", f"{path}/commit", "supervisor", long) == (422, "hub/invalid-input")


async def test_the_public_reads_the_transcript_only_after_the_evaluation(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    await api.accept_all(draw_id)
    await (await api.party()).close(draw_id)
    for account in (None, "entity", "host", "representative", "centre", "supervisor", "auditor"):
        refusal = await api.refused("GET", f"/draws/{draw_id}/transcript.json", account)
        assert refusal == (404, "hub/not-found")
    assert await api.refused("GET", f"/draw-policies/{'0' * 64}", None) == (404, "hub/not-found")


async def test_roles_are_separate(api: Any) -> None:
    lot_id = await api.register()
    forbidden = (403, "identity/forbidden")
    for account in ("supervisor", "auditor", "host", "entity", "admin"):
        assert await api.refused("POST", "/draws", account, {"lot_id": lot_id, **ORDER}) == forbidden
    path = f"/draws/{await api.request(lot_id)}"
    line, link = {"line": "x"}, {"party": "supervisor", "link": "00" * 32}
    steps = {
        f"{path}/proposal": {},
        f"{path}/commit": {"signature": "00" * 64},
        f"{path}/rounds/0/cosignature": line,
        f"{path}/rounds/0/link": link,
        f"{path}/replacements": {},
        f"{path}/closing": {},
        f"{path}/closing/cosignature": line,
        f"{path}/outcomes/0/0": {"signature": "00" * 64},
    }
    for step, body in steps.items():
        for account in ("centre", "host", "entity", "admin"):
            assert await api.refused("POST", step, account, body) == forbidden, step
        assert await api.refused("POST", step, None, body) == (401, "identity/unauthenticated")
    for reading in (path, f"{path}/invitations"):
        for account in ("host", "entity", "admin"):
            assert await api.refused("GET", reading, account) == forbidden
    for reading in (f"{path}/sealed-key", f"{path}/outcomes"):
        for account in ("centre", "auditor", "host"):
            assert await api.refused("GET", reading, account) == forbidden
    assert await api.refused("GET", path, None) == (401, "identity/unauthenticated")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"committee__size": 5}, "committee/too-small"),
        ({"committee__representatives": 2}, "committee/seats-mismatch"),
        ({"committee__alternates": 90}, "draw/pool-too-small"),
        ({"committee__quotas": [{"id": "q", "speciality": "A9999", "count": 6}]}, "draws/unknown-speciality"),
    ],
)
async def test_unlawful_requests_are_refused_and_leave_nothing(api: Any, changes: dict[str, Any], code: str) -> None:
    await api.party()
    lot_id = await api.register(**changes)
    status, refusal = await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER})
    assert (refusal, status // 100) == (code, 4)
    assert (await api.refused("POST", "/draws", "centre", {"lot_id": lot_id, **ORDER}))[1] == code


async def test_a_lot_has_one_draw_however_many_ask(api: Any) -> None:
    await api.party()
    order = {"lot_id": await api.register(), "place": "A", "phone": "020"}
    answers = await asyncio.gather(*(api.ask("POST", "/draws", "centre", json=order) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {answer.json().get("code") for answer in answers} == {None, "draws/draw-exists"}


@pytest.mark.parametrize(("name", "value"), [("place", "a\x00"), ("place", "x" * 256), ("phone", "1" * 33)])
async def test_orders_that_no_column_holds_are_refused(api: Any, name: str, value: str) -> None:
    order = {"lot_id": await api.register(), "place": "A", "phone": "020", name: value}
    assert await api.refused("POST", "/draws", "centre", order) == (422, "hub/invalid-input")

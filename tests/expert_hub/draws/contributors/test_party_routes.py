"""Parties over HTTP: who registers, what strangers read, and whether the ledger only grew."""

from typing import Any

from expert_hub.draws.contributors.party_keys import create_keys
from expert_hub.draws.contributors.registration import registration_of
from expert_hub.foundation.chance import SeededChance
from expert_hub.ledger.notes import read
from expert_hub.ledger.proofs import is_consistent
from expert_hub.ledger.service import checkpoint_at, newest_entry


async def test_a_party_registers_and_everybody_sees_its_public_half(api: Any) -> None:
    keys = create_keys("supervisor", 8, SeededChance("s"))
    document = registration_of(keys, None)
    for account in ("centre", "host", "entity", "admin"):
        assert await api.refused("POST", "/draw-parties", account, document) == (403, "identity/forbidden")
    assert await api.refused("POST", "/draw-parties", None, document) == (401, "identity/unauthenticated")
    assert await api.refused("POST", "/draw-parties", "auditor", document) == (403, "draws/party-refused")
    broken = {**document, "chain": {"tip": document["chain"]["tip"], "length": 9}}
    assert await api.refused("POST", "/draw-parties", "supervisor", broken) == (422, "draws/registration-invalid")
    await api.post("/draw-parties", "supervisor", document)
    assert await api.refused("POST", "/draw-parties", "supervisor", document) == (409, "draws/chain-known")
    (seen,) = await api.get("/draw-parties")
    assert (seen["party"], seen["tip"], seen["ed25519"]) == ("supervisor", document["chain"]["tip"], keys.ed25519.hex())
    # How many links were used would tell how often seats fell empty.
    assert sorted(seen) == ["ed25519", "entry", "is_retired", "length", "party", "tip", "x25519"]


async def test_tasks_are_for_parties(api: Any) -> None:
    await api.request(await api.register())
    for account in ("centre", "host", "entity"):
        assert await api.refused("GET", "/draw-tasks", account) == (403, "identity/forbidden")
    (task,) = await api.get("/draw-tasks", "supervisor")
    assert (task["step"], task["number"]) == ("sign", 0)
    assert await api.get("/draw-tasks", "auditor") == []


async def test_a_witness_can_check_that_the_ledger_only_grew(api: Any) -> None:
    draw_id = await api.request(await api.register())
    agent = await api.party()
    await agent.step()
    first, _ = read((await api.get(f"/draws/{draw_id}", "supervisor"))["round"]["checkpoint"])
    await api.request(await api.register(project__code="P-2", lot__code="L-2"))
    async with api.hub.database.read() as session:
        second = checkpoint_at("hub", await newest_entry(session))
    path = f"/ledger/consistency?old={first.size}&new={second.size}"
    proof = [bytes.fromhex(node) for node in (await api.get(path, "supervisor"))["proof"]]
    assert is_consistent((first.size, first.root), (second.size, second.root), proof)
    assert not is_consistent((first.size, second.root), (second.size, second.root), proof)
    beyond = f"/ledger/consistency?old=1&new={second.size + 1}"
    huge = f"/ledger/consistency?old=1&new={10**30}"
    for bad in (beyond, huge, f"/ledger/consistency?old={second.size}&new=1", "/ledger/consistency?old=-1&new=1"):
        assert await api.refused("GET", bad, "supervisor") == (404, "hub/not-found")
    assert await api.refused("GET", path, "centre") == (403, "identity/forbidden")
    assert await api.refused("GET", "/ledger/consistency?old=x&new=1", "supervisor") == (422, "hub/invalid-input")

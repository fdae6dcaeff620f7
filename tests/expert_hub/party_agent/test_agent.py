"""The program of a party does not trust the hub: it signs what it recomputed, and a hub that lies is refused.

The lying hub is a real one whose answers are changed on the way.
"""

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest

from expert_hub.foundation.clock import FixedClock
from expert_hub.ledger.merkle import leaf_hash
from expert_hub.ledger.notes import Checkpoint, Signer, read, signed
from expert_hub.party_agent.agent import PartyAgent, checked
from expert_hub.party_agent.errors import HubRefused, LedgerRewritten, ProposalDishonest
from expert_hub.party_agent.memory import Memory
from scheduling.transcript import commit_digest

Change = Callable[[str, Any], Any]


class Liar(httpx.AsyncBaseTransport):
    """Passes requests on and changes the answers."""

    def __init__(self, change: Change) -> None:
        self._way, self._change = httpx.AsyncHTTPTransport(), change
        self.sent: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._way.handle_async_request(request)
        content = await answer.aread()
        await answer.aclose()
        self.sent.append(request.url.path.rsplit("/", 1)[-1])
        if answer.is_success and content:
            content = json.dumps(self._change(request.url.path, json.loads(content))).encode()
        return httpx.Response(answer.status_code, content=content, headers={"content-type": "application/json"})

    async def aclose(self) -> None:
        await self._way.aclose()


def deceived(api: Any, change: Change, clock: Any = None) -> tuple[PartyAgent, Liar]:
    """The registered supervisor's program, talking to a hub that lies."""
    honest, liar = api.parties["supervisor"], Liar(change)
    headers = {"authorization": f"Bearer {api.tokens['supervisor']}"}
    client = httpx.AsyncClient(transport=liar, base_url=f"http://{api.address}/api/v1", headers=headers, timeout=30)
    api.clients.append(client)
    memory = Memory(api.hub.settings.var_dir / f"deceived-{len(api.clients)}.json")
    return PartyAgent(client, honest._keys, memory, clock or api.hub.clock), liar


def on(end: str, change: Callable[[Any], Any]) -> Change:
    """Change only answers whose path ends so."""
    return lambda path, found: change(found) if path.endswith(end) else found


def with_body(**changes: Any) -> Change:
    """A proposal whose body was changed, with the digest that fits."""

    def change(found: Any) -> Any:
        body = {**found["body"], **changes}
        return {"body": body, "digest": commit_digest(body)}

    return on("/proposal", change)


LIES: dict[str, tuple[Change, str]] = {
    "another digest": (on("/proposal", lambda found: {**found, "digest": "0" * 64}), "digest"),
    "another draw": (with_body(draw="another"), "digest"),
    "another chain": (
        with_body(parties=[{"party": "supervisor", "tip": "0" * 64, "index": 1}]),
        "chain",
    ),
    "no link of this party": (with_body(parties=[]), "chain"),
    "a round that is out": (
        on(
            "/proposal",
            lambda found: (lambda body: {"body": body, "digest": commit_digest(body)})(
                {**found["body"], "plan": [{**found["body"]["plan"][0], "round": 1}]}
            ),
        ),
        "beacon",
    ),
    "a time that is past": (with_body(committed_at="2026-03-01T00:00:00Z"), "clock"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_dishonest_proposal_is_not_signed(api: Any, lie: str) -> None:
    draw_id = await api.request(await api.register())
    change, why = LIES[lie]
    agent, liar = deceived(api, change)
    with pytest.raises(ProposalDishonest) as refusal:
        await agent.step()
    assert refusal.value.facts == {"why": why}
    assert "commit" not in liar.sent
    assert (await api.get(f"/draws/{draw_id}", "supervisor"))["state"] == "requested"


async def test_a_policy_with_other_keys_is_not_signed(api: Any) -> None:
    await api.request(await api.register())
    agent, _ = deceived(api, lambda path, found: {**found, "parties": {}} if "draw-policies" in path else found)
    with pytest.raises(ProposalDishonest, match="policy"):
        await agent.step()


async def test_a_draw_that_hides_an_earlier_attempt_is_not_signed(api: Any) -> None:
    lot_id = await api.register()
    first = await api.request(lot_id)
    agent, _ = deceived(api, lambda path, found: found)
    await agent.step()
    await api.post(f"/draws/{first}/void", "supervisor", {})
    second = await api.request(lot_id)
    agent._client, honest = deceived(api, with_body(attempt=1, previous=[]))[0]._client, agent._client
    with pytest.raises(ProposalDishonest, match="attempts"):
        await agent.step()
    agent._client = honest
    assert await agent.step() == [f"sign {second} 0"]


async def test_a_checkpoint_that_the_ledger_did_not_sign_is_not_cosigned(api: Any) -> None:
    await api.request(await api.register())
    await api.parties["supervisor"].step()

    def forged(found: Any) -> Any:
        checkpoint, _ = read(found["round"]["checkpoint"])
        stranger = Signer(checkpoint.origin, api.parties["supervisor"]._keys.signing_key)
        return {**found, "round": {**found["round"], "checkpoint": signed(checkpoint, stranger)}}

    # Without a memory of the policy, as after a restart.
    agent, liar = deceived(api, lambda path, found: forged(found) if "round" in found else found)
    with pytest.raises(ProposalDishonest, match="checkpoint"):
        await agent.step()
    assert "cosignature" not in liar.sent


async def test_a_ledger_that_was_rewritten_is_not_cosigned(api: Any) -> None:
    await api.request(await api.register())
    await api.parties["supervisor"].step()

    def rewritten(found: Any) -> Any:
        checkpoint, _ = read(found["round"]["checkpoint"])
        other = Checkpoint(checkpoint.origin, checkpoint.size, leaf_hash(b"another history"))
        return {**found, "round": {**found["round"], "checkpoint": signed(other, api.hub.log)}}

    agent, liar = deceived(api, lambda path, found: rewritten(found) if "round" in found else found)
    agent._memory.seen.size, agent._memory.seen.root = 1, "0" * 64
    with pytest.raises(LedgerRewritten):
        await agent.step()
    assert "cosignature" not in liar.sent


async def test_what_was_cosigned_is_remembered_before_it_is_sent(api: Any) -> None:
    await api.request(await api.register())
    agent = api.parties["supervisor"]
    await agent.step()

    async def cut(*_: Any) -> Any:
        raise httpx.ConnectError("gone")

    post, agent._post = agent._post, cut
    with pytest.raises(httpx.ConnectError):
        await agent.step()
    agent._post = post
    assert Memory(agent._memory._path).seen.size == agent._memory.seen.size > 0
    assert [step.split()[0] for step in await agent.step()] == ["cosign"]


async def test_one_draw_that_cannot_go_on_holds_up_no_other(api: Any) -> None:
    stuck = await api.request(await api.register(), contributors=[])
    fine = await api.request(await api.register(project__code="P-2", lot__code="L-2"))
    change = lambda path, found: {**found, "digest": "0" * 64} if path.endswith(f"{stuck}/proposal") else found  # noqa: E731
    agent, _ = deceived(api, change)
    with pytest.raises(ProposalDishonest):
        await agent.step()
    states = {each: (await api.get(f"/draws/{each}", "supervisor"))["state"] for each in (stuck, fine)}
    assert states == {stuck: "requested", fine: "drawing"}


async def test_it_attends_until_it_is_told_to_stop_and_outlives_what_fails(api: Any) -> None:
    draw_id = await api.request(await api.register())
    failures = [httpx.ConnectError("gone"), HubRefused(status=503, problem="hub/busy", detail="")]
    agent, said, stop = api.parties["supervisor"], list[str](), asyncio.Event()
    step = agent.step

    async def failing() -> list[str]:
        if failures:
            raise failures.pop()
        return list(await step())

    agent.step = failing
    attending = asyncio.create_task(agent.attend(said.append, stop))
    async with asyncio.timeout(20):
        while f"link {draw_id} 0" not in said:
            await asyncio.sleep(0.05)
    stop.set()
    await attending
    assert said[0].startswith("The hub refused (503 hub/busy)") or "503" in said[0]
    assert said[1:] == ["ConnectError", *(f"{name} {draw_id} 0" for name in ("sign", "cosign", "link"))]


async def test_a_clock_that_is_wrong_signs_nothing(api: Any) -> None:
    await api.request(await api.register())
    late = FixedClock(api.hub.clock.now() + timedelta(minutes=5))
    with pytest.raises(ProposalDishonest, match="clock"):
        await deceived(api, lambda path, found: found, late)[0].step()


def test_an_answer_that_is_no_problem_document_is_refused_too() -> None:
    with pytest.raises(HubRefused) as refusal:
        checked(httpx.Response(502, text="<html>"))
    assert refusal.value.facts == {"status": 502, "problem": "", "detail": ""}

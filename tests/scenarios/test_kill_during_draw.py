"""The server is killed between and during the steps of a draw: it goes on where it stood, with one panel.

The supervisor's program runs on; it asks again what waits and never needs to know that the server died.
"""

import asyncio
import json
from collections import Counter
from random import Random
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from expert_hub.demo import officers
from expert_hub.demo.telling import silent
from expert_hub.draws.contributors.party_keys import create_keys
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.clock import SystemClock
from expert_hub.foundation.db import Database
from expert_hub.ledger.service import verify as audit
from expert_hub.party_agent.agent import PartyAgent
from expert_hub.party_agent.errors import HubRefused
from expert_hub.party_agent.visit import Visit, at_hub
from scheduling.verify_draw import verify

MOST_KILLS = 5


@pytest.fixture
def beacon_lead_s() -> int:
    """Long enough for a server that starts again to take the cosignature before the round."""
    return 12


async def test_a_draw_outlives_its_server(served_hub: Any, engine_name: str) -> None:
    random = Random(f"kill during a draw on {engine_name}")
    officer = served_hub.stage.officers["supervisor"]
    keys = create_keys(SUPERVISOR, 64, SystemChance())
    memory = served_hub.stage.folder / "supervisor.seen.json"
    visit = Visit(keys, memory, f"http://{served_hub.address}", (officer.username, officer.password))
    desk = officers.Desk(f"http://{served_hub.address}")
    for each in served_hub.stage.officers.values():
        await desk.log_in(each.username, each.password)
    async with asyncio.timeout(170), at_hub(visit, SystemClock()) as agent:
        await agent.register()
        lot_id = await officers.register_tender(desk, served_hub.stage, silent)
        order = {"lot_id": lot_id, "place": "广州", "phone": "020"}
        draw_id = str((await desk.post("centre", "/draws", order))["id"])
        # Between two steps: after each kill the next step is the one that was next before.
        await restart(served_hub)
        assert [task["step"] for task in await agent._get("/draw-tasks")] == ["sign"]
        for _ in range(MOST_KILLS):
            if await state(desk, draw_id) not in ("requested", "drawing"):
                break
            await step_and_kill(served_hub, agent, random)
        await until(desk, agent, draw_id, "inviting")
        # One declines, and the server dies again before the replacement was drawn.
        codes = await codes_of(served_hub, 6)
        await desk.post(None, "/invitations/answer", {"code": codes[0], "accept": False})
        await restart(served_hub)
        await until(desk, agent, draw_id, "inviting")
        for code in set(await codes_of(served_hub, 7)) - {codes[0]}:
            await desk.post(None, "/invitations/answer", {"code": code, "accept": True})
        assert await state(desk, draw_id) == "ready"
        await agent.close(draw_id)
    await desk.close()
    await one_panel_that_a_stranger_verifies(served_hub.database_url, draw_id)


async def step_and_kill(served_hub: Any, agent: PartyAgent, random: Random) -> None:
    """Take what waits and kill the server while it works on it."""
    step = asyncio.create_task(agent.step())
    await asyncio.sleep(random.uniform(0, 0.15))
    await restart(served_hub)
    # Cut off, refused because it had been done, or done.
    await asyncio.gather(step, return_exceptions=True)
    assert isinstance(step.exception(), httpx.HTTPError | HubRefused | None)


async def restart(served_hub: Any) -> None:
    served_hub.kill()
    await served_hub.process.wait()
    await served_hub.start()


async def state(desk: officers.Desk, draw_id: str) -> str:
    return str((await desk.get("supervisor", f"/draws/{draw_id}")).json()["state"])


async def until(desk: officers.Desk, agent: PartyAgent, draw_id: str, wanted: str) -> None:
    """Let the supervisor's program go on until the draw is in a state; a draw whose round was missed is void."""
    for _ in range(200):
        await agent.step()
        found = await state(desk, draw_id)
        if found == wanted:
            return
        assert found in ("requested", "drawing", "vacant"), found
        await asyncio.sleep(0.1)
    raise AssertionError(f"the draw does not become {wanted}")


async def codes_of(served_hub: Any, count: int) -> list[str]:
    """The codes of the messages that were sent, once there are so many."""
    outbox = served_hub.stage.folder / "outbox"
    for _ in range(200):
        texts = [json.loads(path.read_text("utf-8"))["text"] for path in sorted(outbox.glob("*.json"))]
        codes = list(dict.fromkeys(found[1] for each in texts if (found := officers._CODE.search(each))))
        if len(codes) >= count:
            return codes
        await asyncio.sleep(0.1)
    raise AssertionError(f"{len(codes)} of {count} messages arrived")


async def one_panel_that_a_stranger_verifies(database_url: str, draw_id: str) -> None:
    database = Database(database_url)
    async with database.read() as session:
        kinds = Counter(row[0] for row in await session.execute(text("SELECT kind FROM ledger_entry")))
        seats = [row[0] for row in await session.execute(text("SELECT seat FROM draw_position ORDER BY seat"))]
        transcript, policy, commitment = (
            await session.execute(
                text(
                    "SELECT d.transcript, p.text, d.commitment FROM draw d JOIN draw_policy p ON p.hash = d.policy "
                    "WHERE d.id = :id"
                ),
                {"id": draw_id},
            )
        ).one()
        assert (await audit(session)).ok
    await database.close()
    assert (kinds["draws/committed"], kinds["draws/drawn"], kinds["draws/replaced"]) == (1, 1, 1)
    assert len(seats) == 7
    assert set(seats) == set(range(6))
    verdict = await asyncio.to_thread(verify, transcript.encode(), policy.encode(), (commitment,))
    assert (verdict.findings, verdict.ok) == ((), True)

"""A party's program at a hub: logs in, and leaves again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec

from expert_hub.draws.contributors.party_keys import PartyKeys
from expert_hub.foundation.clock import Clock
from expert_hub.party_agent.agent import PartyAgent, checked
from expert_hub.party_agent.memory import Memory

_TIMEOUT_S = 60


class Visit(msgspec.Struct, frozen=True):
    """Keys and memory of the party, address of the hub, and the account (user name, password)."""

    keys: PartyKeys
    memory: Path
    url: str
    account: tuple[str, str]


@asynccontextmanager
async def at_hub(visit: Visit, clock: Clock) -> AsyncIterator[PartyAgent]:
    """The party logged in at a hub.

    Raises:
        HubRefused: the hub did not let it in.
    """
    username, password = visit.account
    async with httpx.AsyncClient(base_url=f"{visit.url.rstrip('/')}/api/v1", timeout=_TIMEOUT_S) as client:
        answer = checked(await client.post("/sessions", json={"username": username, "password": password}))
        client.headers["authorization"] = f"Bearer {answer.json()['access_token']}"
        yield PartyAgent(client, visit.keys, Memory(visit.memory), clock)

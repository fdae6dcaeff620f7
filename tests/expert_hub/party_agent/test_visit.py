"""A party's program logs in with the account of its party."""

from pathlib import Path
from typing import Any

import pytest

from expert_hub.draws.contributors.party_keys import create_keys
from expert_hub.foundation.chance import SeededChance
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account
from expert_hub.party_agent.errors import HubRefused
from expert_hub.party_agent.visit import Visit, at_hub

PASSWORD = "correct horse battery"


def visit(api: Any, tmp_path: Path, password: str) -> Visit:
    keys = create_keys("supervisor", 8, SeededChance("visit"))
    return Visit(keys, tmp_path / "seen.json", f"http://{api.address}/", ("watcher", password))


async def test_it_works_as_its_account_and_keeps_its_memory_beside_the_key(api: Any, tmp_path: Path) -> None:
    new = NewAccount("watcher", "watcher", frozenset({Role.SUPERVISOR}), PASSWORD)
    async with api.hub.database.write() as session:
        await create_account(session, api.hub.clock, api.hub.chance, new)
    lot_id = await api.register()
    async with at_hub(visit(api, tmp_path, PASSWORD), api.hub.clock) as agent:
        await agent.register()
        await api.post("/draws", "centre", {"lot_id": lot_id, "place": "A", "phone": "020"})
        assert [step.split()[0] for _ in range(3) for step in await agent.step()] == ["sign", "cosign", "link"]
    assert (tmp_path / "seen.json").exists()


async def test_a_wrong_password_is_told(api: Any, tmp_path: Path) -> None:
    with pytest.raises(HubRefused, match="identity/login-refused"):
        async with at_hub(visit(api, tmp_path, "wrong password"), api.hub.clock):
            raise AssertionError("the hub let it in")

import asyncio
from pathlib import Path

import pytest

from expert_hub.foundation.chance import SystemChance
from expert_hub.relay.keeper import Keeper
from expert_hub.relay.outbox import KeptCommand, Store


def _command(number: int) -> KeptCommand:
    return KeptCommand("room", "anna", f"c{number}", b"{}")


async def test_changes_are_durable_in_order_and_a_failure_reaches_who_waits(tmp_path: Path) -> None:
    store = Store(tmp_path / "relay.db", "secret", SystemChance())
    keeper = Keeper(store)

    def fail(_store: Store) -> None:
        raise OSError("disk full")

    async with keeper.running():
        await asyncio.gather(*(keeper.put(lambda each, n=n: each.add(_command(n))) for n in range(20)))
        assert store.kept() == [_command(n) for n in range(20)]
        with pytest.raises(OSError, match="disk full"):
            await keeper.put(fail)
        await keeper.put(lambda each: each.remove(("room", "anna"), "c0"))
        last = keeper.put(lambda each: each.add(_command(99)))
    await last
    assert [kept.command_id for kept in store.kept()] == [*(f"c{n}" for n in range(1, 20)), "c99"]
    store.close()

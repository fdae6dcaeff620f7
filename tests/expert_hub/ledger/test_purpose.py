"""Real records and those of a training never meet: neither program opens the other's database."""

from pathlib import Path
from typing import Any

import pytest

from expert_hub.app import create_app, open_hub
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.settings import Settings
from expert_hub.ledger.purpose import TrainingApart, ensure_purpose, is_training, mark_training
from expert_hub.ledger.service import NewEntry, append, verify


async def test_the_first_entry_says_that_it_is_a_training(database: Database, clock: FixedClock) -> None:
    async with database.write() as session:
        assert not await is_training(session)
        await mark_training(session, clock)
        await append(session, clock, NewEntry("identity/account-created", "a"))
        assert await is_training(session)
        await ensure_purpose(session, wants_training=True)
        with pytest.raises(TrainingApart):
            await ensure_purpose(session, wants_training=False)
        assert (await verify(session)).ok


async def test_records_that_have_begun_cannot_become_a_training(database: Database, clock: FixedClock) -> None:
    async with database.write() as session:
        await append(session, clock, NewEntry("identity/account-created", "a"))
        with pytest.raises(TrainingApart):
            await mark_training(session, clock)
        assert not await is_training(session)
        await ensure_purpose(session, wants_training=False)
        with pytest.raises(TrainingApart):
            await ensure_purpose(session, wants_training=True)


@pytest.mark.parametrize("is_marked", [True, False])
async def test_a_server_does_not_start_on_records_of_the_other_kind(
    database_url: str, clock: FixedClock, tmp_path: Path, is_marked: bool
) -> None:
    hub = open_hub(Settings(database_url=database_url, var_dir=tmp_path / "var", training=not is_marked), clock)
    if is_marked:
        async with hub.database.write() as session:
            await mark_training(session, clock)
    app: Any = create_app(hub)
    with pytest.raises(BaseExceptionGroup) as refusal:
        async with app.lifespan():
            raise AssertionError("it serves")
    assert refusal.group_contains(TrainingApart)
    await hub.database.close()


async def test_the_command_line_refuses_likewise(
    command_line: Any, database: Database, database_url: str, clock: FixedClock
) -> None:
    address = {"DATABASE_URL": database_url}
    assert command_line.run("ledger", "verify", **address).code == 0
    assert command_line.refused("ledger", "verify", **address, EXPERT_HUB_TRAINING="1")[0] == "hub/training-apart"
    async with database.write() as session:
        await mark_training(session, clock)
    assert command_line.refused("ledger", "verify", **address)[0] == "hub/training-apart"
    assert command_line.run("ledger", "verify", **address, EXPERT_HUB_TRAINING="1").code == 0

"""The history of the schema, run for real on both engines."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import inspect

import expert_hub.app  # noqa: F401  (loads every table)
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import (
    DatabaseNotMigrated,
    differences,
    downgrade,
    ensure_migrated,
    revisions,
    upgrade,
)


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    database = Database(empty_url)
    yield database
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_up_fits_the_code_and_down_leaves_nothing(empty: Database) -> None:
    await upgrade(empty)
    assert await differences(empty) == []
    await ensure_migrated(empty)
    await downgrade(empty, "base")
    assert await _tables(empty) == {"alembic_version"}
    await upgrade(empty)
    assert await differences(empty) == []


async def test_an_empty_database_is_refused_with_both_revisions(empty: Database) -> None:
    found, wanted = await revisions(empty)
    assert found is None
    with pytest.raises(DatabaseNotMigrated, match=str(wanted)):
        await ensure_migrated(empty)


async def test_a_missing_table_is_a_difference(empty: Database) -> None:
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE room_command")
    assert any("room_command" in item for item in await differences(empty))

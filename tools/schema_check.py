"""Migrate an empty database on each engine and compare it with the tables of the program.

PostgreSQL is the server of the tests (`EXPERT_HUB_TEST_POSTGRESQL`); without one it is left out, but not under CI.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

import expert_hub.app  # noqa: F401 - loads every table
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import differences, downgrade, upgrade


@asynccontextmanager
async def new_sqlite() -> AsyncIterator[str]:
    """The address of an SQLite database that does not exist yet."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite+aiosqlite:///{folder}/hub.db"


@asynccontextmanager
async def new_postgresql() -> AsyncIterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards.

    Raises:
        OSError, asyncpg.PostgresError: the server does not answer or refuses.
    """
    server = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
    name = f"expert_hub_schema_{os.getpid()}"
    await on_server(server, f'CREATE DATABASE "{name}"')
    try:
        yield f"{server.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    finally:
        await on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)')


async def on_server(server: str, statement: str) -> None:
    """Execute one statement outside the databases that come and go."""
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def there_and_back(url: str) -> list[str]:
    """Up, down to nothing, up again: what then differs from the tables of the program."""
    database = Database(url)
    try:
        await upgrade(database)
        await downgrade(database, "base")
        await upgrade(database)
        return await differences(database)
    finally:
        await database.close()


async def check() -> int:
    """Check both engines.

    Returns:
        0 if both agree, else 1.
    """
    status = 0
    for name, new_database in (("sqlite", new_sqlite), ("postgresql", new_postgresql)):
        try:
            async with new_database() as url:
                found = await there_and_back(url)
        except (OSError, asyncpg.PostgresError) as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
            found = [f"{name} is needed under CI"] if os.environ.get("CI") else []
        for difference in found:
            print(f"{name}: {difference}", file=sys.stderr)
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(asyncio.run(check()))

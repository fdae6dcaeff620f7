"""What every test may ask for: a real, empty database on each engine, a clock that stands still, a seeded chance.

Without a PostgreSQL server the tests on it are skipped with a reason; with CI set they fail loudly instead.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import migrate_now
from expert_hub.foundation.vault import Vault

ENGINES = ("sqlite", "postgresql")
SERVER = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=[*ENGINES, "all"], default="all", help="database engines to test on")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine_name", ENGINES if wanted == "all" else (wanted,), scope="session")


@pytest.fixture(scope="session")
def schema_on(engine_name: str, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[str | Path]:
    """A migrated database of this test process: an SQLite file to copy, or the address of a PostgreSQL database."""
    if engine_name == "sqlite":
        path = tmp_path_factory.mktemp("schema") / "hub.db"
        migrate_now(f"sqlite+aiosqlite:///{path}")
        yield path
        return
    name = f"expert_hub_test_{worker}_{os.getpid()}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL is needed for these tests and does not answer: {error}")
        pytest.skip(f"PostgreSQL does not answer at {SERVER}: {error}")
    url = f"{SERVER.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    try:
        migrate_now(url)
        yield url
    finally:
        asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
async def database_url(schema_on: str | Path, tmp_path: Path) -> str:
    """The address of a migrated and empty database."""
    if isinstance(schema_on, Path):
        shutil.copy(schema_on, tmp_path / "hub.db")
        return f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
    await _empty(schema_on)
    return schema_on


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def chance() -> SeededChance:
    return SeededChance("tests")


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(64)))


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    rows = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )
    tables = ", ".join(f'"{row["tablename"]}"' for row in rows)
    if tables:
        await connection.execute(f"TRUNCATE {tables} CASCADE")
    await connection.close()


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(f"{SERVER}/postgres")
    await connection.execute(statement)
    await connection.close()

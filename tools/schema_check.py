"""Migrate an empty database on each engine and compare it with the tables of the program.

PostgreSQL is the server of the tests (`EXPERT_HUB_TEST_POSTGRESQL`); without one it is left out, but not under CI.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg

HUB = Path(sys.executable).with_name("expert-hub")


@contextmanager
def new_sqlite() -> Iterator[str]:
    """The address of an SQLite database that does not exist yet."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/hub.db"


@contextmanager
def new_postgresql() -> Iterator[str]:
    """The address of an empty PostgreSQL database, dropped afterwards.

    Raises:
        OSError, asyncpg.PostgresError: the server does not answer or refuses.
    """
    server = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
    name = f"expert_hub_schema_{os.getpid()}"
    asyncio.run(on_server(server, f'CREATE DATABASE "{name}"'))
    try:
        yield f"{server}/{name}"
    finally:
        asyncio.run(on_server(server, f'DROP DATABASE "{name}" WITH (FORCE)'))


async def on_server(server: str, statement: str) -> None:
    """Execute one statement outside the databases that come and go."""
    connection = await asyncpg.connect(f"{server}/postgres")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def there_and_back(url: str, hub: Path = HUB) -> int:
    """Up, compare, down, up, compare: the first exit code that is not 0."""
    environment = {**os.environ, "DATABASE_URL": url}
    for arguments in ((), ("check",), ("down", "base"), (), ("check",)):
        status = subprocess.run([hub, "migrate", *arguments], env=environment, stdout=subprocess.DEVNULL).returncode
        if status:
            print(f"{url.split(':')[0]}: {' '.join(('migrate', *arguments))} failed", file=sys.stderr)
            return status
    return 0


def main() -> int:
    """Check both engines."""
    engines = {"sqlite": new_sqlite, "postgresql": new_postgresql}
    for name, new_database in engines.items():
        try:
            with new_database() as url:
                status = there_and_back(url)
        except (OSError, asyncpg.PostgresError) as error:
            print(f"{name}: left out, {error}", file=sys.stderr)
            status = 1 if os.environ.get("CI") else 0
        if status:
            return status
    return 0


if __name__ == "__main__":
    sys.exit(main())

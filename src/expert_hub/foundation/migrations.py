"""The schema of the database and its history (Alembic)."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import SQLModel

from alembic import command
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import HubError


class MigrationsMissing(HubError):
    """The folder of migrations is not where the program looks for it."""

    code = "hub/migrations-missing"
    status = 500
    zh = "找不到数据库迁移目录。请在项目目录中运行，或设置 EXPERT_HUB_MIGRATIONS_DIR。"
    en = "The folder of migrations is missing. Run from the project folder or set EXPERT_HUB_MIGRATIONS_DIR."


class DatabaseNotMigrated(HubError):
    """The schema of the database is not the one of this program."""

    code = "hub/database-not-migrated"
    status = 503
    zh = "数据库结构版本为 {found}，程序需要 {wanted}。请先运行 expert-hub migrate。"
    en = "The database has schema {found}, this program needs {wanted}. Run expert-hub migrate first."


def migrations_dir() -> Path:
    """Where the migrations are: as set, in the project of an editable install, or in the present folder.

    Raises:
        MigrationsMissing: in none of these.
    """
    places = [Path(__file__).parents[3] / "alembic", Path("alembic")]
    if "EXPERT_HUB_MIGRATIONS_DIR" in os.environ:
        places.insert(0, Path(os.environ["EXPERT_HUB_MIGRATIONS_DIR"]))
    for place in places:
        if (place / "env.py").is_file():
            return place.resolve()
    raise MigrationsMissing


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_dir()))
    config.set_main_option("path_separator", "os")
    if connection is not None:
        config.attributes["connection"] = connection
    return config


async def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the schema up to a revision; everything or, on PostgreSQL and SQLite alike, nothing of a step."""
    async with _migrating(database) as connection:
        await connection.run_sync(lambda sync: command.upgrade(_config(sync), revision))


async def downgrade(database: Database, revision: str) -> None:
    """Take the schema down to a revision."""
    async with _migrating(database) as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), revision))


@asynccontextmanager
async def _migrating(database: Database) -> AsyncIterator[AsyncConnection]:
    """The one writing connection in one transaction.

    SQLite changes a table by making it anew, and to drop the old one would break every row that refers to it: foreign
    keys are switched off meanwhile, which goes outside of a transaction only, and are checked as a whole at the end.
    """
    database.claim()
    async with database.engine.connect() as connection:
        if not database.is_sqlite:
            async with connection.begin():
                yield connection
            return
        driver: Any = (await connection.get_raw_connection()).driver_connection
        await driver.execute("PRAGMA foreign_keys=OFF")
        try:
            async with connection.begin():
                yield connection
                if (await connection.exec_driver_sql("PRAGMA foreign_key_check")).first() is not None:
                    raise RuntimeError("the migration leaves rows that refer to nothing")
        finally:
            await driver.execute("PRAGMA foreign_keys=ON")


async def revisions(database: Database) -> tuple[str | None, str | None]:
    """The revision of the database, and the newest that this program knows."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    # Through a reader: whoever asks whether the hub is ready must not wait for those who write, nor they for him.
    async with database.read() as session:
        connection = await session.connection()
        found = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_revision())
    return found, head


async def ensure_migrated(database: Database) -> None:
    """Refuse to work on another schema.

    Raises:
        DatabaseNotMigrated: the revisions differ.
    """
    found, wanted = await revisions(database)
    if found != wanted:
        raise DatabaseNotMigrated(found=found or "-", wanted=wanted or "-")


async def differences(database: Database) -> list[str]:
    """What the tables in the code have that the migrated database has not, and the other way round."""

    def compare(connection: Connection) -> list[str]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [repr(item) for item in compare_metadata(context, SQLModel.metadata)]

    async with database.engine.connect() as connection:
        return await connection.run_sync(compare)


def migrate_now(database_url: str) -> None:
    """Upgrade the database at an address to the newest schema and close it again."""

    async def run() -> None:
        database = Database(database_url)
        try:
            await upgrade(database)
        finally:
            await database.close()

    asyncio.run(run())

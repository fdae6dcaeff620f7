"""Runs migrations on the connection that `expert_hub.foundation.migrations` or the `alembic` command gives."""

import asyncio
from typing import Any

from sqlalchemy import JSON, Connection
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import expert_hub.app  # noqa: F401  (loads every table)
from alembic import context
from expert_hub.foundation.db import Database, UtcDateTime
from expert_hub.foundation.settings import Settings


def render_item(kind: str, item: Any, _context: Any) -> str | bool:
    """Write our column types as what the database knows, so that migrations import neither our code nor SQLModel."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_alone() -> None:
    database = Database(Settings().effective_database_url)
    async with database.engine.begin() as connection:
        await connection.run_sync(run)
    await database.close()


given = context.config.attributes.get("connection")
if given is None:
    asyncio.run(run_alone())
else:
    run(given)

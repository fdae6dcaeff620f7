"""Statements of identity."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.foundation.db import rows_by_driver
from expert_hub.identity.tables import Account

_CLOSED = (
    "SELECT id FROM account WHERE NOT is_active AND id IN (SELECT value FROM json_each(?))",
    "SELECT id FROM account WHERE NOT is_active AND id = ANY($1::text[])",
)


async def account_by_id(session: AsyncSession, account_id: str) -> Account | None:
    """The account with this id."""
    return await session.get(Account, account_id)


async def account_by_username(session: AsyncSession, username: str) -> Account | None:
    """The account with this user name."""
    return (await session.execute(select(Account).where(col(Account.username) == username))).scalar_one_or_none()


async def active_accounts(session: AsyncSession, account_ids: Sequence[str]) -> list[Any]:
    """What an actor is made of, for those of these accounts that are open: rows, not objects, as there may be many."""
    columns = (Account.id, Account.username, Account.roles, Account.expert_id, Account.venue_id)
    statement = select(*map(col, columns), col(Account.organisation_code)).where(
        col(Account.id).in_(account_ids), col(Account.is_active)
    )
    return list(await session.execute(statement))


async def closed_accounts(session: AsyncSession, account_ids: Sequence[str]) -> set[str]:
    """Those of these accounts that were closed."""
    return {row[0] for row in await rows_by_driver(session, _CLOSED, account_ids)}


async def list_accounts(session: AsyncSession) -> list[Account]:
    """Every account by user name."""
    return list((await session.execute(select(Account).order_by(col(Account.username)))).scalars())

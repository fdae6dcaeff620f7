"""Statements of the ledger."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.ledger.tables import LedgerEntry, LedgerHead


async def lock_head(session: AsyncSession) -> LedgerHead:
    """The head row, locked until the transaction ends; made on first use."""
    statement = select(LedgerHead).where(col(LedgerHead.id) == 1).with_for_update()
    head = (await session.execute(statement)).scalar_one_or_none()
    if head is not None:
        return head
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    await session.execute(insert(LedgerHead).values(id=1, size=0, frontier="").on_conflict_do_nothing())
    return (await session.execute(statement)).scalar_one()


async def load_head(session: AsyncSession) -> LedgerHead | None:
    """The head row as it is."""
    return await session.get(LedgerHead, 1)


async def entries_after(session: AsyncSession, index: int, limit: int) -> list[LedgerEntry]:
    """At most `limit` entries with an index above the given one, in order."""
    statement = select(LedgerEntry).where(col(LedgerEntry.index) > index).order_by(col(LedgerEntry.index)).limit(limit)
    return list((await session.execute(statement)).scalars())


async def entries_about(session: AsyncSession, subject: str) -> list[LedgerEntry]:
    """Every entry about one subject, in order."""
    statement = select(LedgerEntry).where(col(LedgerEntry.subject) == subject).order_by(col(LedgerEntry.index))
    return list((await session.execute(statement)).scalars())


async def count(session: AsyncSession) -> int:
    """Number of entries."""
    return int((await session.execute(select(func.count()).select_from(LedgerEntry))).scalar_one())


async def leaf_hashes(session: AsyncSession, size: int) -> list[bytes]:
    """The leaf hashes of the first `size` entries, in order."""
    statement = select(col(LedgerEntry.leaf)).where(col(LedgerEntry.index) < size).order_by(col(LedgerEntry.index))
    return [bytes.fromhex(leaf) for leaf in (await session.execute(statement)).scalars()]


async def entries_at(session: AsyncSession, indices: Collection[int]) -> list[LedgerEntry]:
    """The entries with these indices, in order."""
    statement = select(LedgerEntry).where(col(LedgerEntry.index).in_(indices)).order_by(col(LedgerEntry.index))
    return list((await session.execute(statement)).scalars())

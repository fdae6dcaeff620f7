"""Statements of listings."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.listings.tables import Lot, Project


async def project_by_code(session: AsyncSession, code: str) -> Project | None:
    """The project with this code."""
    return (await session.execute(select(Project).where(col(Project.code) == code))).scalar_one_or_none()


async def project_by_id(session: AsyncSession, project_id: str) -> Project | None:
    """The project with this id."""
    return await session.get(Project, project_id)


async def lot_by_id(session: AsyncSession, lot_id: str) -> Lot | None:
    """The lot with this id."""
    return await session.get(Lot, lot_id)


async def lock_lot(session: AsyncSession, lot_id: str) -> Lot | None:
    """The lot, locked until the transaction ends."""
    statement = select(Lot).where(col(Lot.id) == lot_id).with_for_update().execution_options(populate_existing=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def lots_of(session: AsyncSession, project_id: str) -> list[Lot]:
    """The lots of a project by code."""
    statement = select(Lot).where(col(Lot.project_id) == project_id).order_by(col(Lot.code))
    return list((await session.execute(statement)).scalars())


async def projects_after(session: AsyncSession, code: str | None, limit: int) -> list[Project]:
    """At most `limit` projects with a code above the given one, by code."""
    statement = select(Project).order_by(col(Project.code)).limit(limit)
    if code is not None:
        statement = statement.where(col(Project.code) > code)
    return list((await session.execute(statement)).scalars())

"""Statements about conflicts of interest."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.draws.conflicts.conflict_tables import (
    ConflictDecision,
    ConflictReview,
    CoService,
    DrawOpening,
    ExclusionRecord,
)


async def decision_by_id(session: AsyncSession, decision_id: str) -> ConflictDecision | None:
    """A decision, locked until the transaction ends."""
    statement = select(ConflictDecision).where(col(ConflictDecision.id) == decision_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def decisions_for(session: AsyncSession, lot_id: str) -> list[ConflictDecision]:
    """Decisions in force that may concern a lot, oldest first."""
    table = ConflictDecision
    statement = (
        select(table)
        .where(col(table.revoked_at).is_(None), or_(col(table.lot_id) == lot_id, col(table.holds_everywhere)))
        .order_by(col(table.decided_at), col(table.id))
    )
    return list((await session.execute(statement)).scalars())


async def decisions_of_lot(session: AsyncSession, lot_id: str) -> list[ConflictDecision]:
    """Every decision made at a lot, revoked ones included, oldest first."""
    table = ConflictDecision
    statement = select(table).where(col(table.lot_id) == lot_id).order_by(col(table.decided_at), col(table.id))
    return list((await session.execute(statement)).scalars())


async def lock_review(session: AsyncSession, review_id: str) -> ConflictReview | None:
    """A review, locked until the transaction ends."""
    statement = select(ConflictReview).where(col(ConflictReview.id) == review_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def reviews_after(session: AsyncSession, state: str, after: str | None, limit: int) -> list[ConflictReview]:
    """At most `limit` reviews in a state, by id."""
    table = ConflictReview
    statement = select(table).where(col(table.state) == state).order_by(col(table.id)).limit(limit)
    if after is not None:
        statement = statement.where(col(table.id) > after)
    return list((await session.execute(statement)).scalars())


async def reviews_of_lot(session: AsyncSession, lot_id: str) -> list[ConflictReview]:
    """Every review of a lot."""
    return list((await session.execute(select(ConflictReview).where(col(ConflictReview.lot_id) == lot_id))).scalars())


async def exclusions_of(session: AsyncSession, draw_id: str) -> list[ExclusionRecord]:
    """The records of a draw in order."""
    table = ExclusionRecord
    statement = select(table).where(col(table.draw_id) == draw_id).order_by(col(table.number))
    return list((await session.execute(statement)).scalars())


async def exclusions_count(session: AsyncSession, draw_id: str) -> int:
    """How many records a draw has."""
    statement = select(func.count()).where(col(ExclusionRecord.draw_id) == draw_id)
    return int((await session.execute(statement)).scalar_one())


async def newest_opening(session: AsyncSession, draw_id: str) -> DrawOpening | None:
    """The opened bidders that count."""
    table = DrawOpening
    statement = select(table).where(col(table.draw_id) == draw_id).order_by(col(table.number).desc()).limit(1)
    return (await session.execute(statement)).scalar_one_or_none()


async def services_since(session: AsyncSession, first: date) -> list[CoService]:
    """Pairs that sat together on a day or later."""
    return list((await session.execute(select(CoService).where(col(CoService.on_date) >= first))).scalars())


async def known_services(session: AsyncSession, people: Collection[str], on: date) -> set[tuple[str, str]]:
    """Pairs among these people that are stored for a day."""
    table = CoService
    statement = select(col(table.one_index), col(table.other_index)).where(
        and_(col(table.on_date) == on, col(table.one_index).in_(people), col(table.other_index).in_(people))
    )
    return {(row[0], row[1]) for row in await session.execute(statement)}

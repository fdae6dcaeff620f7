"""Statements of venues."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.venues.tables import Booking, Venue, Workstation


async def list_venues(session: AsyncSession) -> list[Venue]:
    """Every venue by id."""
    return list((await session.execute(select(Venue).order_by(col(Venue.id)))).scalars())


async def lock_venue(session: AsyncSession, venue_id: str) -> Venue | None:
    """The venue, locked until the transaction ends, so that bookings of one venue follow each other."""
    statement = select(Venue).where(col(Venue.id) == venue_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def free_workstations(session: AsyncSession, venue_id: str, start: datetime, end: datetime) -> list[Workstation]:
    """The workstations of a venue that no booking overlaps, by label."""
    taken = select(col(Booking.workstation_id)).where(col(Booking.starts_at) < end, col(Booking.ends_at) > start)
    statement = (
        select(Workstation)
        .where(col(Workstation.venue_id) == venue_id, col(Workstation.id).not_in(taken))
        .order_by(col(Workstation.label))
    )
    return list((await session.execute(statement)).scalars())


async def workstation_count(session: AsyncSession, venue_id: str) -> int:
    """Number of workstations of a venue."""
    statement = select(col(Workstation.id)).where(col(Workstation.venue_id) == venue_id)
    return len((await session.execute(statement)).all())

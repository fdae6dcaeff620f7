"""Register venues and book workstations."""

import tomllib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.ledger.service import NewEntry, append
from expert_hub.venues import store
from expert_hub.venues.errors import TooFewWorkstations, VenueFileInvalid
from expert_hub.venues.rules import VenueFile, VenueForm, blocked_time, repeated_labels, workstation_id
from expert_hub.venues.tables import Booking, Venue, Workstation


class Need(msgspec.Struct, frozen=True):
    """Workstations wanted: how many, where, for what, in a half-open time."""

    venue_id: str
    count: int
    subject: str
    starts_at: datetime
    ends_at: datetime
    gap_minutes: int = 0


def read_venue_file(path: Path) -> list[VenueForm]:
    """The venues in a TOML file.

    Raises:
        VenueFileInvalid: not readable, not TOML, or not of the documented form.
    """
    try:
        venues = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), VenueFile).venues
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise VenueFileInvalid(file=path.name, why=str(error)) from error
    repeated = [f"{form.id}: {', '.join(labels)}" for form in venues if (labels := repeated_labels(form))]
    if repeated:
        raise VenueFileInvalid(file=path.name, why=f"repeated labels of workstations: {'; '.join(repeated)}")
    return venues


async def register_venues(session: AsyncSession, clock: Clock, venues: list[VenueForm]) -> int:
    """Add or update venues by id; workstations are added, never taken away. Returns the number of venues."""
    for form in venues:
        await session.merge(
            Venue(id=form.id, name=form.name, city_code=form.city_code, address=form.address, phone=form.phone)
        )
        await session.flush()
        for room in form.rooms:
            for label in room.workstations:
                row = Workstation(id=workstation_id(form.id, label), venue_id=form.id, room=room.name, label=label)
                await session.merge(row)
        await append(session, clock, NewEntry("venues/registered", form.id, {"city": form.city_code}))
    return len(venues)


async def list_venues(session: AsyncSession) -> list[Venue]:
    """Every venue."""
    return await store.list_venues(session)


async def lock_venues(session: AsyncSession, venue_ids: Sequence[str]) -> dict[str, str]:
    """Names by id in the order asked for; the venues stay locked until the transaction ends.

    All are locked at once and in one order, before anything else is: two rooms that share two venues would otherwise
    each wait for the other's.

    Raises:
        NotFound: one of them does not exist.
    """
    names = {venue_id: await store.lock_venue(session, venue_id) for venue_id in sorted(venue_ids)}
    found = {venue_id: venue.name for venue_id in venue_ids if (venue := names[venue_id]) is not None}
    if len(found) < len(names):
        raise NotFound
    return found


async def workstation_count(session: AsyncSession, venue_id: str) -> int:
    """Number of workstations of a venue."""
    return await store.workstation_count(session, venue_id)


async def book(session: AsyncSession, clock: Clock, chance: Chance, need: Need) -> list[Workstation]:
    """Take free workstations of one venue, the lowest labels first.

    Raises:
        NotFound: there is no such venue.
        TooFewWorkstations: fewer are free than wanted; nothing is taken.
    """
    venue = await store.lock_venue(session, need.venue_id)
    if venue is None:
        raise NotFound
    start, end = blocked_time(need.starts_at, need.ends_at, need.gap_minutes)
    free = await store.free_workstations(session, venue.id, start, end)
    if len(free) < need.count:
        raise TooFewWorkstations(venue=venue.name, free=len(free), wanted=need.count)
    taken = free[: need.count]
    for workstation in taken:
        session.add(
            Booking(
                id=new_id(chance),
                workstation_id=workstation.id,
                subject=need.subject,
                starts_at=need.starts_at,
                ends_at=need.ends_at,
            )
        )
    body = {"venue": venue.id, "workstations": [workstation.label for workstation in taken]}
    await append(session, clock, NewEntry("venues/booked", need.subject, body))
    return taken

"""Statements of an import: bulk look-ups and bulk writes of one chunk of rows."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import msgspec
from sqlalchemy import ColumnElement, String, delete, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.experts.import_plan import KnownPerson, KnownRegistration
from expert_hub.experts.tables import (
    Expert,
    ExpertLeave,
    ExpertRelation,
    ExpertSpeciality,
    LibraryRegistration,
    Speciality,
    StandingChange,
)
from expert_hub.foundation.tables import Table

_LOCK = 0x4558_5045_5254  # any number that nothing else locks
_CACHE_KIB = 131072
Row = dict[str, Any]


class StandingRow(NamedTuple):
    """Standing of a person with the last decision of this hub."""

    id: str
    standing: str
    decided_standing: str | None
    decided_at: datetime | None
    version: int


async def prepare(session: AsyncSession) -> None:
    """Let one import run at a time, and give it room.

    On SQLite there is one writer anyway; but its page cache of 2 MiB makes inserts under random keys slow.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    else:
        await session.execute(text(f"PRAGMA cache_size = -{_CACHE_KIB}"))


async def speciality_codes(session: AsyncSession) -> set[str]:
    """Every listed code."""
    return set((await session.execute(select(col(Speciality.code)))).scalars())


async def speciality_names(session: AsyncSession) -> dict[str, str]:
    """Name by code."""
    statement = select(col(Speciality.code), col(Speciality.name))
    return {row.code: row.name for row in await session.execute(statement)}


async def rename_specialities(session: AsyncSession, rows: Sequence[Row]) -> None:
    """Give codes the names of a newer catalogue."""
    for row in rows:
        statement = update(Speciality).where(col(Speciality.code) == row["code"]).values(name=row["name"])
        await session.execute(statement)


async def known_people(session: AsyncSession, indices: Collection[str]) -> dict[str, KnownPerson]:
    """The persons with these identity indices."""
    statement = select(col(Expert.identity_index), col(Expert.id), col(Expert.name)).where(
        _among(session, col(Expert.identity_index), indices)
    )
    return {index: KnownPerson(expert_id, name) for index, expert_id, name in await session.execute(statement)}


async def known_registrations(
    session: AsyncSession, library: str, expert_ids: Collection[str], numbers: Collection[str]
) -> list[KnownRegistration]:
    """The registrations of one library that belong to these persons or bear these numbers."""
    table = LibraryRegistration
    columns = select(col(table.id), col(table.expert_id), col(table.number), col(table.digest), col(table.library))
    found: dict[str, KnownRegistration] = {}
    # The library is no condition: both engines would rather walk through all of it than look up many keys.
    for column, values in ((col(table.expert_id), expert_ids), (col(table.number), numbers)):
        condition = _among(session, column, values)
        for row in await session.execute(columns.where(condition)):
            if row.library == library:
                found[row.id] = KnownRegistration(row.id, row.expert_id, row.number, row.digest)
    return list(found.values())


async def registrations_of(session: AsyncSession, expert_ids: Collection[str]) -> list[LibraryRegistration]:
    """Every registration of these persons, in every library."""
    statement = select(LibraryRegistration).where(_among(session, col(LibraryRegistration.expert_id), expert_ids))
    found = list((await session.execute(statement)).scalars())
    for registration in found:
        session.expunge(registration)
    return found


async def lock_standings(session: AsyncSession, expert_ids: Collection[str]) -> dict[str, StandingRow]:
    """Standing and decision of these persons; their rows stay locked, so that no decision falls between."""
    statement = (
        select(
            col(Expert.id),
            col(Expert.standing),
            col(Expert.decided_standing),
            col(Expert.decided_at),
            col(Expert.version),
        )
        .where(_among(session, col(Expert.id), expert_ids))
        .order_by(col(Expert.id))
        .with_for_update()
    )
    found = await session.execute(statement)
    return {row[0]: StandingRow(row[0], row[1], row[2], row[3], row[4]) for row in found}


async def clear_children(session: AsyncSession, expert_ids: Collection[str]) -> None:
    """Delete specialities, relations and leave of these persons, which are about to be written anew."""
    if expert_ids:
        for table in (ExpertSpeciality, ExpertRelation, ExpertLeave):
            await session.execute(delete(table).where(_among(session, col(table.expert_id), expert_ids)))


def _among(session: AsyncSession, column: Any, values: Collection[str]) -> ColumnElement[bool]:
    """One parameter for thousands of values: a statement with as many marks takes longer to write than to run."""
    if session.get_bind().dialect.name == "postgresql":
        return cast(ColumnElement[bool], column == func.any(literal(list(values), ARRAY(String))))
    each = func.json_each(literal(msgspec.json.encode(list(values)).decode(), String)).table_valued("value")
    return cast(ColumnElement[bool], column.in_(select(each.c.value)))


CHILD_TABLES: tuple[type[Table], ...] = (
    LibraryRegistration,
    ExpertSpeciality,
    ExpertRelation,
    ExpertLeave,
    StandingChange,
)
"""Tables that refer to a person, in the order in which an import fills them."""

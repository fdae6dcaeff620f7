"""Statements of the expert library beside those of an import."""

from collections.abc import AsyncIterator, Collection
from datetime import date, datetime
from typing import Any

import msgspec
from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.experts.tables import (
    Expert,
    ExpertLeave,
    ExpertRelation,
    ExpertSpeciality,
    LibraryRegistration,
    Speciality,
    StandingChange,
)


class Filters(msgspec.Struct, frozen=True):
    """What a list of experts is narrowed to.

    `speciality` also finds the codes below it, `region` the areas whose code begins with it (main region only).
    """

    speciality: str | None = None
    region: str | None = None
    standing: str | None = None


async def list_experts(session: AsyncSession, filters: Filters, after: str | None, limit: int) -> list[Expert]:
    """At most `limit + 1` experts with an id above `after`, by id."""
    statement = select(Expert).order_by(col(Expert.id)).limit(limit + 1)
    if after is not None:
        statement = statement.where(col(Expert.id) > after)
    if filters.standing is not None:
        statement = statement.where(col(Expert.standing) == filters.standing)
    if filters.region is not None:
        statement = statement.where(*_begins(col(Expert.region_code), filters.region))
    if filters.speciality is not None:
        holders = select(col(ExpertSpeciality.expert_id)).where(
            *_begins(col(ExpertSpeciality.code), filters.speciality)
        )
        statement = statement.where(col(Expert.id).in_(holders))
    return list((await session.execute(statement)).scalars())


async def expert_by_id(session: AsyncSession, expert_id: str) -> Expert | None:
    """The expert with this id."""
    return await session.get(Expert, expert_id)


async def lock_expert(session: AsyncSession, expert_id: str) -> Expert | None:
    """The expert with this id, whose row stays locked until the transaction ends."""
    statement = select(Expert).where(col(Expert.id) == expert_id).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def specialities_of(session: AsyncSession, expert_ids: Collection[str]) -> dict[str, list[str]]:
    """Speciality codes in order, by expert."""
    statement = (
        select(col(ExpertSpeciality.expert_id), col(ExpertSpeciality.code))
        .where(col(ExpertSpeciality.expert_id).in_(expert_ids))
        .order_by(col(ExpertSpeciality.code))
    )
    found: dict[str, list[str]] = {}
    for expert_id, code in await session.execute(statement):
        found.setdefault(expert_id, []).append(code)
    return found


async def relations_of(session: AsyncSession, expert_id: str) -> list[ExpertRelation]:
    """Ties of one expert, in a fixed order."""
    statement = (
        select(ExpertRelation).where(col(ExpertRelation.expert_id) == expert_id).order_by(col(ExpertRelation.id))
    )
    return list((await session.execute(statement)).scalars())


async def leaves_of(session: AsyncSession, expert_id: str) -> list[ExpertLeave]:
    """Leave of one expert, earliest first."""
    statement = select(ExpertLeave).where(col(ExpertLeave.expert_id) == expert_id).order_by(col(ExpertLeave.starts_on))
    return list((await session.execute(statement)).scalars())


async def registrations_of(session: AsyncSession, expert_id: str) -> list[LibraryRegistration]:
    """Registrations of one expert by library."""
    table = LibraryRegistration
    statement = select(table).where(col(table.expert_id) == expert_id).order_by(col(table.library), col(table.id))
    return list((await session.execute(statement)).scalars())


async def standing_changes_of(session: AsyncSession, expert_id: str) -> list[StandingChange]:
    """Changes of standing of one expert, earliest first."""
    table = StandingChange
    statement = select(table).where(col(table.expert_id) == expert_id).order_by(col(table.at), col(table.id))
    return list((await session.execute(statement)).scalars())


async def specialities_after(session: AsyncSession, code: str | None, limit: int) -> list[Speciality]:
    """At most `limit + 1` nodes of the classification with a code above the given one, by code."""
    statement = select(Speciality).order_by(col(Speciality.code)).limit(limit + 1)
    if code is not None:
        statement = statement.where(col(Speciality.code) > code)
    return list((await session.execute(statement)).scalars())


async def known_specialities(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Those of the codes that are listed."""
    statement = select(col(Speciality.code)).where(col(Speciality.code).in_(codes))
    return set((await session.execute(statement)).scalars())


async def stream(session: AsyncSession, statement: Select[*tuple[Any, ...]]) -> AsyncIterator[Row[*tuple[Any, ...]]]:
    """The rows of a large result, a few thousand at a time."""
    result = await session.stream(statement, execution_options={"yield_per": 5_000})
    async for rows in result.partitions():
        for row in rows:
            yield row


Only = Collection[str] | None
"""Ids of the experts that a statement is about; None for everyone."""


def people_for_draw(only: Only = None) -> Select[*tuple[Any, ...]]:
    """What a draw needs to know of everyone, by id."""
    statement = select(
        col(Expert.id),
        col(Expert.identity_index),
        col(Expert.standing),
        col(Expert.born_on),
        col(Expert.title_level),
        col(Expert.employer_code),
        col(Expert.employer_name),
        col(Expert.region_code),
        col(Expert.extra_regions),
        col(Expert.term_ends_on),
    ).order_by(col(Expert.id))
    return _only(statement, Expert.id, only)


def all_specialities(only: Only = None) -> Select[*tuple[Any, ...]]:
    """Speciality codes of everyone: (expert, code)."""
    table = ExpertSpeciality
    statement = select(col(table.expert_id), col(table.code)).order_by(col(table.expert_id), col(table.code))
    return _only(statement, table.expert_id, only)


def all_relations(only: Only = None) -> Select[*tuple[Any, ...]]:
    """Ties of everyone: (expert, id, kind, code, name, first day, last day)."""
    table = ExpertRelation
    statement = select(
        col(table.expert_id),
        col(table.id),
        col(table.kind),
        col(table.org_code),
        col(table.org_name),
        col(table.starts_on),
        col(table.ends_on),
    ).order_by(col(table.id))
    return _only(statement, table.expert_id, only)


def leaves_from(day: date, only: Only = None) -> Select[*tuple[Any, ...]]:
    """Leave of everyone that ends on a day or later: (expert, first day, last day)."""
    table = ExpertLeave
    statement = (
        select(col(table.expert_id), col(table.starts_on), col(table.ends_on))
        .where(col(table.ends_on) >= day)
        .order_by(col(table.expert_id), col(table.starts_on))
    )
    return _only(statement, table.expert_id, only)


async def experts_named(session: AsyncSession, names: Collection[str]) -> list[tuple[str, str]]:
    """Pairs (name, expert): names are ids of experts or their numbers in a library."""
    table = LibraryRegistration
    by_id = select(col(Expert.id), col(Expert.id)).where(col(Expert.id).in_(names))
    by_number = select(col(table.number), col(table.expert_id)).where(col(table.number).in_(names))
    return [(str(row[0]), str(row[1])) for row in await session.execute(by_id.union(by_number))]


def _only(statement: Select[*tuple[Any, ...]], column: Any, only: Only) -> Select[*tuple[Any, ...]]:
    return statement if only is None else statement.where(col(column).in_(only))


def _begins(column: Any, prefix: str) -> tuple[Any, Any]:
    # A range instead of LIKE, so that an index serves on both engines and "%" is an ordinary sign.
    return column >= prefix, column < prefix + "~"


async def standing_version(session: AsyncSession, at: datetime) -> str:
    """Number of changes of standing up to an instant and the id of the newest of them."""
    until = col(StandingChange.at) <= at
    count = int((await session.execute(select(func.count()).select_from(StandingChange).where(until))).scalar_one())
    newest = (
        select(col(StandingChange.id))
        .where(until)
        .order_by(col(StandingChange.at).desc(), col(StandingChange.id))
        .limit(1)
    )
    return f"{count}:{(await session.execute(newest)).scalar_one_or_none() or '-'}"

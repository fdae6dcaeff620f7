"""The library as a draw sees it, with the time that people have given to other panels, and with whom they sat."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.conflicts import conflict_store
from expert_hub.draws.conflicts.conflict_tables import CoService as CoServiceRow
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Engagement
from expert_hub.experts import service as experts
from expert_hub.foundation.vault import Vault
from scheduling.pool import Pool
from scheduling.records import CandidateRecord, CoService
from scheduling.request import DrawRequest

# A seat in another city on the same day is a clash (C17): a day on both sides is more than that needs.
_AROUND = timedelta(days=1)
_RISK_WINDOW = timedelta(days=90)


class Library(msgspec.Struct, frozen=True):
    """Everybody as columns, and how often each candidate was drawn in the last 90 days; the others never were."""

    pool: Pool
    drawn: Mapping[str, int]


class _Past(msgspec.Struct, frozen=True):
    """What panels have left behind, by the keyed digest of the person."""

    engagements: Mapping[str, Sequence[Engagement]]
    services: Mapping[str, Sequence[tuple[str, date]]]
    drawn: Mapping[str, int]

    @property
    def is_empty(self) -> bool:
        """True if nobody was on a panel."""
        return not (self.engagements or self.services or self.drawn)


async def load_library(session: AsyncSession, means: Means, request: DrawRequest) -> Library:
    """Everybody in the library with all that a draw goes by. Complexity O(people)."""
    records = await experts.candidate_records(session, request.evaluation_starts_at)
    taken = await store.engagements_between(
        session, request.evaluation_starts_at - _AROUND, request.evaluation_ends_at + _AROUND
    )
    pairs = await _pairs(session, request)
    # Draws whose evaluation is not over are left out: that somebody was drawn for one is secret (DR-14).
    drawn = await store.drawn_since(session, means.clock.now() - _RISK_WINDOW, over_by=means.clock.now())
    past = _Past(_by_person(taken), _by_either(pairs), drawn)
    return await asyncio.to_thread(_library, means.vault, records, past)


async def load_plain_library(session: AsyncSession, means: Means, request: DrawRequest) -> Library:
    """The library without what follows from other panels that may still be secret: for a look without a draw."""
    records = await experts.candidate_records(session, request.evaluation_starts_at)
    drawn = await store.drawn_since(session, means.clock.now() - _RISK_WINDOW, over_by=means.clock.now())
    return await asyncio.to_thread(_library, means.vault, records, _Past({}, {}, drawn))


async def load_members(session: AsyncSession, request: DrawRequest, expert_ids: Sequence[str]) -> Pool:
    """Some people as the library has them now, for the second pass; what is known of other panels is not asked."""
    return Pool.from_records(await experts.candidate_records(session, request.evaluation_starts_at, expert_ids))


async def _pairs(session: AsyncSession, request: DrawRequest) -> list[CoServiceRow]:
    if request.co_service_max is None:
        return []
    return await conflict_store.services_since(session, request.first_day - timedelta(days=request.co_service_days))


def _by_person(taken: Iterable[Engagement]) -> dict[str, list[Engagement]]:
    found: dict[str, list[Engagement]] = {}
    for row in taken:
        found.setdefault(row.person_index, []).append(row)
    return found


def _by_either(pairs: Iterable[CoServiceRow]) -> dict[str, list[tuple[str, date]]]:
    found: dict[str, list[tuple[str, date]]] = {}
    for row in pairs:
        found.setdefault(row.one_index, []).append((row.other_index, row.on_date))
    return found


def _library(vault: Vault, records: Sequence[CandidateRecord], past: _Past) -> Library:
    if past.is_empty:
        return Library(Pool.from_records(records), {})
    index = {record.candidate_id: vault.index(record.candidate_id) for record in records}
    people = {digest: candidate_id for candidate_id, digest in index.items()}
    drawn = {people[digest]: count for digest, count in past.drawn.items() if digest in people}
    return Library(Pool.from_records(_with_past(records, index, people, past)), drawn)


def _with_past(
    records: Iterable[CandidateRecord], index: Mapping[str, str], people: Mapping[str, str], past: _Past
) -> Iterator[CandidateRecord]:
    for record in records:
        digest = index[record.candidate_id]
        yield replace(
            record,
            engagements=tuple((row.starts_at, row.ends_at, row.city) for row in past.engagements.get(digest, ())),
            co_service=_services(past.services.get(digest, ()), people),
        )


def _services(pairs: Iterable[tuple[str, date]], people: Mapping[str, str]) -> tuple[CoService, ...]:
    days: dict[str, list[date]] = {}
    for digest, on in pairs:
        if digest in people:
            days.setdefault(people[digest], []).append(on)
    return tuple(CoService(other, tuple(dates)) for other, dates in sorted(days.items()))

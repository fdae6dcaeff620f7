"""The library as a draw sees it, with the time that people have given to other panels."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Engagement
from expert_hub.experts import service as experts
from expert_hub.foundation.vault import Vault
from scheduling.pool import Pool
from scheduling.records import CandidateRecord
from scheduling.request import DrawRequest

# A seat in another city on the same day is a clash (C17): a day on both sides is more than that needs.
_AROUND = timedelta(days=1)


async def load_pool(session: AsyncSession, means: Means, request: DrawRequest) -> Pool:
    """Everybody in the library as columns. Complexity O(people)."""
    records = await experts.candidate_records(session, request.evaluation_starts_at)
    taken = await store.engagements_between(
        session, request.evaluation_starts_at - _AROUND, request.evaluation_ends_at + _AROUND
    )
    return await asyncio.to_thread(_columns, means.vault, records, _by_person(taken))


def _by_person(taken: Sequence[Engagement]) -> dict[str, list[Engagement]]:
    found: dict[str, list[Engagement]] = {}
    for row in taken:
        found.setdefault(row.person_index, []).append(row)
    return found


def _columns(vault: Vault, records: Sequence[CandidateRecord], taken: Mapping[str, Sequence[Engagement]]) -> Pool:
    if not taken:
        return Pool.from_records(records)
    return Pool.from_records(
        replace(
            record,
            engagements=tuple(
                (row.starts_at, row.ends_at, row.city) for row in taken.get(vault.index(record.candidate_id), ())
            ),
        )
        for record in records
    )

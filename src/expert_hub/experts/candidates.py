"""Loading everyone for a draw: few queries, grouped in Python."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.experts import store
from expert_hub.foundation.clock import local_date
from scheduling.pool import CandidateRecord, Relation

_KIN = "kin"


async def candidate_records(
    session: AsyncSession, at: datetime, only: Collection[str] | None = None
) -> list[CandidateRecord]:
    """Everyone in the library as the draw sees them: no name, no identity number.

    Also those who may not be drawn are among them, so that the draw can record why. Seats that they have accepted are
    not known here; the caller adds them.

    Args:
        session: reads.
        at: start of the evaluation; leave that ends before its day is left out.
        only: ids of the experts wanted, a few hundred at most; None for everyone.

    Returns:
        One record per person, by id.

    Source: domain chapters 1 and 2.
    """
    specialities = await _grouped_codes(session, only)
    leaves: dict[str, list[tuple[Any, Any]]] = {}
    async for expert_id, first, last in store.stream(session, store.leaves_from(local_date(at), only)):
        leaves.setdefault(expert_id, []).append((first, last))
    ties = await _Ties.load(session, only)
    people = [row async for row in store.stream(session, store.people_for_draw(only))]
    by_index = {row.identity_index: row.id for row in people}
    return [
        CandidateRecord(
            candidate_id=row.id,
            standing=row.standing,
            born_on=row.born_on,
            title_level=row.title_level,
            employer_code=row.employer_code,
            employer_name=row.employer_name,
            region_code=row.region_code,
            extra_regions=tuple(row.extra_regions),
            specialities=tuple(specialities.get(row.id, ())),
            term_ends_on=row.term_ends_on,
            relations=tuple(ties.relations.get(row.id, ())),
            leaves=tuple(leaves.get(row.id, ())),
            kin=ties.kin_of(row.id, by_index),
        )
        for row in people
    ]


async def _grouped_codes(session: AsyncSession, only: store.Only) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    async for expert_id, code in store.stream(session, store.all_specialities(only)):
        found.setdefault(expert_id, []).append(code)
    return found


class _Ties:
    """Relations to organisations, and relatives by identity index or expert id, by person."""

    def __init__(self) -> None:
        self.relations: dict[str, list[Relation]] = {}
        self.kin: dict[str, list[str]] = {}

    @classmethod
    async def load(cls, session: AsyncSession, only: store.Only) -> "_Ties":
        ties, wanted = cls(), store.all_relations(only)
        async for expert_id, relation_id, kind, code, name, first, last in store.stream(session, wanted):
            if kind == _KIN:
                ties.kin.setdefault(expert_id, []).append(code)
            else:
                relation = Relation(kind, code, name, first, last, relation_id)
                ties.relations.setdefault(expert_id, []).append(relation)
        return ties

    def kin_of(self, expert_id: str, by_index: dict[str, str]) -> tuple[str, ...]:
        """Expert ids of relatives; one who is in no library yet cannot be drawn and is left out by the draw."""
        return tuple(sorted({by_index.get(code, code) for code in self.kin.get(expert_id, ())}))

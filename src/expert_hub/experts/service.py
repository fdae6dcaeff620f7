"""Use cases of the expert library: look up, change the standing, hand everyone to a draw.

Imports are in `importing`.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.experts import store
from expert_hub.experts.candidates import candidate_records
from expert_hub.experts.errors import ChangedMeanwhile, DecisionIncomplete, ExpertNotFound, StandingNotAllowed
from expert_hub.experts.rules import Standing, standing_reasons
from expert_hub.experts.store import Filters
from expert_hub.experts.tables import Expert, StandingChange
from expert_hub.experts.views import (
    Contact,
    ExpertDetail,
    ExpertSummary,
    LeaveView,
    RegistrationView,
    SpecialityView,
    StandingChangeView,
    relation_view,
    view_of,
)
from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock, local_date
from expert_hub.foundation.pagination import Page, decode_cursor, page_of
from expert_hub.foundation.texts import WITHOUT_NUL
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append

__all__ = [
    "Filters",
    "candidate_records",
    "change_standing",
    "contact_of",
    "get_expert",
    "ids_of",
    "known_specialities",
    "list_experts",
    "list_specialities",
]


Reason = Annotated[str, Meta(max_length=500, pattern=WITHOUT_NUL)]
DecisionId = Annotated[str, Meta(max_length=100, pattern=WITHOUT_NUL)]


class NewStanding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A decided change of standing; with `version` it is refused if the record was changed since it was read."""

    standing: Standing
    reason: Reason
    decision_id: DecisionId
    effective_on: date
    version: int | None = None


async def list_experts(
    session: AsyncSession, filters: Filters, after: str | None = None, limit: int = 50
) -> Page[ExpertSummary]:
    """One page of experts by id.

    Args:
        session: reads.
        filters: speciality, region, standing.
        after: cursor of the page before.
        limit: 1 to `pagination.MAX_LIMIT`.
    """
    rows = await store.list_experts(session, filters, decode_cursor(after), limit)
    page = page_of(rows, [row.id for row in rows], limit)
    codes = await store.specialities_of(session, [row.id for row in page.items])
    items = [view_of(ExpertSummary, row, specialities=codes.get(row.id, [])) for row in page.items]
    return Page(items=items, next=page.next)


async def get_expert(session: AsyncSession, expert_id: str) -> ExpertDetail:
    """One expert, masked.

    Raises:
        ExpertNotFound: there is none with this id.
    """
    row = await store.expert_by_id(session, expert_id)
    if row is None:
        raise ExpertNotFound(expert_id=expert_id)
    relations = [relation_view(each) for each in await store.relations_of(session, expert_id)]
    return view_of(
        ExpertDetail,
        row,
        specialities=(await store.specialities_of(session, [expert_id])).get(expert_id, []),
        relations=relations,
        leaves=[view_of(LeaveView, each) for each in await store.leaves_of(session, expert_id)],
        registrations=[view_of(RegistrationView, each) for each in await store.registrations_of(session, expert_id)],
        standing_changes=[
            view_of(StandingChangeView, each) for each in await store.standing_changes_of(session, expert_id)
        ],
    )


async def contact_of(session: AsyncSession, vault: Vault, expert_id: str) -> Contact:
    """How to reach an expert.

    Raises:
        ExpertNotFound: there is none with this id.
    """
    row = await store.expert_by_id(session, expert_id)
    if row is None:
        raise ExpertNotFound(expert_id=expert_id)
    return Contact(row.name, vault.open(row.mobile_sealed))


async def change_standing(
    session: AsyncSession, clock: Clock, chance: Chance, expert_id: str, actor: str, new: NewStanding
) -> Expert:
    """Change the standing of an expert by a decision.

    Args:
        session: writes; the caller commits.
        clock, chance: instant and id of the record.
        expert_id: whose standing.
        actor: account that records the decision.
        new: the standing with reason, decision id and effective date.

    Raises:
        ExpertNotFound: there is none with this id.
        DecisionIncomplete: reason or decision id is missing, or the effective date lies in the future.
        ChangedMeanwhile: the record has another version than the caller read.
        StandingNotAllowed: the life cycle has no such step.

    Source: domain chapter 1 (every change has actor, reason, decision id, effective date).
    """
    at = clock.now()
    if not new.reason.strip() or not new.decision_id.strip() or new.effective_on > local_date(at):
        raise DecisionIncomplete
    row = await store.lock_expert(session, expert_id)
    if row is None:
        raise ExpertNotFound(expert_id=expert_id)
    if new.version is not None and new.version != row.version:
        raise ChangedMeanwhile(version=row.version)
    before = Standing(row.standing)
    if standing_reasons(before, new.standing):
        raise StandingNotAllowed(before=str(before), after=str(new.standing))
    session.add(
        StandingChange(
            id=new_id(chance),
            expert_id=expert_id,
            before=str(before),
            after=str(new.standing),
            actor=actor,
            reason=new.reason.strip(),
            decision_id=new.decision_id.strip(),
            effective_on=new.effective_on,
            at=at,
        )
    )
    row.standing = row.decided_standing = str(new.standing)
    row.decided_at = row.updated_at = at
    row.version += 1
    body = {
        "before": str(before),
        "after": str(new.standing),
        "decision_id": new.decision_id.strip(),
        "effective_on": new.effective_on.isoformat(),
        "actor": actor,
    }
    await append(session, clock, NewEntry(kind="experts/standing-changed", subject=expert_id, body=body))
    return row


async def standing_version(session: AsyncSession, at: datetime) -> str:
    """Which standings applied at an instant: the number of changes until then and the newest one."""
    return await store.standing_version(session, at)


async def list_specialities(session: AsyncSession, after: str | None = None, limit: int = 200) -> Page[SpecialityView]:
    """One page of the classification by code."""
    rows = await store.specialities_after(session, decode_cursor(after), limit)
    page = page_of(rows, [row.code for row in rows], limit)
    return Page(items=[view_of(SpecialityView, row) for row in page.items], next=page.next)


async def ids_of(session: AsyncSession, names: Collection[str]) -> dict[str, str]:
    """Expert ids by what they were named with: an id, or a number that one library or several gave to one person only.

    Names that are unknown or ambiguous are missing.
    """
    found: dict[str, set[str]] = {}
    for name, expert_id in await store.experts_named(session, names):
        found.setdefault(name, set()).add(expert_id)
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


async def known_specialities(session: AsyncSession, codes: Collection[str]) -> set[str]:
    """Those of the codes that the catalogue lists."""
    return await store.known_specialities(session, codes)

"""Uncertain matches of a draw: the person is out, and somebody looks whether the match is one.

Source: domain CF-02.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.conflicts import conflict_decisions, conflict_store
from expert_hub.draws.conflicts.conflict_decisions import NewDecision, ReasonText
from expert_hub.draws.conflicts.conflict_tables import ConflictReview
from expert_hub.draws.conflicts.exclusion_records import relation_document
from expert_hub.draws.errors import DecisionIncomplete, ReviewClosed
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Draw
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.pagination import Page, decode_cursor, page_of
from expert_hub.foundation.texts import Line
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from scheduling.exclusions import Exclusion, Exclusions
from scheduling.pins import Pin

OPEN = "open"
ReviewState = Literal["open", "conflict", "clear", "corrected"]


class Verdict(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a review ends: a pinned conflict, a match that is none, or a record that was corrected in the library."""

    verdict: Literal["conflict", "clear", "corrected"]
    reason: ReasonText
    evidence: Line = ""


class ReviewView(msgspec.Struct, frozen=True):
    """A review as supervisors and auditors read it; `relation` is the stored tie."""

    id: str
    draw_id: str
    lot_id: str
    expert_id: str
    ground: str
    party_role: str
    party_code: str
    party_name: str
    relation: dict[str, Any]
    state: str
    reason: str
    decision_id: str | None
    closed_by: str | None
    opened_at: datetime
    closed_at: datetime | None

    @classmethod
    def of(cls, row: ConflictReview) -> "ReviewView":
        """From its row."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


async def open_reviews(
    session: AsyncSession, means: Means, draw: Draw, exclusions: Exclusions, pins: Sequence[Pin]
) -> None:
    """Open a review for each uncertain match that nobody has looked at for this lot."""
    known = {
        (row.expert_id, row.ground, row.party_role, row.party_code, row.party_name)
        for row in await conflict_store.reviews_of_lot(session, draw.lot_id)
    }
    settled = {(pin.candidate_id, pin.ground) for pin in pins if pin.state == "pinned_conflict"}
    for exclusion in _uncertain(exclusions):
        row = _row(means, draw, exclusion)
        key = row.expert_id, row.ground, row.party_role, row.party_code, row.party_name
        if key not in known and key[:2] not in settled:
            known.add(key)
            session.add(row)
    await session.flush()


async def list_reviews(
    session: AsyncSession, actor: Actor, state: str, after: str | None, limit: int
) -> Page[ReviewView]:
    """One page of the reviews in a state, by id."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    rows = await conflict_store.reviews_after(session, state, decode_cursor(after), limit + 1)
    page = page_of(rows, [row.id for row in rows], limit)
    return Page(items=[ReviewView.of(row) for row in page.items], next=page.next)


async def close_review(
    session: AsyncSession, means: Means, actor: Actor, review_id: str, verdict: Verdict
) -> ConflictReview:
    """End a review; a conflict, or a match that is none, becomes a decision that holds for this pair everywhere.

    Raises:
        NotFound: there is no such review.
        ReviewClosed: it has ended.
        DecisionIncomplete, PinRefusedError: see `conflict_decisions.decide`; a ground that the law sets is not cleared.
    """
    actor.require(Role.SUPERVISOR)
    row = await conflict_store.lock_review(session, review_id)
    if row is None:
        raise NotFound
    if row.state != OPEN:
        raise ReviewClosed(state=row.state)
    if not verdict.reason.strip():
        raise DecisionIncomplete(missing="reason")
    if verdict.verdict != "corrected":
        decision = await conflict_decisions.decide(session, means, actor, _decision(row, verdict))
        row.decision_id = decision.id
    row.state, row.reason = verdict.verdict, verdict.reason.strip()
    row.closed_by, row.closed_at = actor.account_id, means.clock.now()
    body = {"review": row.id, "state": row.state, "ground": row.ground}
    await append(session, means.clock, NewEntry("draws/review-closed", row.draw_id, body))
    return row


def _decision(row: ConflictReview, verdict: Verdict) -> NewDecision:
    # The organisation as the record of the person has it: that is what a later match leads from.
    code, name = str(row.relation.get("code") or ""), str(row.relation.get("name") or "")
    is_conflict = verdict.verdict == "conflict"
    return NewDecision(
        lot_id=row.lot_id,
        expert=row.expert_id,
        state="pinned_conflict" if is_conflict else "pinned_clear",
        ground=row.ground,
        reason=verdict.reason,
        evidence=verdict.evidence,
        party_code=row.party_code if is_conflict else code,
        party_name=row.party_name if is_conflict else name,
        holds_everywhere=True,
    )


def _uncertain(exclusions: Exclusions) -> Iterator[Exclusion]:
    return (exclusion for exclusion in exclusions.traced() if exclusion.needs_review)


def _row(means: Means, draw: Draw, exclusion: Exclusion) -> ConflictReview:
    party = exclusion.party
    return ConflictReview(
        id=new_id(means.chance),
        draw_id=draw.id,
        lot_id=draw.lot_id,
        expert_id=exclusion.candidate_id,
        ground=exclusion.ground,
        party_role=party.role if party else "",
        party_code=party.code if party else "",
        party_name=party.name if party else "",
        relation=relation_document(exclusion) or {},
        state=OPEN,
        opened_at=means.clock.now(),
    )

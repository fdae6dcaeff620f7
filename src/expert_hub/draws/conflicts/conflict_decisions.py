"""Decisions of persons about single conflicts: pinned as one, or pinned clear where the law leaves it open.

Source: domain CF-01, CF-06, CF-07.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.conflicts import conflict_store
from expert_hub.draws.conflicts.conflict_tables import ConflictDecision
from expert_hub.draws.errors import DecisionIncomplete
from expert_hub.draws.means import Means
from expert_hub.draws.preparing.requests import Officers, request_of
from expert_hub.experts import service as experts
from expert_hub.experts.errors import ExpertNotFound
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import CENTRE_PACK
from expert_hub.foundation.texts import WITHOUT_NUL, Identifier, Line
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from scheduling.canonical import encode
from scheduling.organisations import normal_code, normal_name
from scheduling.parties import PartyIndex
from scheduling.pins import Pin, ensure_pins
from scheduling.request import DrawRequest

KINSHIP = "C13"
ReasonText = Annotated[str, Meta(max_length=500, pattern=WITHOUT_NUL)]
"""Why somebody decided so; several lines."""

PartyCode = Annotated[str, Meta(max_length=64, pattern=WITHOUT_NUL)]


class NewDecision(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What was decided at a lot about one expert, named by id or library number.

    `party_code` and `party_name` are the other side, for C13 the other expert in `party_code`; empty for whatever
    party. With `holds_everywhere` it holds for every lot in which that party takes part.
    """

    lot_id: Identifier
    expert: Identifier
    state: Literal["pinned_conflict", "pinned_clear"]
    ground: Annotated[str, Meta(pattern=r"^C[0-9]{2}(?![\s\S])")]
    reason: ReasonText
    evidence: Line
    party_code: PartyCode = ""
    party_name: Line = ""
    holds_everywhere: bool = False


class DecisionView(msgspec.Struct, frozen=True):
    """A decision as supervisors and auditors read it."""

    id: str
    lot_id: str
    holds_everywhere: bool
    expert_id: str
    state: str
    ground: str
    party_code: str
    party_name: str
    reason: str
    evidence: str
    decided_by: str
    decided_at: datetime
    revoked_by: str | None
    revoked_at: datetime | None

    @classmethod
    def of(cls, row: ConflictDecision) -> "DecisionView":
        """From its row."""
        return cls(**{name: getattr(row, name) for name in cls.__struct_fields__})


async def decide(session: AsyncSession, means: Means, actor: Actor, new: NewDecision) -> ConflictDecision:
    """Pin a conflict, or pin one clear.

    Raises:
        NotFound, ExpertNotFound: there is no such lot or expert.
        DecisionIncomplete: reason, evidence or the other side is missing.
        PinRefusedError: the ground is not in force, is no tie, or the law sets it and it may not be cleared.
    """
    actor.require(Role.SUPERVISOR)
    lot, project = await listings.lot_and_project(session, new.lot_id)
    ids = await experts.ids_of(session, [new.expert, *([new.party_code] if new.ground == KINSHIP else [])])
    if new.expert not in ids:
        raise ExpertNotFound(expert_id=new.expert)
    _ensure_complete(new)
    row = _row(means, actor, new, ids)
    pack = listings.governing_pack(means.packs, project)
    request = request_of(row.id, listings.form_of(lot), pack, means.packs[CENTRE_PACK], Officers(actor.account_id))
    ensure_pins([_pin(row)], request)
    session.add(row)
    await session.flush()
    body = {"decision": row.id, "state": row.state, "ground": row.ground, "sha256": digest_of(row)}
    await append(session, means.clock, NewEntry("draws/conflict-decided", lot.id, body))
    return row


async def revoke(session: AsyncSession, means: Means, actor: Actor, decision_id: str) -> ConflictDecision:
    """Take a decision back; draws to come do not know it.

    Raises:
        NotFound: there is none in force.
    """
    actor.require(Role.SUPERVISOR)
    row = await conflict_store.decision_by_id(session, decision_id)
    if row is None or row.revoked_at is not None:
        raise NotFound
    row.revoked_by, row.revoked_at = actor.account_id, means.clock.now()
    await append(session, means.clock, NewEntry("draws/conflict-revoked", row.lot_id, {"decision": row.id}))
    return row


async def of_lot(session: AsyncSession, actor: Actor, lot_id: str) -> list[DecisionView]:
    """Every decision made at a lot, oldest first."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    return [DecisionView.of(row) for row in await conflict_store.decisions_of_lot(session, lot_id)]


async def pins_for(session: AsyncSession, request: DrawRequest, lot_id: str) -> tuple[Pin, ...]:
    """The decisions that concern a request; of two about the same expert, ground and party the newer one."""
    known = PartyIndex(request)
    found: dict[tuple[str, str, str, str], Pin] = {}
    for row in await conflict_store.decisions_for(session, lot_id):
        if row.ground in request.grounds and (row.lot_id == lot_id or _concerns(row, known)):
            key = row.expert_id, row.ground, normal_code(row.party_code), normal_name(row.party_name)
            found[key] = _pin(row)
    return tuple(found.values())


def digest_of(row: ConflictDecision) -> str:
    """SHA-256 over everything that was decided, in canonical form."""
    decided = {
        name: getattr(row, name)
        for name in (
            *("id", "lot_id", "holds_everywhere", "expert_id", "state", "ground", "party_code", "party_name"),
            *("reason", "evidence", "decided_by"),
        )
    }
    return hashlib.sha256(encode(decided)).hexdigest()


def _ensure_complete(new: NewDecision) -> None:
    is_open = new.holds_everywhere and not (new.party_code.strip() or new.party_name.strip())
    missing = [name for name in ("reason", "evidence") if not getattr(new, name).strip()] + ["party"] * is_open
    if missing:
        raise DecisionIncomplete(missing=", ".join(missing))


def _row(means: Means, actor: Actor, new: NewDecision, ids: Mapping[str, str]) -> ConflictDecision:
    return ConflictDecision(
        id=new_id(means.chance),
        lot_id=new.lot_id,
        holds_everywhere=new.holds_everywhere,
        expert_id=ids[new.expert],
        state=new.state,
        ground=new.ground,
        party_code=ids.get(new.party_code, new.party_code),
        party_name=new.party_name,
        reason=new.reason.strip(),
        evidence=new.evidence.strip(),
        decided_by=actor.account_id,
        decided_at=means.clock.now(),
    )


def _pin(row: ConflictDecision) -> Pin:
    return Pin(
        candidate_id=row.expert_id,
        state=row.state,  # type: ignore[arg-type]
        ground=row.ground,
        reason=row.reason,
        decided_by=row.decided_by,
        party_code=row.party_code,
        party_name=row.party_name,
        evidence=row.evidence,
    )


def _concerns(row: ConflictDecision, known: PartyIndex) -> bool:
    if row.ground == KINSHIP:
        return True
    return known.match(normal_code(row.party_code), normal_name(row.party_name)) is not None

"""Invite the expert of a drawn place: a one-time code, and a sealed parcel that the worker sends."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.calling.invitation_rules import InvitationState, Parcel, code_digest
from expert_hub.draws.tables import Draw, DrawPosition, Invitation
from expert_hub.experts import service as experts
from expert_hub.experts.errors import ExpertNotFound
from expert_hub.foundation.chance import Chance, new_code, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePack
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings


class Tools(Protocol):
    """What inviting works with."""

    @property
    def clock(self) -> Clock:
        """The present."""

    @property
    def chance(self) -> Chance:
        """Source of codes."""

    @property
    def vault(self) -> Vault:
        """Seals the parcel until it is sent."""

    @property
    def packs(self) -> Mapping[str, RulePack]:
        """How often and how long is asked."""


async def invite(
    session: AsyncSession, tools: Tools, draw: Draw, position: DrawPosition, expert_id: str, *, is_held: bool = False
) -> None:
    """Queue the invitation of one expert, or hold that of an alternate until a seat is empty.

    The row names nobody: number and code are sealed for the worker until the message is on its way.
    """
    lot, project = await listings.lot_and_project(session, draw.lot_id)
    pack = listings.governing_pack(tools.packs, project)
    limit = tools.packs[CENTRE_PACK].span("expert.answer_limit")
    now, code = tools.clock.now(), new_code(tools.chance)
    mobile = await _mobile_of(session, tools.vault, expert_id)
    parcel = Parcel(mobile, code, lot.evaluation_starts_at, draw.place, draw.phone, pack.text("notify.channel"))
    row = Invitation(
        id=new_id(tools.chance),
        draw_id=draw.id,
        position_id=position.id,
        code_sha256=code_digest(code),
        code_sealed=tools.vault.seal(code, tools.chance.octets(12)),
        parcel_sealed=tools.vault.seal(msgspec.json.encode(parcel).decode(), tools.chance.octets(12)),
        state=InvitationState.HELD,
        attempts_max=max(pack.integer("notify.attempts"), 1),
        answer_limit_s=int(limit.total_seconds()),
        # A place that falls vacant after the beginning is still worth one limit of waiting.
        give_up_at=max(lot.evaluation_starts_at, now + limit),
        queued_at=now,
    )
    session.add(row)
    if not is_held:
        await release(session, tools, (draw, position, row))


async def release(session: AsyncSession, tools: Tools, rows: tuple[Draw, DrawPosition, Invitation]) -> None:
    """Let the worker send an invitation; the ledger says for which seat, and under which digest of the code."""
    draw, position, row = rows
    now = tools.clock.now()
    row.state, row.queued_at, row.due_at, position.outcome = InvitationState.QUEUED, now, now, "invited"
    row.give_up_at = max(row.give_up_at, now + timedelta(seconds=row.answer_limit_s))
    body = {**place_of(position), "code": row.code_sha256}
    await append(session, tools.clock, NewEntry("draws/invited", subject_of(draw, position), body))


def subject_of(draw: Draw, position: DrawPosition) -> str:
    """What entries of the ledger about a seat are about: the draw, or the seat itself of one who was not drawn.

    The transcript holds what is about the draw, and knows drawn persons only.
    """
    return position.id if position.is_direct else draw.id


def place_of(position: DrawPosition) -> dict[str, int | None]:
    """Drawing, seat and leaf of a drawn person, as entries of the ledger name them."""
    drawn = None if position.is_direct else position.position
    return {"number": position.number, "seat": position.seat, "position": drawn}


async def _mobile_of(session: AsyncSession, vault: Vault, expert_id: str) -> str:
    try:
        return (await experts.contact_of(session, vault, expert_id)).mobile
    except ExpertNotFound:
        # Who left the library since the commitment is found unreachable by the worker: a refusal here would name him.
        return ""

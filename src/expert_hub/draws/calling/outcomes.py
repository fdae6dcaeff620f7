"""Close an invitation with its one outcome: the row, the place, the ledger, and the seat that falls vacant."""

import hashlib
from typing import Any, Final

import msgspec
import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling import vacancies
from expert_hub.draws.calling.invitation_rules import InvitationState
from expert_hub.draws.calling.inviting import Tools
from expert_hub.draws.tables import Draw, DrawPosition, Invitation
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState

LOT_IS_OVER: Final = (LotState.EVALUATED, LotState.FAILED)
_BY_CODE: Final = (InvitationState.DECLINED, InvitationState.WITHDRAWN)
"""Outcomes that the code proves; that of who accepts still opens the door to the room, so it stays sealed."""


class Concern(msgspec.Struct, frozen=True):
    """An invitation with its draw and its place, both locked until the transaction ends."""

    draw: Draw
    invitation: Invitation
    position: DrawPosition


async def lock_concern(
    session: AsyncSession, *, invitation_id: str | None = None, code_sha256: str | None = None
) -> Concern | None:
    """Lock an invitation by its id or by the digest of its code, after its draw: one order for all."""
    found = await store.find_invitation(session, invitation_id=invitation_id, code_sha256=code_sha256)
    if found is None:
        return None
    draw = await store.lock_draw(session, found.draw_id)
    invitation = await store.lock_invitation(session, found.id)
    position = await store.position_by_id(session, found.position_id)
    if draw is None or invitation is None or position is None:
        return None
    return Concern(draw, invitation, position)


async def conclude(session: AsyncSession, tools: Tools, concern: Concern, outcome: InvitationState) -> None:
    """Give an invitation its outcome; unless it is an acceptance, the seat is filled at once while the lot is open.

    Source: spec DR-12, DR-16, DR-17; design/draw.md section 3 no. 5.
    """
    draw, row, position = concern.draw, concern.invitation, concern.position
    now = tools.clock.now()
    is_kept = outcome == InvitationState.ACCEPTED
    if outcome not in (InvitationState.NO_ANSWER, InvitationState.UNREACHABLE):
        row.answered_at = now
    row.state = position.outcome = outcome
    row.parcel_sealed = row.due_at = row.leased_by = row.leased_until = None
    if not is_kept:
        row.closed_at = now
    is_own_word = outcome in _BY_CODE and row.code_sealed is not None
    position.evidence = {"code": tools.vault.open(row.code_sealed or b"")} if is_own_word else None
    await vacancies.enter_outcome(session, tools, draw, position, await evidence_digest(session, row.id))
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    if lot.state not in LOT_IS_OVER:
        await vacancies.settle(session, tools, draw)


async def evidence_digest(session: AsyncSession, invitation_id: str) -> str:
    """SHA-256 over the attempts and gateway reports of an invitation in RFC 8785 form: what its outcome rests on."""
    await session.flush()
    attempts = [
        {"number": row.number, "round": row.round, "channel": row.channel, "at": row.ended_at.isoformat()}
        | {"result": row.result, "reason": row.reason}
        for row in await store.attempts_of(session, invitation_id)
    ]
    reports = [
        {"event_id": row.event_id, "round": row.round, "event": row.event, "at": row.received_at.isoformat()}
        | {"body_sha256": row.body_sha256}
        for row in await store.reports_of(session, invitation_id)
    ]
    record: dict[str, Any] = {"invitation": invitation_id, "attempts": attempts, "reports": reports}
    return hashlib.sha256(rfc8785.dumps(record)).hexdigest()

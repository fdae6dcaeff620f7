"""Invitations: one-time codes, answers, and the next alternate after a refusal."""

from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.errors import InvitationAnswered, InvitationUnknown, NoAlternateLeft
from expert_hub.draws.rules import (
    DrawnPlace,
    DrawState,
    code_digest,
    invitation_text,
    next_alternate,
    state_after_answer,
)
from expert_hub.draws.tables import Draw, DrawPosition, Invitation
from expert_hub.foundation.chance import Chance, new_code, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState


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
        """Seals the message until it is sent."""


async def invite_panel(session: AsyncSession, tools: Tools, draw: Draw, positions: list[DrawPosition]) -> None:
    """Invite everyone who was drawn for a seat; alternates wait."""
    for position in positions:
        if not position.is_alternate:
            await _invite(session, tools, draw, position)


async def answer(session: AsyncSession, tools: Tools, code: str, *, accept: bool) -> tuple[Draw, str]:
    """Take the answer that came with the code of a message; a refusal invites the next alternate of the quota.

    The same answer given again changes nothing: an expert whose token was lost on the way enters again with the code
    until the evaluation is over or the place is someone else's.

    Returns:
        The draw and the expert who answered.

    Raises:
        InvitationUnknown: no invitation has this code.
        InvitationAnswered: it was answered otherwise, or what it was for is over.
    """
    invitation = await store.lock_invitation(session, code_digest(code))
    if invitation is None:
        raise InvitationUnknown
    draw = await store.lock_draw(session, invitation.draw_id)
    said = "accepted" if accept else "declined"
    if draw is not None and invitation.state == said:
        return draw, await _said_before(session, draw, invitation)
    if draw is None or invitation.state not in ("queued", "sent"):
        raise InvitationAnswered
    invitation.state = said
    invitation.answered_at = tools.clock.now()
    invitation.message_sealed = None
    positions = await store.positions_of(session, draw.id)
    position = next(row for row in positions if row.id == invitation.position_id)
    position.outcome = invitation.state
    body = {"quota": position.quota_id, "rank": position.rank, "alternate": position.is_alternate}
    await append(session, tools.clock, NewEntry(f"draws/{invitation.state}", draw.id, body))
    is_short = not accept and not await _ask_next(session, tools, draw, positions, position.quota_id)
    seats = sum(not row.is_alternate for row in positions)
    before, draw.state = draw.state, state_after_answer(_places(positions), seats, is_short or draw.state == "short")
    if draw.state != before:
        await append(session, tools.clock, NewEntry(f"draws/{draw.state}", draw.id))
    return draw, position.expert_id


async def _said_before(session: AsyncSession, draw: Draw, invitation: Invitation) -> str:
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    positions = await store.positions_of(session, draw.id)
    position = next(row for row in positions if row.id == invitation.position_id)
    if position.outcome != invitation.state or lot.state in (LotState.EVALUATED, LotState.FAILED):
        raise InvitationAnswered
    return position.expert_id


async def supplement(session: AsyncSession, tools: Tools, draw_id: str, expert_id: str) -> None:
    """Give up the place of an expert who accepted and invite the next alternate of its quota (DR-17).

    Raises:
        NoAlternateLeft: the quota has none; the committee must be formed anew.
        NotFound: the expert holds no accepted place of this draw.
    """
    draw = await store.lock_draw(session, draw_id)
    positions = await store.positions_of(session, draw_id)
    given_up = [row for row in positions if row.expert_id == expert_id and row.outcome == "accepted"]
    if draw is None or not given_up:
        raise NotFound
    if not await _ask_next(session, tools, draw, positions, given_up[0].quota_id):
        raise NoAlternateLeft
    given_up[0].outcome = "replaced"
    draw.state = DrawState.INVITING
    body = {"quota": given_up[0].quota_id, "rank": given_up[0].rank, "alternate": given_up[0].is_alternate}
    await append(session, tools.clock, NewEntry("draws/replaced", draw.id, body))


async def _ask_next(
    session: AsyncSession, tools: Tools, draw: Draw, positions: list[DrawPosition], quota_id: str
) -> bool:
    chosen = next_alternate(_places(positions), quota_id)
    if chosen is None:
        return False
    await _invite(session, tools, draw, next(row for row in positions if row.id == chosen.position_id))
    return True


async def _invite(session: AsyncSession, tools: Tools, draw: Draw, position: DrawPosition) -> None:
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    code = new_code(tools.chance)
    text = invitation_text(listings.form_of(lot), draw.place, draw.phone, code)
    position.outcome = "invited"
    session.add(
        Invitation(
            id=new_id(tools.chance),
            draw_id=draw.id,
            position_id=position.id,
            code_sha256=code_digest(code),
            message_sealed=tools.vault.seal(text, tools.chance.octets(12)),
            state="queued",
            queued_at=tools.clock.now(),
        )
    )
    body = {"quota": position.quota_id, "rank": position.rank, "alternate": position.is_alternate}
    await append(session, tools.clock, NewEntry("draws/invited", draw.id, body))


def _places(positions: list[DrawPosition]) -> list[DrawnPlace]:
    return [DrawnPlace(row.id, row.quota_id, row.is_alternate, row.outcome) for row in positions]

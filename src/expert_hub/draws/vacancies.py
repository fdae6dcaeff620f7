"""Fill the place of an expert who does not come: refused, did not answer, withdrew, is absent, or was replaced."""

from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.errors import NoAlternateLeft
from expert_hub.draws.invitation_rules import InvitationState
from expert_hub.draws.inviting import Tools, invite
from expert_hub.draws.rules import DrawnPlace, DrawState, next_alternate, state_after_answer
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.errors import NotFound
from expert_hub.ledger.service import NewEntry, append

_LEFT: Final = (InvitationState.WITHDRAWN, InvitationState.ABSENT)


async def fill(session: AsyncSession, tools: Tools, draw: Draw, position: DrawPosition) -> bool:
    """Invite somebody for the seat that `position` leaves; the draw is locked by the caller.

    Returns:
        False if nobody is left who could be asked: then the committee must be formed anew.
    """
    positions = await store.positions_of(session, draw.id)
    chosen = next_alternate(places(positions), position.quota_id)
    if chosen is None:
        return False
    successor = next(row for row in positions if row.id == chosen.position_id)
    await invite(session, tools, draw, successor, successor.expert_id)
    return True


async def settle(session: AsyncSession, tools: Tools, draw: Draw, *, is_short: bool) -> None:
    """Bring the state of a draw in line with its places; a change is an entry of the ledger."""
    positions = await store.positions_of(session, draw.id)
    seats = sum(not row.is_alternate for row in positions)
    is_short = is_short or draw.state == DrawState.SHORT
    before, draw.state = draw.state, state_after_answer(places(positions), seats, is_short)
    if draw.state != before:
        await append(session, tools.clock, NewEntry(f"draws/{draw.state}", draw.id))


async def supplement(session: AsyncSession, tools: Tools, draw_id: str, expert_id: str) -> None:
    """Give up the place of an expert who accepted and invite the next for it (DR-17).

    The place of an expert who withdrew or is absent is being filled already: then nothing happens.

    Raises:
        NoAlternateLeft: nobody is left; the committee must be formed anew.
        NotFound: the expert holds no accepted place of this draw.
    """
    draw = await store.lock_draw(session, draw_id)
    position = await store.position_held_by(session, draw_id, expert_id)
    if draw is not None and position is not None and position.outcome in _LEFT:
        return
    if draw is None or position is None or position.outcome != InvitationState.ACCEPTED:
        raise NotFound
    if not await fill(session, tools, draw, position):
        raise NoAlternateLeft
    position.outcome = "replaced"
    draw.state = DrawState.INVITING
    body = {"quota": position.quota_id, "rank": position.rank, "alternate": position.is_alternate}
    await append(session, tools.clock, NewEntry("draws/replaced", draw.id, body))


def places(positions: list[DrawPosition]) -> list[DrawnPlace]:
    """The drawn places as the rules see them."""
    return [DrawnPlace(row.id, row.quota_id, row.is_alternate, row.outcome) for row in positions]

"""What ends with an attempt: nobody is asked any more, and who was drawn has the time back."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling.invitation_rules import OPEN, InvitationState
from expert_hub.draws.calling.inviting import Tools
from expert_hub.draws.rules import VACANT_OUTCOMES, DrawState
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append


async def fall_short(session: AsyncSession, tools: Tools, draw: Draw) -> None:
    """End a draw that has nobody left for an empty seat; it is void, and the next attempt names it."""
    draw.state = DrawState.SHORT
    await enter_void(session, tools, draw)


async def enter_void(session: AsyncSession, tools: Tools, draw: Draw) -> None:
    """Say in the ledger that a draw gives no panel, and how many drawn persons had left; leave everybody in peace."""
    drawn = [row for row in await store.positions_of(session, draw.id) if not row.is_direct]
    skips = sum(row.outcome in VACANT_OUTCOMES for row in drawn)
    await append(session, tools.clock, NewEntry("draws/voided", draw.id, {"commit": draw.commitment, "skips": skips}))
    await call_off(session, tools, draw)


async def call_off(session: AsyncSession, tools: Tools, draw: Draw) -> None:
    """Close what was not answered, destroy what would send it, and free the time of everybody; the draw is locked."""
    now = tools.clock.now()
    for row in await store.invitations_of(session, draw.id):
        if row.state in (*OPEN, InvitationState.HELD):
            row.state = InvitationState.CLOSED
        row.closed_at = row.closed_at or now
        row.parcel_sealed = row.due_at = row.leased_by = row.leased_until = None
    await free_time(session, tools.vault, await store.positions_of(session, draw.id))


async def free_time(session: AsyncSession, vault: Vault, positions: Iterable[DrawPosition]) -> None:
    """Let other panels have the time that these drawn persons do not give any more (C17)."""
    for row in await store.engagements_by_id(session, [engagement_id(vault, position.id) for position in positions]):
        row.is_over = True


def engagement_id(vault: Vault, position_id: str) -> str:
    """Under which the time of a drawn person is kept: who reads the tables only cannot say whose place it was."""
    return vault.index(f"engagement of {position_id}")[:32]

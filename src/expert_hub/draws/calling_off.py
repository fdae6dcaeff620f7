"""What ends with an attempt: nobody is asked any more, and who was drawn has the time back."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.invitation_rules import OPEN, InvitationState
from expert_hub.draws.inviting import Tools
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.vault import Vault


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

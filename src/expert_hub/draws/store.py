"""Statements of draws."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.draws.tables import Draw, DrawPosition, Invitation


async def lock_draw(session: AsyncSession, draw_id: str) -> Draw | None:
    """The draw, locked until the transaction ends: two operators confirming at once make one draw."""
    statement = select(Draw).where(col(Draw.id) == draw_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def draw_by_id(session: AsyncSession, draw_id: str) -> Draw | None:
    """The draw with this id."""
    return await session.get(Draw, draw_id)


async def draws_of_lot(session: AsyncSession, lot_id: str) -> list[Draw]:
    """The attempts of a lot, oldest first."""
    statement = select(Draw).where(col(Draw.lot_id) == lot_id).order_by(col(Draw.attempt))
    return list((await session.execute(statement)).scalars())


async def positions_of(session: AsyncSession, draw_id: str) -> list[DrawPosition]:
    """The drawn places in the order of the transcript."""
    statement = select(DrawPosition).where(col(DrawPosition.draw_id) == draw_id).order_by(col(DrawPosition.place))
    return list((await session.execute(statement)).scalars())


async def lock_invitation(session: AsyncSession, code_sha256: str) -> Invitation | None:
    """The invitation with this digest of its code, locked until the transaction ends."""
    statement = select(Invitation).where(col(Invitation.code_sha256) == code_sha256).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def queued_invitations(session: AsyncSession, limit: int) -> list[Invitation]:
    """Invitations that were not handed to the notifier yet, oldest first."""
    statement = (
        select(Invitation).where(col(Invitation.state) == "queued").order_by(col(Invitation.queued_at)).limit(limit)
    )
    return list((await session.execute(statement)).scalars())


async def invitation_by_id(session: AsyncSession, invitation_id: str) -> Invitation | None:
    """The invitation with this id, locked until the transaction ends."""
    statement = select(Invitation).where(col(Invitation.id) == invitation_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def position_expert(session: AsyncSession, position_id: str) -> str:
    """The expert of a drawn place."""
    statement = select(col(DrawPosition.expert_id)).where(col(DrawPosition.id) == position_id)
    return str((await session.execute(statement)).scalar_one())

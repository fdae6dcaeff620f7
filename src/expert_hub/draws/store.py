"""Statements of draws."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.draws.tables import Draw, DrawPosition, Invitation, InvitationAttempt, InvitationReport


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


async def position_by_id(session: AsyncSession, position_id: str) -> DrawPosition | None:
    """A drawn place."""
    return await session.get(DrawPosition, position_id)


async def position_held_by(session: AsyncSession, draw_id: str, expert_id: str) -> DrawPosition | None:
    """The place of an expert in a draw."""
    statement = select(DrawPosition).where(
        col(DrawPosition.draw_id) == draw_id, col(DrawPosition.expert_id) == expert_id
    )
    return (await session.execute(statement)).scalar_one_or_none()


class Found(NamedTuple):
    """Where an invitation belongs."""

    id: str
    draw_id: str
    position_id: str


async def find_invitation(session: AsyncSession, *, invitation_id: str | None, code_sha256: str | None) -> Found | None:
    """Where the invitation with this id or this digest of its code belongs; locks nothing."""
    statement = select(col(Invitation.id), col(Invitation.draw_id), col(Invitation.position_id))
    if invitation_id is not None:
        statement = statement.where(col(Invitation.id) == invitation_id)
    else:
        statement = statement.where(col(Invitation.code_sha256) == (code_sha256 or ""))
    row = (await session.execute(statement)).one_or_none()
    return Found(*row) if row else None


async def lock_invitation(session: AsyncSession, invitation_id: str) -> Invitation | None:
    """The invitation as it is now, locked until the transaction ends."""
    statement = select(Invitation).where(col(Invitation.id) == invitation_id).with_for_update()
    return (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one_or_none()


async def invitation_by_code(session: AsyncSession, code_sha256: str) -> Invitation | None:
    """The invitation with this digest of its code."""
    statement = select(Invitation).where(col(Invitation.code_sha256) == code_sha256)
    return (await session.execute(statement)).scalar_one_or_none()


async def invitations_of(session: AsyncSession, draw_id: str) -> list[Invitation]:
    """Every invitation of a draw."""
    statement = select(Invitation).where(col(Invitation.draw_id) == draw_id)
    return list((await session.execute(statement)).scalars())


async def is_anything_due(session: AsyncSession, now: datetime) -> bool:
    """True if an invitation waits for a worker."""
    statement = select(col(Invitation.id)).where(*_due(now)).limit(1)
    return (await session.execute(statement)).first() is not None


async def claim_due(session: AsyncSession, now: datetime, limit: int) -> list[Invitation]:
    """Invitations that are due and in nobody's hands, the longest waiting first; others pass over what is locked."""
    statement = (
        select(Invitation)
        .where(*_due(now))
        .order_by(col(Invitation.due_at), col(Invitation.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list((await session.execute(statement)).scalars())


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    until = col(Invitation.leased_until)
    return col(Invitation.due_at) <= now, or_(until.is_(None), until <= now)


async def attempts_of(session: AsyncSession, invitation_id: str) -> list[InvitationAttempt]:
    """The attempts of an invitation in order."""
    statement = (
        select(InvitationAttempt)
        .where(col(InvitationAttempt.invitation_id) == invitation_id)
        .order_by(col(InvitationAttempt.number))
    )
    return list((await session.execute(statement)).scalars())


async def reports_of(session: AsyncSession, invitation_id: str) -> list[InvitationReport]:
    """The reports about an invitation by their time and id."""
    statement = (
        select(InvitationReport)
        .where(col(InvitationReport.invitation_id) == invitation_id)
        .order_by(col(InvitationReport.received_at), col(InvitationReport.event_id))
    )
    return list((await session.execute(statement)).scalars())


async def report_by_id(session: AsyncSession, invitation_id: str, event_id: str) -> InvitationReport | None:
    """One report of a gateway."""
    return await session.get(InvitationReport, (invitation_id, event_id))


async def refused_channels(session: AsyncSession, invitation_id: str) -> frozenset[str]:
    """The channels that refused the number of an invitation for good, at once or by a report later."""
    attempts = select(col(InvitationAttempt.channel)).where(
        col(InvitationAttempt.invitation_id) == invitation_id, col(InvitationAttempt.result) == "refused"
    )
    reports = select(col(InvitationReport.channel)).where(
        col(InvitationReport.invitation_id) == invitation_id,
        col(InvitationReport.event) == "failed",
        col(InvitationReport.is_applied),
    )
    return frozenset((await session.execute(attempts.union(reports))).scalars())

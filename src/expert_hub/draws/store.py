"""Statements of draws."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.draws.tables import (
    Draw,
    DrawLink,
    DrawParty,
    DrawPolicy,
    DrawPool,
    DrawPosition,
    DrawRound,
    Engagement,
    Invitation,
    InvitationAttempt,
    InvitationReport,
)

_REGISTRATIONS: Final = 0x58443101
"""Key of the advisory lock under which chains are registered: any number that nothing else in the database uses."""


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


async def position_of_account(session: AsyncSession, account_id: str) -> DrawPosition | None:
    """The drawn place to which an account was made, as it is now."""
    statement = select(DrawPosition).where(col(DrawPosition.account_id) == account_id)
    return (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one_or_none()


async def round_of(session: AsyncSession, draw_id: str, number: int) -> DrawRound | None:
    """One drawing, locked until the transaction ends."""
    statement = (
        select(DrawRound).where(col(DrawRound.draw_id) == draw_id, col(DrawRound.number) == number).with_for_update()
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def rounds_of(session: AsyncSession, draw_id: str) -> list[DrawRound]:
    """The drawings of a draw in order."""
    statement = select(DrawRound).where(col(DrawRound.draw_id) == draw_id).order_by(col(DrawRound.number))
    return list((await session.execute(statement)).scalars())


async def rounds_in(session: AsyncSession, state: str, limit: int) -> list[DrawRound]:
    """Drawings in a state, oldest first."""
    statement = select(DrawRound).where(col(DrawRound.state) == state).order_by(col(DrawRound.opened_at)).limit(limit)
    return list((await session.execute(statement)).scalars())


async def draws_in(session: AsyncSession, states: Collection[str]) -> list[Draw]:
    """Draws in one of the states, oldest first."""
    statement = select(Draw).where(col(Draw.state).in_(states)).order_by(col(Draw.requested_at))
    return list((await session.execute(statement)).scalars())


async def pool_of(session: AsyncSession, draw_id: str) -> DrawPool | None:
    """The frozen pool of a draw."""
    return await session.get(DrawPool, draw_id)


async def policy_text(session: AsyncSession, policy_hash: str) -> str | None:
    """A policy by its hash."""
    row = await session.get(DrawPolicy, policy_hash)
    return row.text if row else None


async def keep_policy(session: AsyncSession, policy_hash: str, text: str) -> None:
    """Store a policy unless it is stored."""
    if await policy_text(session, policy_hash) is None:
        session.add(DrawPolicy(hash=policy_hash, text=text))
        await session.flush()


async def party_by_tip(session: AsyncSession, tip: str) -> DrawParty | None:
    """The chain with this tip."""
    return await session.get(DrawParty, tip)


async def lock_chain(session: AsyncSession, tip: str) -> DrawParty | None:
    """The chain with this tip, locked until the transaction ends."""
    statement = select(DrawParty).where(col(DrawParty.tip) == tip).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def chains_of_party(session: AsyncSession, party: str) -> list[DrawParty]:
    """Every chain of a party."""
    return list((await session.execute(select(DrawParty).where(col(DrawParty.party) == party))).scalars())


async def chains_in_use(session: AsyncSession) -> list[DrawParty]:
    """The chains that draws may use, by party."""
    statement = select(DrawParty).where(~col(DrawParty.is_retired)).order_by(col(DrawParty.party))
    return list((await session.execute(statement)).scalars())


async def lock_chains(session: AsyncSession, names: Collection[str]) -> list[DrawParty]:
    """The chains in use of these parties, locked in one order for all."""
    statement = (
        select(DrawParty)
        .where(col(DrawParty.party).in_(names), ~col(DrawParty.is_retired))
        .order_by(col(DrawParty.party))
        .with_for_update()
    )
    return list((await session.execute(statement)).scalars())


async def hold_registrations(session: AsyncSession) -> None:
    """Let nobody else register a chain until the transaction ends; a chain that is not there yet has no row to lock."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(_REGISTRATIONS)))


async def lock_tips(session: AsyncSession, tips: Collection[str]) -> None:
    """Lock the chains with these tips in the order in which `lock_chains` does."""
    statement = select(DrawParty).where(col(DrawParty.tip).in_(tips)).order_by(col(DrawParty.party)).with_for_update()
    (await session.execute(statement, execution_options={"populate_existing": True})).scalars().all()


async def entry_of_link(session: AsyncSession, tip: str, index: int) -> int:
    """The entry of the drawing that used a link."""
    statement = select(col(DrawLink.entry)).where(col(DrawLink.tip) == tip, col(DrawLink.index) == index)
    return int((await session.execute(statement)).scalar_one())


async def engagements_between(session: AsyncSession, starts_at: datetime, ends_at: datetime) -> list[Engagement]:
    """Time that people have given away and that touches an interval."""
    statement = select(Engagement).where(
        col(Engagement.starts_at) < ends_at, col(Engagement.ends_at) > starts_at, ~col(Engagement.is_over)
    )
    return list((await session.execute(statement)).scalars())


async def engagements_by_id(session: AsyncSession, ids: Collection[str]) -> list[Engagement]:
    """Time that drawn people have given away, by its identifiers."""
    return list((await session.execute(select(Engagement).where(col(Engagement.id).in_(ids)))).scalars())


async def drawn_since(session: AsyncSession, since: datetime, *, over_by: datetime) -> dict[str, int]:
    """How often each person (keyed digest) was drawn since an instant, for evaluations that were over by another."""
    statement = (
        select(col(Engagement.person_index), func.count())
        .where(col(Engagement.drawn_at) >= since, col(Engagement.ends_at) <= over_by)
        .group_by(col(Engagement.person_index))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


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

"""What an invited expert does with the code of the message: look, accept, decline, withdraw; and what officers see."""

from datetime import datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling.invitation_rules import (
    GIVEN_UP,
    OPEN,
    InvitationState,
    code_digest,
    deadline,
    shown_state,
)
from expert_hub.draws.calling.inviting import Tools
from expert_hub.draws.calling.outcomes import LOT_IS_OVER, Concern, conclude, lock_concern
from expert_hub.draws.errors import InvitationAnswered, InvitationOver, InvitationUnknown, TooLateToWithdraw
from expert_hub.draws.rules import OVER
from expert_hub.draws.tables import Draw, Invitation
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.identity import service as identity
from expert_hub.listings import service as listings

_COUNTED_EVERY: Final = timedelta(minutes=5)
_LOST = (InvitationState.NO_ANSWER, InvitationState.UNREACHABLE, InvitationState.CLOSED)


class Answered(msgspec.Struct, frozen=True):
    """What was noted; an acceptance leads to the account that enters the room."""

    state: str
    account_id: str | None


async def answer(session: AsyncSession, tools: Tools, code: str, *, accept: bool, insist: bool = False) -> Answered:
    """Take the answer that came with the code of a message.

    The same answer given again changes nothing: an expert whose token was lost on the way enters again with the code
    until the evaluation is over or the place is someone else's.

    Raises:
        InvitationUnknown: no invitation has this code.
        InvitationAnswered, InvitationOver: it was answered otherwise, or what it was for is over.
        TooLateToWithdraw: an acceptance is taken back inside the cut-off, without `insist`.
    """
    concern = await lock_concern(session, code_sha256=code_digest(code))
    if concern is None:
        raise InvitationUnknown
    await respond(session, tools, concern, accept=accept, insist=insist)
    position = concern.position
    if accept and position.account_id is None:
        # An account that names nobody: only the key of the pool leads from the seat to the person.
        position.account_id = (await identity.enter_seat(session, tools.clock, tools.chance)).id
    return Answered(concern.invitation.state, position.account_id if accept else None)


async def respond(session: AsyncSession, tools: Tools, concern: Concern, *, accept: bool, insist: bool) -> None:
    """Take a yes or no, whichever way it came.

    Raises:
        InvitationAnswered, InvitationOver, TooLateToWithdraw: as `answer`.
    """
    state, holds = concern.invitation.state, concern.position.outcome == InvitationState.ACCEPTED
    if state in OPEN:
        outcome = InvitationState.ACCEPTED if accept else InvitationState.DECLINED
        await conclude(session, tools, concern, outcome)
    elif state in _LOST:
        raise InvitationOver
    elif accept and holds:
        await _ensure_not_over(session, concern.draw)
    elif not accept and holds:
        await _withdraw(session, tools, concern, insist=insist)
    elif accept or state not in GIVEN_UP:
        raise InvitationAnswered


async def _ensure_not_over(session: AsyncSession, draw: Draw) -> None:
    if draw.state in OVER:
        raise InvitationOver
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    if lot.state in LOT_IS_OVER:
        raise InvitationAnswered


async def _withdraw(session: AsyncSession, tools: Tools, concern: Concern, *, insist: bool) -> None:
    if concern.draw.state in OVER:
        raise InvitationOver
    # DR-16: inside the cut-off a withdrawal is refused; who says it nevertheless is absent.
    lot, project = await listings.lot_and_project(session, concern.draw.lot_id)
    now = tools.clock.now()
    if lot.state in LOT_IS_OVER or now >= lot.evaluation_starts_at:
        raise InvitationAnswered
    cutoff = _cutoff(listings.governing_pack(tools.packs, project))
    outcome = InvitationState.WITHDRAWN
    if now > lot.evaluation_starts_at - cutoff:
        if not insist:
            raise TooLateToWithdraw(minutes=int(cutoff.total_seconds() // 60))
        outcome = InvitationState.ABSENT
    await conclude(session, tools, concern, outcome)


def _cutoff(pack: RulePack) -> timedelta:
    is_set = pack.rule("draw.leave_cutoff").is_applicable
    return pack.span("draw.leave_cutoff") if is_set else timedelta(0)


class InvitationView(msgspec.Struct, frozen=True):
    """An invitation as its holder sees it: when, where, whom to call, and until when what is possible; no project."""

    state: str
    starts_at: datetime
    place: str
    phone: str
    answer_by: datetime | None
    arrive_by: datetime | None
    withdraw_until: datetime | None


async def look(session: AsyncSession, tools: Tools, code: str) -> InvitationView:
    """The invitation with this code.

    Raises:
        InvitationUnknown: there is none.
    """
    row = await store.invitation_by_code(session, code_digest(code))
    draw = await store.draw_by_id(session, row.draw_id) if row else None
    position = await store.position_by_id(session, row.position_id) if row else None
    if row is None or draw is None or position is None:
        raise InvitationUnknown
    lot, project = await listings.lot_and_project(session, draw.lot_id)
    pack = listings.governing_pack(tools.packs, project)
    state = "over" if draw.state in OVER else shown_state(row.state, position.outcome)
    accepted_at = row.answered_at if state == InvitationState.ACCEPTED else None
    arrival = pack.span("notify.arrival") if pack.rule("notify.arrival").is_applicable else timedelta(0)
    return InvitationView(
        state=state,
        starts_at=lot.evaluation_starts_at,
        place=draw.place,
        phone=draw.phone,
        answer_by=deadline(row) if state == "open" and row.sent_at else None,
        # Who accepts long before the beginning need not come before it.
        arrive_by=max(accepted_at + arrival, lot.evaluation_starts_at) if accepted_at else None,
        withdraw_until=lot.evaluation_starts_at - _cutoff(pack) if accepted_at else None,
    )


class InvitationCounts(msgspec.Struct, frozen=True):
    """How many were invited, have accepted, and still think about it, at an instant that is a few minutes old."""

    as_of: datetime
    invited: int
    accepted: int
    open: int


async def counts(session: AsyncSession, tools: Tools, draw_id: str) -> InvitationCounts:
    """The counts that officers see: as of the last full five minutes, so that no answer shows by its time.

    Source: spec chapter 3, closing paragraph (delayed counters).
    """
    now = tools.clock.now()
    as_of = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % _COUNTED_EVERY
    rows = [row for row in await store.invitations_of(session, draw_id) if row.queued_at <= as_of]
    accepted = sum(_accepted_at(row, as_of) for row in rows)
    ended = sum(row.closed_at is not None and row.closed_at <= as_of for row in rows)
    return InvitationCounts(as_of, len(rows), accepted, len(rows) - accepted - ended)


def _accepted_at(row: Invitation, at: datetime) -> bool:
    # Who accepted and withdrew later has lost the time of the acceptance, and counts as one who never accepted.
    return row.state == InvitationState.ACCEPTED and row.answered_at is not None and row.answered_at <= at

"""What a gateway reports about a message: delivered, no answer, failed, or a key that the expert pressed."""

import hashlib
from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling.invitation_rules import OPEN, REDIAL, InvitationState, can_repeat, deadline, repeat
from expert_hub.draws.calling.invitations import respond
from expert_hub.draws.calling.inviting import Tools
from expert_hub.draws.calling.outcomes import Concern, lock_concern
from expert_hub.draws.errors import InvitationAnswered, InvitationOver, InvitationUnknown, TooLateToWithdraw
from expert_hub.draws.tables import InvitationReport
from expert_hub.foundation.texts import Identifier

KEYPAD: Final = {"1": "accept", "2": "decline"}
"""What the keys of a phone mean."""

REPORTING_CHANNEL: Final = "webhook"
"""The channel whose gateway reports back."""


class GatewayReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event of one message; `event_id` is the gateway's and the same when it reports again."""

    message_id: Identifier
    attempt: Annotated[int, Meta(ge=1, le=1000)]
    event_id: Identifier
    event: Literal["delivered", "no_answer", "failed", "key"]
    key: Annotated[str, Meta(pattern=r"^[0-9*#]?(?![\s\S])")] = ""
    at: Annotated[datetime, Meta(tz=True)] | None = None


async def take_report(session: AsyncSession, tools: Tools, report: GatewayReport, body: bytes) -> bool:
    """Store a report and act on it, once however often it comes.

    Returns:
        Whether it changed anything: a report about an invitation that has its outcome is kept and nothing more.

    Raises:
        InvitationUnknown: there is no such message.
    """
    concern = await lock_concern(session, invitation_id=report.message_id)
    if concern is None:
        raise InvitationUnknown
    known = await store.report_by_id(session, report.message_id, report.event_id)
    if known is not None:
        return known.is_applied
    row = InvitationReport(
        invitation_id=report.message_id,
        event_id=report.event_id,
        round=report.attempt,
        channel=REPORTING_CHANNEL,
        event=report.event,
        key=report.key,
        happened_at=report.at,
        received_at=tools.clock.now(),
        body_sha256=hashlib.sha256(body).hexdigest(),
        is_applied=False,
    )
    session.add(row)
    await session.flush()
    row.is_applied = await _apply(session, tools, concern, report)
    return row.is_applied


async def _apply(session: AsyncSession, tools: Tools, concern: Concern, report: GatewayReport) -> bool:
    if report.event == "key":
        return await _press(session, tools, concern, report.key)
    row, now = concern.invitation, tools.clock.now()
    if row.state not in OPEN or report.attempt != row.rounds:
        return False
    if report.event == "delivered":
        row.delivered_at = now
        if row.state == InvitationState.SENT:
            row.due_at = deadline(row)
    elif report.event == "failed":
        # The channel will not be tried again; the attempt goes on with the next one.
        row.state, row.due_at, row.failures = InvitationState.QUEUED, now, 0
        row.leased_by = row.leased_until = None
    elif can_repeat(row):
        repeat(row, now + REDIAL)
        row.leased_by = row.leased_until = None
    else:
        # A stranger can verify that the limit has passed, not what a gateway said: until then the code is good.
        row.due_at = max(now, deadline(row))
    return True


async def _press(session: AsyncSession, tools: Tools, concern: Concern, key: str) -> bool:
    if key not in KEYPAD:
        return False
    before = concern.invitation.state
    try:
        await respond(session, tools, concern, accept=KEYPAD[key] == "accept", insist=False)
    except (InvitationAnswered, InvitationOver, TooLateToWithdraw):
        return False
    return concern.invitation.state != before

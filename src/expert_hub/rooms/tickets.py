"""Tickets: entry for programs and pages of other origins, which cannot or should not show a token to a socket.

A ticket is asked for with the token over HTTP, opens one socket of one room once, and lapses within seconds. It travels
in the header `Sec-WebSocket-Protocol`, never in an address. Only its digest is stored; of many that show it at once, in
any process, one gets in.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.db import Database
from expert_hub.identity.rules import Actor
from expert_hub.identity.tokens import Proof
from expert_hub.rooms import service, store
from expert_hub.rooms.errors import TicketInvalid
from expert_hub.rooms.tables import EntryTicket

PROTOCOL = "expert-hub.room.v1"
_PREFIX = "ticket."
LIFETIME = timedelta(seconds=30)


async def issue(
    session: AsyncSession, chance: Chance, actor: Actor, room_id: str, times: tuple[datetime, datetime]
) -> str:
    """A ticket for one room; `times` are now and the end of the token that it is asked with.

    Raises:
        NotFound: the room does not exist for this account.
    """
    now, session_expires_at = times
    await service.part_in(session, room_id, actor)
    await store.drop_tickets(session, now)
    ticket = chance.octets(24).hex()
    row = EntryTicket(
        sha256=_digest(ticket),
        room_id=room_id,
        account_id=actor.account_id,
        expires_at=now + LIFETIME,
        session_expires_at=session_expires_at,
    )
    await store.add_ticket(session, row)
    return ticket


async def redeem(database: Database, now: datetime, room_id: str, ticket: str) -> Proof:
    """What a ticket proves; it is used up.

    Raises:
        TicketInvalid: it was used, is over, or is for another room.
    """
    async with database.write() as session:
        row = await store.take_ticket(session, _digest(ticket))
    if row is None or row.expires_at <= now or row.room_id != room_id:
        raise TicketInvalid
    return Proof(row.account_id, row.session_expires_at)


def ticket_in(protocols: Sequence[str]) -> str | None:
    """The ticket among the offered subprotocols, if there is one."""
    return next((each.removeprefix(_PREFIX) for each in protocols if each.startswith(_PREFIX)), None)


def _digest(ticket: str) -> str:
    return hashlib.sha256(ticket.encode()).hexdigest()

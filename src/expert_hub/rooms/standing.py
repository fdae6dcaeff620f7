"""Who may stay: looked up for all conversations of a process at once, never for one push."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.errors import NotFound, Unauthenticated
from expert_hub.identity import service as identity
from expert_hub.identity.rules import Actor
from expert_hub.rooms import service, store
from expert_hub.rooms.conversation import Conversation
from expert_hub.rooms.errors import Silent, SlowReader

STUCK_S = 30.0
SILENT_S = 60.0
_AT_ONCE = 500


def end_the_unwell(conversations: Sequence[Conversation]) -> None:
    """End those whose other side does not read, or has not been heard of for too long."""
    now = asyncio.get_running_loop().time()
    for each in conversations:
        if each.stuck_since is not None and now - each.stuck_since > STUCK_S:
            each.end(SlowReader())
        elif now - each.heard_at > SILENT_S:
            each.end(Silent())


async def end_the_unwelcome(session: AsyncSession, now: datetime, conversations: Sequence[Conversation]) -> None:
    """End those whose proof has run out, whose account was closed, or who no longer have this part in the room."""
    for start in range(0, len(conversations), _AT_ONCE):
        some = conversations[start : start + _AT_ONCE]
        accounts = sorted({each.standing.actor.account_id for each in some})
        closed = await identity.closed_among(session, accounts)
        seats = await store.seats_of(session, sorted({(each.room_id, each.standing.actor.account_id) for each in some}))
        # The seat says it all about a member; what others may do depends on their roles.
        others = sorted({each.standing.actor.account_id for each in some if each.standing.viewer.role != "member"})
        actors = await identity.actors_of(session, others) if others else {}
        for each in some:
            account_id = each.standing.actor.account_id
            if account_id in closed or now >= each.standing.expires_at:
                each.end(Unauthenticated())
            elif not await _has_same_part(session, each, actors.get(account_id), seats):
                each.end(NotFound())
        # Thousands of sockets must not keep a command waiting.
        await asyncio.sleep(0)


async def _has_same_part(
    session: AsyncSession, each: Conversation, actor: Actor | None, seats: dict[tuple[str, str], tuple[str, str]]
) -> bool:
    seat = seats.get((each.room_id, each.standing.actor.account_id))
    if seat is not None or each.standing.viewer.role == "member":
        return seat is not None and each.standing.viewer.seat_id == seat[0]
    if actor == each.standing.actor:
        return True
    try:
        return actor is not None and await service.viewer_in(session, each.room_id, actor) == each.standing.viewer
    except NotFound:
        return False

"""What waits for a party: the same one next step that the draw shows, so that a program can take it."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import openings, store
from expert_hub.draws.contributors import attestations, parties
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.draws.rounds import RoundState
from expert_hub.draws.rules import DrawState
from expert_hub.draws.tables import Draw
from expert_hub.identity.rules import Actor

_LIVE = (DrawState.REQUESTED, DrawState.DRAWING, DrawState.INVITING, DrawState.VACANT, DrawState.READY)


class PartyTask(msgspec.Struct, frozen=True):
    """One step, of which drawing; `index` is that of the link.

    `sign`, `cosign`, `link`, `reassess` (members against the opened bidders), `attest` or `replace`.
    """

    draw_id: str
    step: str
    number: int = 0
    index: int | None = None


async def tasks_for(session: AsyncSession, actor: Actor) -> list[PartyTask]:
    """The next step of each draw that waits for the party of this account."""
    found = []
    for draw in await store.draws_in(session, _LIVE):
        task = await _of(session, actor, draw)
        if task is not None:
            found.append(task)
    return found


async def _of(session: AsyncSession, actor: Actor, draw: Draw) -> PartyTask | None:
    is_supervisor = parties.may_act_for(actor, SUPERVISOR)
    if draw.state == DrawState.DRAWING:
        return await _of_round(session, actor, draw)
    if not is_supervisor:
        return None
    if draw.state == DrawState.REQUESTED:
        return PartyTask(draw.id, "sign")
    if await openings.unassessed(session, draw):
        return PartyTask(draw.id, "reassess")
    unsigned = await attestations.unattested(session, draw)
    if unsigned:
        return PartyTask(draw.id, "attest", unsigned[0].number)
    return PartyTask(draw.id, "replace") if draw.state == DrawState.VACANT else None


async def _of_round(session: AsyncSession, actor: Actor, draw: Draw) -> PartyTask | None:
    for row in await store.rounds_of(session, draw.id):
        if row.state == RoundState.OPENED and parties.may_act_for(actor, SUPERVISOR):
            return PartyTask(draw.id, "cosign", row.number)
        awaited = [link for link in row.links if link["party"] not in row.revealed]
        own = [link for link in awaited if parties.may_act_for(actor, link["party"])]
        if row.state == RoundState.WITNESSED and own:
            return PartyTask(draw.id, "link", row.number, own[0]["index"])
    return None

"""The panel of a draw after the ceremony: who holds its seats, and the names behind them once all have checked in.

request -> ceremony (proposal, commitment, cosignature, links, beacon) -> invitations -> names after check-in -> closed.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import drawing, openings, rounds, store
from expert_hub.draws.conflicts import co_service
from expert_hub.draws.errors import NamesSealed, SeatsToReplace
from expert_hub.draws.means import Means
from expert_hub.draws.preparing.frozen_pool import key_of
from expert_hub.draws.rules import DrawState
from expert_hub.draws.tables import Draw, DrawRound
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from scheduling.leaves import pseudonym

UNASSESSED = "unassessed"
"""What a complete panel is called while members wait to be assessed against the opened bidders."""


class Panel(msgspec.Struct, frozen=True):
    """The newest draw of a lot; `accounts` by seat, or none while the panel is not complete."""

    state: str
    draw_id: str
    accounts: list[str] | None


async def complete_panel(session: AsyncSession, lot_id: str) -> Panel:
    """The newest draw of a lot with the accounts of its accepted experts.

    Raises:
        NotFound: the lot was not drawn.
    """
    draws = await store.draws_of_lot(session, lot_id)
    if not draws:
        raise NotFound
    draw = draws[-1]
    if draw.state != DrawState.READY:
        return Panel(draw.state, draw.id, None)
    if await openings.unassessed(session, draw):
        return Panel(UNASSESSED, draw.id, None)
    return Panel(draw.state, draw.id, await accepted_accounts(session, draw.id))


async def accepted_accounts(session: AsyncSession, draw_id: str) -> list[str]:
    """The accounts of those who hold a seat and have accepted, by seat."""
    rows = [row for row in await store.positions_of(session, draw_id) if row.outcome == "accepted" and row.account_id]
    return [row.account_id or "" for row in sorted(rows, key=lambda row: (row.seat or 0, row.number))]


async def mark_checked_in(session: AsyncSession, draw_id: str, at: datetime) -> None:
    """Note that all members have checked in: from now on the names may be read (DR-14)."""
    draw = await store.lock_draw(session, draw_id)
    if draw is not None and draw.checked_in_at is None:
        draw.checked_in_at = at


async def reveal_names(session: AsyncSession, means: Means, actor: Actor, draw_id: str, share: bytes) -> list[str]:
    """Open who sits on each seat, with both halves of the key, once everybody has checked in.

    Returns:
        Expert ids by seat.

    Raises:
        NamesSealed: not everybody has.
        KeyShareWrong: the half is not the right one.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    if draw.checked_in_at is None:
        raise NamesSealed
    key = await key_of(session, means, draw, share)
    held = [row for row in await store.positions_of(session, draw_id) if row.outcome == "accepted"]
    rows = sorted(held, key=lambda row: row.seat or 0)
    found = [drawing.names_vault(key).open(row.expert_sealed) for row in rows]
    if draw.revealed_sealed is None:
        packed = msgspec.json.encode(found).decode()
        draw.revealed_sealed = means.vault.seal(packed, means.chance.octets(12))
        digest = hashlib.sha256(draw.revealed_sealed).hexdigest()
        await append(session, means.clock, NewEntry("draws/names-revealed", draw.id, {"sealed": digest}))
    await co_service.note_panel(session, means, draw, found)
    return found


async def leaf_for(
    session: AsyncSession, means: Means, actor: Actor, draw_id: str, asked: tuple[str, bytes]
) -> list[Any]:
    """The leaf of one expert with its proof, to be handed to that expert: in the pool or left out, and on which ground.

    Args:
        session, means, actor, draw_id: as elsewhere.
        asked: expert id, and the supervisor's half of the key.

    Returns:
        `[position, leaf, proof]`, to be checked against the root of the commitment.

    Raises:
        NotFound: no such draw, nothing committed, or the expert was not in the library then.
        KeyShareWrong: the half is not the right one.
    """
    actor.require(Role.SUPERVISOR)
    draw = await draw_named(session, draw_id)
    commitment = await drawing.commitment_of(session, draw)
    expert_id, share = asked
    key = await key_of(session, means, draw, share)
    position = commitment.leaves.position_of(pseudonym(key, expert_id).pid.hex())
    if position is None:
        raise NotFound
    return commitment.leaves.opening(position)


async def ensure_sitting(session: AsyncSession, draw_id: str, account_ids: Collection[str]) -> None:
    """Refuse members who may not take part: who lost the seat, or waits to be assessed against the opened bidders.

    Raises:
        SeatsToReplace: there is such a member.
    """
    draw = await draw_named(session, draw_id)
    rows = await store.positions_of(session, draw_id)
    lost = sum(row.account_id in account_ids and row.outcome != "accepted" for row in rows)
    waiting = sum(row.account_id in account_ids for row in await openings.unassessed(session, draw))
    if lost + waiting:
        raise SeatsToReplace(lost=lost, waiting=waiting)


async def draw_named(session: AsyncSession, draw_id: str) -> Draw:
    """A draw by id.

    Raises:
        NotFound: there is none.
    """
    draw = await store.draw_by_id(session, draw_id)
    if draw is None:
        raise NotFound
    return draw


async def open_round_of(session: AsyncSession, draw: Draw) -> DrawRound | None:
    """The drawing that is under way; a void draw has none, however far it came."""
    if draw.state != DrawState.DRAWING:
        return None
    rows = [row for row in await store.rounds_of(session, draw.id) if row.state != rounds.RoundState.DRAWN]
    return rows[-1] if rows else None

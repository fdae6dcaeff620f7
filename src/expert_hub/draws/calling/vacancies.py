"""Seats that fall empty: outcomes in the ledger, and what happens next."""

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.calling.calling_off import fall_short, free_time
from expert_hub.draws.calling.inviting import Tools, place_of, subject_of
from expert_hub.draws.rules import OVER, VACANT_OUTCOMES, DrawState, newest_holders, state_of_seats
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.errors import NotFound
from expert_hub.ledger.service import NewEntry, append


async def enter_outcome(
    session: AsyncSession, tools: Tools, draw: Draw, position: DrawPosition, evidence: str | None = None
) -> None:
    """Enter what became of a drawn person; the draw is locked by the caller."""
    if position.outcome in VACANT_OUTCOMES:
        await free_time(session, tools.vault, [position])
    body = place_of(position)
    kind = f"draws/{position.outcome.replace('_', '-')}"
    position.entry = (await append(session, tools.clock, NewEntry(kind, subject_of(draw, position), dict(body)))).index
    if evidence is not None:
        entry = NewEntry("draws/evidence", subject_of(draw, position), {**body, "sha256": evidence})
        await append(session, tools.clock, entry)


async def settle(session: AsyncSession, tools: Tools, draw: Draw) -> None:
    """Bring the state of a draw in line with its seats; a change is an entry of the ledger.

    Nobody can be drawn for the seat of a directly selected expert: without that person the draw ends.
    """
    if draw.state in OVER:
        return
    positions = await store.positions_of(session, draw.id)
    rounds = await store.rounds_of(session, draw.id)
    seats = newest_holders((row.number, row.seat, row.outcome) for row in positions)
    before, draw.state = draw.state, state_of_seats(seats, is_drawing=any(row.state != "drawn" for row in rounds))
    if any(row.is_direct and row.outcome in VACANT_OUTCOMES for row in positions):
        await fall_short(session, tools, draw)
        return
    if draw.state != before:
        await append(session, tools.clock, NewEntry(f"draws/{draw.state}", draw.id))


async def give_up_seat(session: AsyncSession, tools: Tools, account_id: str, reason: str) -> None:
    """Empty the seat of a member who accepted: absent, conflict, unwell or misconduct (DR-17).

    Repeating it changes nothing, nor does it once the draw is over.

    Raises:
        NotFound: the account holds no seat of a draw.
    """
    found = await store.position_of_account(session, account_id)
    draw = await store.lock_draw(session, found.draw_id) if found else None
    if draw is not None:
        # Somebody else may have emptied the seat before the draw was locked.
        found = await store.position_of_account(session, account_id)
    if found is None or draw is None:
        raise NotFound
    if found.outcome not in VACANT_OUTCOMES and draw.state not in OVER:
        await vacate(session, tools, draw, found, reason)


async def vacate(session: AsyncSession, tools: Tools, draw: Draw, position: DrawPosition, reason: str) -> None:
    """Take the seat from a member who accepted; the draw is locked by the caller."""
    # The word with which the seat was accepted is no proof of how it was lost: the supervisor signs that.
    position.outcome, position.evidence = reason, None
    for row in await store.invitations_of(session, draw.id):
        if row.position_id == position.id:
            row.closed_at = tools.clock.now()
    await enter_outcome(session, tools, draw, position)
    if draw.state == DrawState.READY:
        draw.state = DrawState.INVITING
    await settle(session, tools, draw)

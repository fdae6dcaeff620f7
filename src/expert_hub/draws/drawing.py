"""Carry out a drawing: seeds from links and beacon, positions back to persons, invitations."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import rounds, store
from expert_hub.draws.calling import vacancies
from expert_hub.draws.calling.calling_off import engagement_id, fall_short
from expert_hub.draws.calling.inviting import invite, release
from expert_hub.draws.errors import KeyShareWrong
from expert_hub.draws.means import Means
from expert_hub.draws.preparing.frozen_pool import candidates_of
from expert_hub.draws.rules import VACANT_OUTCOMES
from expert_hub.draws.tables import Draw, DrawPosition, DrawRound, Engagement, Invitation
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from scheduling.commitment import Commitment
from scheduling.draw import draw_first, draw_next
from scheduling.errors import NoContinuationError, TooTangledError
from scheduling.leaves import candidates_by_pid
from scheduling.order import Seat
from scheduling.succession import Bench, Filled, next_in_order
from scheduling.transcript import BeaconValue


async def carry_out(
    session: AsyncSession, means: Means, rows: tuple[Draw, DrawRound], beacon: BeaconValue | None
) -> Draw:
    """Draw with the randomness that is now complete, and invite who was drawn.

    Raises:
        KeyShareWrong: the supervisor's half of the key does not open the drawn positions.
    """
    draw, row = rows
    commitment = await commitment_of(session, draw)
    key = bytes.fromhex(means.vault.open(row.key_sealed or b""))
    people = await asyncio.to_thread(candidates_by_pid, key, await candidates_of(session, means, draw))
    row.beacon = rounds.beacon_document(beacon)
    if row.number == 0:
        drawn = await _first(row, commitment, beacon)
    else:
        drawn = await _next(session, (draw, row), commitment, beacon)
    row.state, row.drawn_at, row.key_sealed = rounds.RoundState.DRAWN, means.clock.now(), None
    if drawn is None:
        await fall_short(session, means, draw)
        return draw
    draw.drawn_at = draw.drawn_at or row.drawn_at
    await _seat(session, means, (draw, row), _Drawn(commitment, key, people, drawn))
    # Another seat may have fallen empty while this drawing waited for its beacon.
    await vacancies.settle(session, means, draw)
    return draw


async def commitment_of(session: AsyncSession, draw: Draw) -> Commitment:
    """The commitment of a draw with its frozen pool.

    Raises:
        NotFound: nothing was committed.
        CommitmentBrokenError: a stored part was changed.
    """
    pool = await store.pool_of(session, draw.id)
    if draw.body is None or pool is None:
        raise NotFound
    body, lottery = msgspec.json.decode(draw.body), msgspec.json.decode(draw.lottery)
    return await asyncio.to_thread(Commitment.restored, body, lottery, pool.leaves)


async def bench_of(session: AsyncSession, draw: Draw) -> Bench:
    """The panel as it stands: the newest holder of each seat, the empty seats, and who left."""
    positions = [row for row in await store.positions_of(session, draw.id) if not row.is_direct]
    newest: dict[int, DrawPosition] = {}
    for row in sorted((row for row in positions if row.seat is not None), key=lambda row: row.number):
        newest[row.seat or 0] = row
    seats = tuple((newest[seat].quota, newest[seat].position) for seat in sorted(newest))
    empty = tuple(seat for seat in sorted(newest) if newest[seat].outcome in VACANT_OUTCOMES)
    sitting = {newest[seat].position for seat in newest if seat not in empty}
    gone = {row.position for row in positions if row.seat is not None} - sitting
    return Bench(seats, empty, frozenset(gone))


class _Drawn(msgspec.Struct, frozen=True):
    commitment: Commitment
    key: bytes
    people: Mapping[str, str]
    filled: Sequence[Filled]
    alternates: Sequence[Seat] = ()


async def _first(row: DrawRound, commitment: Commitment, beacon: BeaconValue | None) -> Sequence[Filled] | None:
    links = rounds.links_of(row)
    try:
        found = await asyncio.to_thread(draw_first, commitment, links, beacon)
    except TooTangledError:
        return None
    row.value, row.touched = found.seed.hex(), sorted(found.touched)
    row.filled = [[seat, quota, position] for seat, (quota, position) in enumerate(found.seats)]
    row.filled += [[-1, quota, position] for quota, position in found.alternates]
    return [(seat, quota, position) for seat, quota, position in row.filled]


async def _next(
    session: AsyncSession, rows: tuple[Draw, DrawRound], commitment: Commitment, beacon: BeaconValue | None
) -> Sequence[Filled] | None:
    draw, row = rows
    first = await store.round_of(session, draw.id, 0)
    bench = await bench_of(session, draw)
    bench = Bench(bench.seats, tuple(row.seats), bench.gone)
    seed = bytes.fromhex(first.value or "") if first else b"", row.number
    try:
        found = await asyncio.to_thread(draw_next, commitment, seed, bench, rounds.links_of(row), beacon)
    except (NoContinuationError, TooTangledError):
        return None
    row.value, row.touched = found.seed.hex(), sorted(found.touched)
    row.filled = [list(filled) for filled in found.filled]
    return found.filled


async def _seat(session: AsyncSession, means: Means, rows: tuple[Draw, DrawRound], drawn: _Drawn) -> None:
    draw, row = rows
    kind = "draws/drawn" if row.number == 0 else "draws/replaced"
    named = {"commit": draw.commitment} if row.number == 0 else {"number": row.number}
    body = {**named, "seed": row.value}
    await append(session, means.clock, NewEntry(kind, draw.id, body))
    known = len(await store.positions_of(session, draw.id))
    for place, filled in enumerate(drawn.filled):
        position = _position(means, rows, drawn, (known + place, filled))
        session.add(position)
        await session.flush()
        await _invite(session, means, (draw, position), drawn.key)
    if row.number == 0 and draw.direct_sealed is not None:
        await _seat_selected(session, means, draw, drawn)


async def _seat_selected(session: AsyncSession, means: Means, draw: Draw, drawn: _Drawn) -> None:
    """Invite the directly selected experts to the seats behind the drawn ones."""
    selected = msgspec.json.decode(means.vault.open(draw.direct_sealed or b""))["experts"]
    first = sum(seat >= 0 for seat, _, _ in drawn.filled)
    for number, expert_id in enumerate(selected):
        position = DrawPosition(
            id=new_id(means.chance),
            draw_id=draw.id,
            number=0,
            seat=first + number,
            place=len(drawn.filled) + number,
            position=-1 - number,
            quota=-1,
            quota_id="direct",
            is_alternate=False,
            expert_sealed=names_vault(drawn.key).seal(expert_id, means.chance.octets(12)),
        )
        session.add(position)
        await session.flush()
        await _invite(session, means, (draw, position), drawn.key)


def _position(means: Means, rows: tuple[Draw, DrawRound], drawn: _Drawn, at: tuple[int, Filled]) -> DrawPosition:
    (draw, row), (place, (seat, quota, position)) = rows, at
    pid = str(drawn.commitment.leaves.leaf(position)[0])
    if pid not in drawn.people:
        raise KeyShareWrong
    return DrawPosition(
        id=new_id(means.chance),
        draw_id=draw.id,
        number=row.number,
        seat=seat if seat >= 0 else None,
        place=place,
        position=position,
        quota=quota,
        quota_id=drawn.commitment.body["request"]["quotas"][quota]["quota_id"],
        is_alternate=seat < 0,
        expert_sealed=names_vault(drawn.key).seal(drawn.people[pid], means.chance.octets(12)),
    )


async def _invite(session: AsyncSession, means: Means, rows: tuple[Draw, DrawPosition], key: bytes) -> None:
    draw, position = rows
    expert_id = names_vault(key).open(position.expert_sealed)
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    engagement = Engagement(
        id=engagement_id(means.vault, position.id),
        person_index=means.vault.index(expert_id),
        starts_at=lot.evaluation_starts_at,
        ends_at=lot.evaluation_ends_at,
        city=listings.form_of(lot).project.region_code,
        drawn_at=means.clock.now(),
    )
    session.add(engagement)
    await invite(session, means, draw, position, expert_id, is_held=position.is_alternate)


async def in_order(session: AsyncSession, means: Means, draw: Draw, number: int) -> None:
    """Give each empty seat to the next alternate who was drawn ahead, and invite him (`next_in_order` packs only)."""
    bench, commitment = await bench_of(session, draw), await commitment_of(session, draw)
    row = DrawRound(
        draw_id=draw.id,
        number=number,
        state=rounds.RoundState.DRAWN,
        seats=list(bench.empty),
        links=[],
        plan=[],
        entry=0,
        checkpoint="",
        cosignatures=[],
        revealed={},
        escrowed=[],
        filled=[],
        touched=[],
        opened_at=means.clock.now(),
        drawn_at=means.clock.now(),
    )
    body = {"number": number, "seats": row.seats, "links": [], "plan": []}
    row.entry = (await append(session, means.clock, NewEntry("draws/vacated", draw.id, body))).index
    session.add(row)
    await _take_alternates(session, means, (draw, row), commitment, bench)


async def _take_alternates(
    session: AsyncSession, means: Means, rows: tuple[Draw, DrawRound], commitment: Commitment, bench: Bench
) -> None:
    draw, row = rows
    reserve = [item for item in await store.positions_of(session, draw.id) if item.is_alternate]
    order = [(item.quota, item.position) for item in reserve]
    used = frozenset(item.position for item in reserve if item.outcome != "drawn")
    try:
        filled, gone = next_in_order(commitment.lottery, bench, order, used, commitment.leaves.unit_of)
    except NoContinuationError:
        await fall_short(session, means, draw)
        return
    row.filled = [list(item) for item in filled]
    seats = {position: seat for seat, _, position in filled}
    await append(session, means.clock, NewEntry("draws/replaced", draw.id, {"number": row.number, "seed": None}))
    for item in reserve:
        if item.position in seats:
            item.seat, item.number = seats[item.position], row.number
            await release(session, means, (draw, item, await _held(session, draw, item)))
        elif item.position in gone and item.outcome == "drawn":
            item.outcome = "passed_over"


async def _held(session: AsyncSession, draw: Draw, position: DrawPosition) -> Invitation:
    return next(row for row in await store.invitations_of(session, draw.id) if row.position_id == position.id)


def names_vault(key: bytes) -> Vault:
    """Seals who was drawn: opens with the key of the pool, whose halves are with the hub and the supervisor."""
    return Vault(hashlib.sha512(b"expert-hub/draw-names:" + key).digest())

"""The second pass: the members of a panel against the bidders that the opening has shown (CF-03, CF-05, CF-06).

The centre enters the opened bidders; the supervisor's program opens who sits, with its half of the key; who has a
ground loses the seat, which the supervisor signs and draws anew. Everybody else learns counts.
Source: 招标投标法 第22条, 招标投标法实施条例 第48条, 财政部令第87号 第49条.
"""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
from cryptography.exceptions import InvalidTag
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import drawing, store
from expert_hub.draws.calling import vacancies
from expert_hub.draws.conflicts import conflict_decisions, conflict_store
from expert_hub.draws.conflicts.conflict_tables import DrawOpening
from expert_hub.draws.conflicts.exclusion_records import record_of, sealed_record
from expert_hub.draws.errors import BidsNotOpened, KeyShareWrong, WrongDrawState
from expert_hub.draws.means import Means
from expert_hub.draws.preparing.frozen_pool import key_of
from expert_hub.draws.preparing.pool_loading import load_members
from expert_hub.draws.preparing.requests import Officers, OpenedBidder, bidding_parties, request_of
from expert_hub.draws.rules import OVER, DrawState
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.codes import check_uscc
from expert_hub.foundation.errors import InvalidInput, NotFound
from expert_hub.foundation.rule_packs import CENTRE_PACK
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState
from scheduling.canonical import encode
from scheduling.demand import Party
from scheduling.exclusions import Exclusion
from scheduling.pins import Pin
from scheduling.reassess import reassess
from scheduling.request import DrawRequest

_OWN_STAFF = "C09"


class Entered(msgspec.Struct, frozen=True):
    """Which opening of the draw it is, and how many organisations and persons the members are assessed against."""

    number: int
    parties: int


class Assessed(msgspec.Struct, frozen=True):
    """How many members were assessed, and how many of them lost their seats."""

    assessed: int
    conflicts: int


async def enter(
    session: AsyncSession, means: Means, actor: Actor, draw_id: str, bidders: Sequence[OpenedBidder]
) -> Entered:
    """Enter the opened bidders, consortium members and controllers; entered again, the newest list counts.

    Raises:
        NotFound, WrongDrawState: nobody was drawn, or it is over.
        BidsNotOpened: the bids are still closed.
        InvalidInput: a credit code is none.
    """
    actor.require(Role.CENTRE_OPERATOR)
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    if draw.state in OVER or draw.drawn_at is None or lot.state in (LotState.EVALUATED, LotState.FAILED):
        raise WrongDrawState(state=draw.state, wanted=DrawState.READY)
    if means.clock.now() < lot.bid_deadline:
        raise BidsNotOpened(at=lot.bid_deadline.isoformat())
    _ensure_codes(bidders)
    newest = await conflict_store.newest_opening(session, draw.id)
    row = DrawOpening(
        draw_id=draw.id,
        number=newest.number + 1 if newest else 1,
        bidders=[msgspec.to_builtins(bidder) for bidder in bidders],
        entered_by=actor.account_id,
        entered_at=means.clock.now(),
    )
    session.add(row)
    digest = hashlib.sha256(encode(row.bidders)).hexdigest()
    body = {"number": row.number, "bidders": len(bidders), "sha256": digest}
    await append(session, means.clock, NewEntry("draws/bids-opened", draw.id, body))
    return Entered(row.number, len(_parties(row)))


async def unassessed(session: AsyncSession, draw: Draw) -> list[DrawPosition]:
    """Members who accepted and were not yet assessed against the newest opening of bids."""
    opening = await conflict_store.newest_opening(session, draw.id)
    if opening is None:
        return []
    rows = await store.positions_of(session, draw.id)
    return [row for row in rows if row.outcome == "accepted" and row.assessed < opening.number]


async def assess_members(session: AsyncSession, means: Means, actor: Actor, draw_id: str, share: bytes) -> Assessed:
    """Assess the members against the opened bidders, with both halves of the key; who has a ground loses the seat.

    Raises:
        NotFound: nobody waits for it.
        WrongDrawState: a drawing for empty seats is under way; its outcome comes first.
        KeyShareWrong: the half is not the right one.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, draw_id)
    opening = await conflict_store.newest_opening(session, draw_id)
    waiting = await unassessed(session, draw) if draw is not None else []
    if draw is None or opening is None or not waiting:
        raise NotFound
    if draw.state == DrawState.DRAWING:
        raise WrongDrawState(state=draw.state, wanted=DrawState.VACANT)
    key = await key_of(session, means, draw, share)
    sitting = {row.id: row for row in await store.positions_of(session, draw.id) if row.outcome == "accepted"}
    people = {row.id: _person(key, row) for row in sitting.values()}
    request, pins = await _request(session, means, draw, opening)
    members = await load_members(session, request, sorted(people.values()))
    found = await asyncio.to_thread(reassess, members, request, _parties(opening), pins)
    conflicted = [row for row in waiting if _grounds(row, found.by_member(), people[row.id])]
    for row in waiting:
        row.assessed = opening.number
    record = record_of(found.exclusions, request.pack_hash, means.clock.now(), members.candidate_ids)
    digest = await _keep(session, means, draw, record)
    body = {"number": opening.number, "assessed": len(waiting), "conflicts": len(conflicted), "exclusions": digest}
    await append(session, means.clock, NewEntry("draws/reassessed", draw.id, body))
    for row in conflicted:
        await vacancies.vacate(session, means, draw, row, "conflict")
    return Assessed(len(waiting), len(conflicted))


def _person(key: bytes, row: DrawPosition) -> str:
    try:
        return drawing.names_vault(key).open(row.expert_sealed)
    except (InvalidTag, ValueError):
        raise KeyShareWrong from None


def _grounds(row: DrawPosition, found: Mapping[str, Sequence[Exclusion]], person: str) -> list[Exclusion]:
    # The procuring entity's own staff may be selected, not drawn (财政部令第87号 第48条).
    return [each for each in found.get(person, ()) if not (row.is_direct and each.ground == _OWN_STAFF)]


async def _request(
    session: AsyncSession, means: Means, draw: Draw, opening: DrawOpening
) -> tuple[DrawRequest, tuple[Pin, ...]]:
    lot, project = await listings.lot_and_project(session, draw.lot_id)
    pack = listings.governing_pack(means.packs, project)
    officers = Officers(draw.requested_by)
    request = request_of(draw.id, listings.form_of(lot), pack, means.packs[CENTRE_PACK], officers)
    request = replace(request, parties=(*request.parties, *_parties(opening)))
    return request, await conflict_decisions.pins_for(session, request, lot.id)


async def _keep(session: AsyncSession, means: Means, draw: Draw, record: bytes) -> str:
    row = sealed_record(means, (draw.id, await conflict_store.exclusions_count(session, draw.id)), record)
    session.add(row)
    await session.flush()
    return row.sha256


def _parties(opening: DrawOpening) -> tuple[Party, ...]:
    bidders = msgspec.convert(opening.bidders, list[OpenedBidder])
    return tuple(party for bidder in bidders for party in bidding_parties(bidder))


def _ensure_codes(bidders: Sequence[OpenedBidder]) -> None:
    parties = [party for bidder in bidders for party in bidding_parties(bidder) if party.code]
    faults = [
        {"where": f"bidders.{party.name}.uscc", "why": f"{party.code} is not a unified social credit code"}
        for party in parties
        if check_uscc(party.code).errors
    ]
    if faults:
        raise InvalidInput(faults)

"""The draw from the request of a panel to the names behind it; what lies between is the ceremony.

request -> ceremony (proposal, commitment, cosignature, links, beacon) -> invitations -> names after check-in -> closed.
"""

import asyncio
import hashlib
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import drawing, parties, rounds, store
from expert_hub.draws.errors import (
    CommitteeUnlawful,
    DrawExists,
    NamesSealed,
    OrderTellsTooMuch,
    UnknownSpeciality,
)
from expert_hub.draws.frozen_pool import key_of, pack_candidates
from expert_hub.draws.invitation_rules import telling_words
from expert_hub.draws.means import Means
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.draws.pool_loading import load_pool
from expert_hub.draws.rules import OVER, DrawState, Officers, committee_reasons, request_of, shown_shortage
from expert_hub.draws.sealed_box import seal
from expert_hub.draws.tables import Draw, DrawPool, DrawRound
from expert_hub.experts import service as experts
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePack
from expert_hub.foundation.texts import Identifier, Name, ShortLine
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.errors import WrongLotState
from expert_hub.listings.rules import LotState, TenderForm
from scheduling.artefact import lottery_document
from scheduling.canonical import encode
from scheduling.commitment import Prepared, prepare
from scheduling.eligibility import Eligibility, assess
from scheduling.errors import PoolTooSmallError
from scheduling.leaves import KEY_BYTES, pseudonym
from scheduling.lottery import build_lottery
from scheduling.pool import Pool
from scheduling.request import DrawRequest


class DrawOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot, what the invitation tells the expert about where to come, and parties beside centre and supervisor."""

    lot_id: Identifier
    place: Name
    phone: ShortLine
    contributors: Annotated[list[Identifier], Meta(max_length=10)] = []


class Panel(msgspec.Struct, frozen=True):
    """The newest draw of a lot; `accounts` by seat, or none while the panel is not complete."""

    state: str
    draw_id: str
    accounts: list[str] | None


async def request_draw(
    session: AsyncSession, means: Means, actor: Actor, order: DrawOrder
) -> tuple[Draw, dict[str, Any]]:
    """Ask for the panel of a lot: assess the library, build the lottery, freeze both under a fresh key.

    Returns:
        The draw and the counts that the requester may see.

    Raises:
        DrawExists, WrongLotState, OrderTellsTooMuch, CommitteeUnlawful, UnknownSpeciality: the request is not lawful.
        PartyMissing: a contributing party has no chain in use.
        PoolTooSmallError, InfeasibleQuotasError: the kernel says which quotas are short.
    """
    lot, project = await listings.locked_lot(session, order.lot_id)
    previous = await store.draws_of_lot(session, lot.id)
    if previous and previous[-1].state not in OVER:
        raise DrawExists(attempt=previous[-1].attempt)
    if lot.state != LotState.REGISTERED:
        raise WrongLotState(lot_code=lot.code, state=lot.state, wanted=LotState.EVALUATING)
    form, pack = listings.form_of(lot), listings.governing_pack(means.packs, project)
    told = telling_words(form, order.place, order.phone)
    if told:
        raise OrderTellsTooMuch(words=", ".join(told))
    await parties.register_centre(session, means)
    await session.flush()
    await parties.in_use(session, parties.order_of(order.contributors))
    await _ensure_lawful(session, form, pack)
    request = request_of(new_id(means.chance), form, pack, means.packs[CENTRE_PACK], Officers(actor.account_id))
    draw, eligibility = await _freeze(session, means, request, order)
    body = {"lot": lot.code, "attempt": draw.attempt}
    await append(session, means.clock, NewEntry("draws/requested", draw.id, body))
    return draw, eligibility.dry_run_counts(pack.value("conflict.k_anonymity"))


async def _freeze(
    session: AsyncSession, means: Means, request: DrawRequest, order: DrawOrder
) -> tuple[Draw, Eligibility]:
    key = means.chance.octets(KEY_BYTES)
    pool = await load_pool(session, means, request)
    eligibility, prepared, shown = await asyncio.to_thread(_prepare, pool, request, key)
    lot, project = await listings.lot_and_project(session, order.lot_id)
    previous = await store.draws_of_lot(session, lot.id)
    own = means.chance.octets(KEY_BYTES)
    supervisor = (await parties.in_use(session, [SUPERVISOR]))[0]
    other = bytes(a ^ b for a, b in zip(key, own, strict=True))
    draw = Draw(
        id=request.request_id,
        lot_id=lot.id,
        attempt=len(previous) + 1,
        state=DrawState.REQUESTED,
        requested_by=request.requested_by,
        contributors=list(order.contributors),
        replacement=listings.governing_pack(means.packs, project).value("draw.replacement"),
        place=order.place,
        phone=order.phone,
        fixed=encode(prepared.fixed).decode(),
        lottery=encode(lottery_document(prepared.lottery)).decode(),
        funnel=shown,
        # Two halves: who was drawn is readable with both keys only, that of the hub and that of the supervisor.
        key_centre_sealed=means.vault.seal(own.hex(), means.chance.octets(12)),
        key_supervisor_sealed=seal(bytes.fromhex(supervisor.x25519), other, rounds.KEY_CONTEXT, means.chance),
        signatures={},
        requested_at=means.clock.now(),
    )
    session.add(draw)
    await session.flush()
    candidates = pack_candidates(means, eligibility.pool.candidate_ids)
    session.add(DrawPool(draw_id=draw.id, leaves=prepared.leaves.to_bytes(), candidates_sealed=candidates))
    await session.flush()
    return draw, eligibility


def _prepare(pool: Pool, request: DrawRequest, key: bytes) -> tuple[Eligibility, Prepared, dict[str, Any]]:
    eligibility = assess(pool, request)
    try:
        lottery = build_lottery(eligibility)
    except PoolTooSmallError as error:
        raise shown_shortage(error, request.k_anonymity) from None
    return eligibility, prepare(eligibility, lottery, key), eligibility.dry_run_counts(request.k_anonymity)


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


async def _ensure_lawful(session: AsyncSession, form: TenderForm, pack: RulePack) -> None:
    reasons = committee_reasons(form, pack)
    if reasons:
        summary = "; ".join(f"{reason.code} {reason.facts}" for reason in reasons)
        raise CommitteeUnlawful(reasons=[{"code": r.code, **r.facts} for r in reasons], summary=summary)
    wanted = {quota.speciality for quota in form.committee.quotas}
    unknown = wanted - await experts.known_specialities(session, wanted)
    if unknown:
        raise UnknownSpeciality(codes=", ".join(sorted(unknown)))

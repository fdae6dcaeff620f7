"""Request a draw, commit it before chance, draw it from the secrets of two parties."""

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.errors import (
    CommitteeUnlawful,
    DrawExists,
    OrderTellsTooMuch,
    PledgeInvalid,
    RevealMismatch,
    UnknownSpeciality,
    WrongDrawState,
)
from expert_hub.draws.invitation_rules import telling_words
from expert_hub.draws.inviting import invite_panel
from expert_hub.draws.rules import DrawState, Officers, committee_reasons, is_pledge, request_of, shown_shortage
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.experts import service as experts
from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePack
from expert_hub.foundation.texts import Identifier, Name, ShortLine
from expert_hub.foundation.vault import Vault
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.errors import WrongLotState
from expert_hub.listings.rules import LotState, TenderForm
from scheduling.draw import (
    Commitment,
    CommitTerms,
    DrawRequest,
    Eligibility,
    Lottery,
    Pool,
    assess,
    build_lottery,
    commit,
    contribution_commitment,
    drawn_seats,
    encode,
    pseudonyms,
    run_draw,
)
from scheduling.errors import PoolTooSmallError

SECRET_BYTES = 32


class Means(msgspec.Struct, frozen=True):
    """What every step of a draw works with."""

    clock: Clock
    chance: Chance
    vault: Vault
    packs: Mapping[str, RulePack]


class DrawOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot, and what the invitation tells the expert about where to come."""

    lot_id: Identifier
    place: Name
    phone: ShortLine


class Panel(msgspec.Struct, frozen=True):
    """The newest draw of a lot; `experts` in the order of the draw, or none while it is not complete."""

    state: str
    draw_id: str
    experts: list[str] | None


async def request_draw(
    session: AsyncSession, means: Means, actor: Actor, order: DrawOrder
) -> tuple[Draw, dict[str, Any]]:
    """Ask for the panel of a lot. Returns the draw and the counts that the requester may see.

    Raises:
        DrawExists, WrongLotState, OrderTellsTooMuch, CommitteeUnlawful, UnknownSpeciality: the request is not lawful.
        PoolTooSmallError, NoFeasiblePanelError: the kernel says which quotas are short.
    """
    lot, project = await listings.locked_lot(session, order.lot_id)
    previous = await store.draws_of_lot(session, lot.id)
    if previous and previous[-1].state != DrawState.SHORT:
        raise DrawExists(attempt=previous[-1].attempt)
    if lot.state != LotState.REGISTERED:
        raise WrongLotState(lot_code=lot.code, state=lot.state, wanted=LotState.EVALUATING)
    told = telling_words(listings.form_of(lot), order.place, order.phone)
    if told:
        raise OrderTellsTooMuch(words=", ".join(told))
    secret, key = means.chance.octets(SECRET_BYTES), means.chance.octets(SECRET_BYTES)
    draw = Draw(
        id=new_id(means.chance),
        lot_id=lot.id,
        attempt=len(previous) + 1,
        state=DrawState.REQUESTED,
        requested_by=actor.account_id,
        centre_secret_sealed=_seal(means, secret),
        pool_key_sealed=_seal(means, key),
        centre_pledge=contribution_commitment(secret),
        place=order.place,
        phone=order.phone,
        candidates=[],
        requested_at=means.clock.now(),
    )
    eligibility, _ = await _lottery(session, means, draw)
    session.add(draw)
    await append(session, means.clock, NewEntry("draws/requested", draw.id, {"lot": lot.code, "attempt": draw.attempt}))
    k_anonymity = listings.governing_pack(means.packs, project).value("conflict.k_anonymity")
    return draw, eligibility.dry_run_counts(k_anonymity)


async def pledge(session: AsyncSession, means: Means, actor: Actor, draw_id: str, digest: str) -> Draw:
    """Take the supervisor's pledge and commit: pool, lottery and both pledges are fixed before any secret is known.

    Raises:
        NotFound, WrongDrawState, PledgeInvalid: the step does not fit.
    """
    draw = await _locked(session, draw_id, DrawState.REQUESTED)
    if not is_pledge(digest):
        raise PledgeInvalid
    draw.supervised_by, draw.supervisor_pledge = actor.account_id, digest
    earlier = await store.draws_of_lot(session, draw.lot_id)
    eligibility, lottery = await _lottery(session, means, draw)
    terms = CommitTerms(
        draw_key=_open(means, draw.pool_key_sealed),
        contributions={"centre": draw.centre_pledge, "supervisor": digest},
        committed_at=means.clock.now(),
        attempt=draw.attempt,
        previous=tuple(row.commitment or "" for row in earlier if row.attempt < draw.attempt),
    )
    commitment = await asyncio.to_thread(commit, eligibility.request, eligibility, lottery, terms)
    draw.candidates = list(eligibility.pool.candidate_ids)
    draw.committed = commitment.to_bytes().decode()
    draw.commitment = commitment.digest
    draw.committed_at = terms.committed_at
    draw.state = DrawState.COMMITTED
    body = {
        "commitment": commitment.digest,
        "pledges": dict(terms.contributions),
        "pack": eligibility.request.pack_hash,
    }
    await append(session, means.clock, NewEntry("draws/committed", draw.id, body))
    return draw


async def reveal(session: AsyncSession, means: Means, draw_id: str, secret: bytes) -> Draw:
    """Take the supervisor's secret, draw, and invite the panel.

    Raises:
        NotFound, WrongDrawState: the step does not fit.
        RevealMismatch: the secret is not the one that was pledged.
    """
    draw = await _locked(session, draw_id, DrawState.COMMITTED)
    if draw.committed is None or hashlib.sha256(secret).hexdigest() != draw.supervisor_pledge:
        raise RevealMismatch
    secrets = {"centre": _open(means, draw.centre_secret_sealed), "supervisor": secret}
    commitment = Commitment.from_bytes(draw.committed.encode())
    transcript = await asyncio.to_thread(run_draw, commitment, secrets)
    draw.transcript = encode(transcript).decode()
    draw.drawn_at = means.clock.now()
    draw.state = DrawState.INVITING
    by_pseudonym = pseudonyms(_open(means, draw.pool_key_sealed), draw.candidates)
    positions = [
        DrawPosition(
            id=new_id(means.chance),
            draw_id=draw.id,
            quota_id=seat.quota_id,
            rank=seat.rank,
            place=place,
            is_alternate=seat.is_alternate,
            expert_id=by_pseudonym[seat.pid],
        )
        for place, seat in enumerate(drawn_seats(transcript))
    ]
    session.add_all(positions)
    await session.flush()
    body = {"commitment": draw.commitment, "seed": transcript["seed"], "transcript": transcript["digest"]}
    await append(session, means.clock, NewEntry("draws/drawn", draw.id, body))
    await invite_panel(session, means, draw, positions)
    return draw


async def complete_panel(session: AsyncSession, lot_id: str) -> Panel:
    """The newest draw of a lot with its accepted experts.

    Raises:
        NotFound: the lot was not drawn.
    """
    draws = await store.draws_of_lot(session, lot_id)
    if not draws:
        raise NotFound
    draw = draws[-1]
    if draw.state != DrawState.READY:
        return Panel(draw.state, draw.id, None)
    return Panel(draw.state, draw.id, await accepted_experts(session, draw.id))


async def transcript_for(session: AsyncSession, draw_id: str, actor: Actor | None) -> str:
    """The canonical transcript of a draw.

    Officers may read it once it exists; everyone else once the lot is evaluated, because it names the bidders.

    Raises:
        NotFound: it does not exist for this reader, now or ever.
    """
    draw = await draw_named(session, draw_id)
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    is_officer = actor is not None and actor.has(Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)
    if draw.transcript is None or not (is_officer or lot.state in (LotState.EVALUATED, LotState.FAILED)):
        raise NotFound
    return draw.transcript


async def accepted_experts(session: AsyncSession, draw_id: str) -> list[str]:
    """The experts who hold an accepted place, in the order of the draw."""
    return [row.expert_id for row in await store.positions_of(session, draw_id) if row.outcome == "accepted"]


async def draw_named(session: AsyncSession, draw_id: str) -> Draw:
    """A draw by id.

    Raises:
        NotFound: there is none.
    """
    draw = await store.draw_by_id(session, draw_id)
    if draw is None:
        raise NotFound
    return draw


async def _locked(session: AsyncSession, draw_id: str, wanted: DrawState) -> Draw:
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    if draw.state != wanted:
        raise WrongDrawState(state=draw.state, wanted=wanted)
    return draw


async def _lottery(session: AsyncSession, means: Means, draw: Draw) -> tuple[Eligibility, Lottery]:
    lot, project = await listings.lot_and_project(session, draw.lot_id)
    form, pack = listings.form_of(lot), listings.governing_pack(means.packs, project)
    await _ensure_lawful(session, form, pack)
    officers = Officers(draw.requested_by, draw.supervised_by or "")
    request = request_of(draw.id, form, pack, means.packs[CENTRE_PACK], officers)
    records = await experts.candidate_records(session, request.evaluation_starts_at)
    return await asyncio.to_thread(_prepare, records, request)


def _prepare(records: Any, request: DrawRequest) -> tuple[Eligibility, Lottery]:
    eligibility = assess(Pool.from_records(records), request)
    try:
        return eligibility, build_lottery(eligibility, request)
    except PoolTooSmallError as error:
        raise shown_shortage(error, request.k_anonymity) from None


async def _ensure_lawful(session: AsyncSession, form: TenderForm, pack: RulePack) -> None:
    reasons = committee_reasons(form, pack)
    if reasons:
        summary = "; ".join(f"{reason.code} {reason.facts}" for reason in reasons)
        raise CommitteeUnlawful(reasons=[{"code": r.code, **r.facts} for r in reasons], summary=summary)
    wanted = {quota.speciality for quota in form.committee.quotas}
    unknown = wanted - await experts.known_specialities(session, wanted)
    if unknown:
        raise UnknownSpeciality(codes=", ".join(sorted(unknown)))


def _seal(means: Means, secret: bytes) -> bytes:
    return means.vault.seal(secret.hex(), means.chance.octets(12))


def _open(means: Means, sealed: bytes) -> bytes:
    return bytes.fromhex(means.vault.open(sealed))

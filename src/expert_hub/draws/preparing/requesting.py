"""Ask for a panel: the request of a lot, its lawfulness, the assessed library, and the draw frozen from both."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import rounds, store
from expert_hub.draws.calling.invitation_rules import telling_words
from expert_hub.draws.conflicts import conflict_decisions, conflict_reviews
from expert_hub.draws.conflicts.exclusion_records import record_of, sealed_record
from expert_hub.draws.contributors import parties
from expert_hub.draws.contributors.sealed_box import seal
from expert_hub.draws.errors import DrawExists, OrderTellsTooMuch, UnknownSpeciality
from expert_hub.draws.means import Means
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.draws.preparing.assessing import Case, assessed, lottery_for, risk_document
from expert_hub.draws.preparing.frozen_pool import pack_candidates
from expert_hub.draws.preparing.pool_loading import load_library
from expert_hub.draws.preparing.relaxing import ChangeForm, changed
from expert_hub.draws.preparing.requests import Officers, committee_rules, request_of
from expert_hub.draws.rules import OVER, DrawState
from expert_hub.draws.tables import Draw, DrawPool
from expert_hub.experts import service as experts
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.rule_packs import CENTRE_PACK, RulePack
from expert_hub.foundation.texts import Identifier, Name, ShortLine
from expert_hub.identity.rules import Actor
from expert_hub.ledger.service import NewEntry, append
from expert_hub.listings import service as listings
from expert_hub.listings.errors import WrongLotState
from expert_hub.listings.rules import LotState
from scheduling import lawful
from scheduling.artefact import lottery_document
from scheduling.canonical import encode
from scheduling.commitment import Prepared, prepare
from scheduling.demand import DirectSelection
from scheduling.eligibility import Eligibility
from scheduling.leaves import KEY_BYTES
from scheduling.request import DrawRequest

_SALT_BYTES: Final = 32


class DrawOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot, what the invitation tells the expert about where to come, and parties beside centre and supervisor.

    `changes` are those of a relaxation that was offered when nobody could fill the request of the form.
    """

    lot_id: Identifier
    place: Name
    phone: ShortLine
    contributors: Annotated[list[Identifier], Meta(max_length=10)] = []
    changes: Annotated[list[ChangeForm], Meta(max_length=60)] = []


class _Frozen(msgspec.Struct, frozen=True):
    eligibility: Eligibility
    prepared: Prepared
    counts: dict[str, Any]
    risk: dict[str, Any]
    record: bytes


async def request_draw(session: AsyncSession, means: Means, actor: Actor, order: DrawOrder) -> Draw:
    """Ask for the panel of a lot: assess the library, build the lottery, freeze both under a fresh key.

    Raises:
        DrawExists, WrongLotState, OrderTellsTooMuch: it may not be asked for now, or not so.
        UnknownSpeciality, ChangeInvalid, the hard errors of the kernel: the request is not lawful.
        PartyMissing: a contributing party has no chain in use.
        DirectExcludedError: a directly selected expert may not sit.
        Unfillable: no panel meets the request.
    """
    lot, project = await listings.locked_lot(session, order.lot_id)
    previous = await store.draws_of_lot(session, lot.id)
    if previous and previous[-1].state not in OVER:
        raise DrawExists(attempt=previous[-1].attempt)
    if lot.state != LotState.REGISTERED:
        raise WrongLotState(lot_code=lot.code, state=lot.state, wanted=LotState.EVALUATING)
    told = telling_words(listings.form_of(lot), order.place, order.phone)
    if told:
        raise OrderTellsTooMuch(words=", ".join(told))
    await parties.register_centre(session, means)
    await session.flush()
    await parties.ensure_in_use(session, parties.order_of(order.contributors))
    request = await request_for(session, means, actor, lot.id, order.changes)
    await ensure_lawful(session, means, listings.governing_pack(means.packs, project), request)
    pins = await conflict_decisions.pins_for(session, request, lot.id)
    case = Case(request, await load_library(session, means, request), pins)
    draw, record = await _freeze(session, means, case, order)
    body = {"lot": lot.code, "attempt": draw.attempt, "changes": len(order.changes), "exclusions": record}
    await append(session, means.clock, NewEntry("draws/requested", draw.id, body))
    return draw


async def note_refused(session: AsyncSession, means: Means, lot_id: str, code: str) -> None:
    """Enter that the panel of a lot was asked for in vain: what a refusal tells about people is not asked unseen."""
    lot, _ = await listings.lot_and_project(session, lot_id)
    await append(session, means.clock, NewEntry("draws/refused", lot.id, {"lot": lot.code, "code": code}))


async def request_for(
    session: AsyncSession, means: Means, actor: Actor, lot_id: str, changes: Sequence[ChangeForm]
) -> DrawRequest:
    """The request of a lot with the changes made and the directly selected experts found.

    Raises:
        NotFound: there is no such lot.
        ChangeInvalid: a change does not fit.
    """
    lot, project = await listings.lot_and_project(session, lot_id)
    form, pack = listings.form_of(lot), listings.governing_pack(means.packs, project)
    officers = Officers(actor.account_id)
    request = request_of(new_id(means.chance), form, pack, means.packs[CENTRE_PACK], officers)
    request = changed(request, changes)
    direct = form.committee.direct
    if direct is None:
        return request
    ids = await experts.ids_of(session, direct.experts)
    selection = DirectSelection(
        # Who is in no library keeps the name that was given: the kernel says that somebody is unknown, not who.
        experts=tuple(ids.get(name, name) for name in direct.experts),
        reason=direct.reason,
        approver=direct.approver,
        evidence=direct.evidence,
        consent=direct.consent,
        salt=means.chance.octets(_SALT_BYTES).hex(),
    )
    return replace(request, direct_selection=selection)


async def ensure_lawful(session: AsyncSession, means: Means, pack: RulePack, request: DrawRequest) -> None:
    """Refuse a request with a hard error of chapter 3.

    Raises:
        UnknownSpeciality, and the errors of `scheduling.lawful.ensure_lawful`.
    """
    lawful.ensure_lawful(request, committee_rules(pack), means.clock.now())
    wanted = {quota.speciality for quota in request.quotas}
    unknown = wanted - await experts.known_specialities(session, wanted)
    if unknown:
        raise UnknownSpeciality(codes=", ".join(sorted(unknown)))


async def _freeze(session: AsyncSession, means: Means, case: Case, order: DrawOrder) -> tuple[Draw, str]:
    key = means.chance.octets(KEY_BYTES)
    frozen = await asyncio.to_thread(_frozen, case, key, means)
    draw = await _draw_row(session, means, (case, frozen), order, key)
    session.add(draw)
    await session.flush()
    candidates = pack_candidates(means, frozen.eligibility.pool.candidate_ids)
    session.add(DrawPool(draw_id=draw.id, leaves=frozen.prepared.leaves.to_bytes(), candidates_sealed=candidates))
    row = sealed_record(means, (draw.id, 0), frozen.record)
    session.add(row)
    await conflict_reviews.open_reviews(session, means, draw, frozen.eligibility.exclusions, case.pins)
    await session.flush()
    return draw, row.sha256


async def _draw_row(
    session: AsyncSession, means: Means, rows: tuple[Case, _Frozen], order: DrawOrder, key: bytes
) -> Draw:
    case, frozen = rows
    lot, project = await listings.lot_and_project(session, order.lot_id)
    own = means.chance.octets(KEY_BYTES)
    supervisor = (await parties.in_use(session, [SUPERVISOR]))[0]
    other = bytes(a ^ b for a, b in zip(key, own, strict=True))
    return Draw(
        id=case.request.request_id,
        lot_id=lot.id,
        attempt=len(await store.draws_of_lot(session, lot.id)) + 1,
        state=DrawState.REQUESTED,
        requested_by=case.request.requested_by,
        contributors=list(order.contributors),
        replacement=listings.governing_pack(means.packs, project).value("draw.replacement"),
        place=order.place,
        phone=order.phone,
        fixed=encode(frozen.prepared.fixed).decode(),
        lottery=encode(lottery_document(frozen.prepared.lottery)).decode(),
        funnel=frozen.counts,
        risk=frozen.risk,
        direct_sealed=_sealed_selection(means, case.request.direct_selection),
        # Two halves: who was drawn is readable with both keys only, that of the hub and that of the supervisor.
        key_centre_sealed=means.vault.seal(own.hex(), means.chance.octets(12)),
        key_supervisor_sealed=seal(bytes.fromhex(supervisor.x25519), other, rounds.KEY_CONTEXT, means.chance),
        signatures={},
        requested_at=means.clock.now(),
    )


def _sealed_selection(means: Means, selection: DirectSelection | None) -> bytes | None:
    if selection is None:
        return None
    packed = msgspec.json.encode({"experts": selection.experts, "salt": selection.salt}).decode()
    return means.vault.seal(packed, means.chance.octets(12))


def _frozen(case: Case, key: bytes, means: Means) -> _Frozen:
    eligibility, request = assessed(case), case.request
    lottery = lottery_for(eligibility, case.pins)
    return _Frozen(
        eligibility=eligibility,
        prepared=prepare(eligibility, lottery, key),
        counts=eligibility.dry_run_counts(request.k_anonymity),
        risk=risk_document(eligibility, case.library.drawn),
        record=record_of(eligibility.exclusions, request.pack_hash, means.clock.now()),
    )

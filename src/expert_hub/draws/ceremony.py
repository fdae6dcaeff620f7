"""The ceremony of a draw: proposal, commitment, cosignature, randomness, and the same again for empty seats.

Each state has exactly one next step, and each step is taken once: the row of the draw is locked first by everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import drawing, rounds, store
from expert_hub.draws.calling import vacancies
from expert_hub.draws.calling.calling_off import enter_void
from expert_hub.draws.contributors import attestations, parties
from expert_hub.draws.contributors.party_keys import sign, verify_signature
from expert_hub.draws.errors import (
    ChainReplaced,
    NotYetDue,
    PartySignatureInvalid,
    ProposalStale,
    RandomnessMissing,
    WrongDrawState,
)
from expert_hub.draws.means import Means
from expert_hub.draws.policy import LEAST_PARTIES_ALONE, PARTIES, SUPERVISOR, LogKey, Trust, Witness
from expert_hub.draws.rules import OVER, VACANT_OUTCOMES, DrawState
from expert_hub.draws.tables import Draw, DrawParty
from expert_hub.experts import service as experts
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger import service as ledger
from expert_hub.ledger.service import NewEntry
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState
from scheduling.canonical import encode
from scheduling.commitment import IN_ORDER, CommitTerms, PlanItem, commit_body
from scheduling.refusals import RequesterSupervisesError
from scheduling.transcript import BeaconValue, commit_digest

COMMIT = "commit"


async def propose(
    session: AsyncSession, means: Means, actor: Actor, draw_id: str, latest: BeaconValue | None
) -> tuple[Draw, dict[str, Any]]:
    """Write the body that the supervisor is asked to sign: the frozen draw with times, links and beacon rounds of now.

    Raises:
        NotFound, WrongDrawState: the step does not fit.
        RequesterSupervisesError: who asked for the draw may not sign it.
        TooEarlyError: its window is not open.
        RandomnessMissing, ChainExhausted: nothing to draw with.
        ChainReplaced: the supervisor's half of the pool's key was sealed to a key that is not in use any more.
    """
    draw = await locked(session, draw_id, DrawState.REQUESTED)
    actor.require(Role.SUPERVISOR)
    if actor.account_id == draw.requested_by:
        raise RequesterSupervisesError
    rows = await parties.in_use(session, parties.order_of(draw.contributors))
    if rows[1].entry > (await ledger.entries_about(session, draw.id))[0].index:
        raise ChainReplaced(party=SUPERVISOR)
    trust = await trust_of(session, means)
    plan = means.desk.plan(means.clock.now(), alone=len(rows) >= LEAST_PARTIES_ALONE)
    if plan[0].level == PARTIES and len(rows) < LEAST_PARTIES_ALONE:
        raise RandomnessMissing(least=LEAST_PARTIES_ALONE)
    earlier = [row for row in await store.draws_of_lot(session, draw.lot_id) if row.commitment and row.id != draw.id]
    terms = CommitTerms(
        draw=draw.id,
        subject=draw.lot_id,
        policy=trust.hash(),
        parties=parties.next_links(rows),
        latest=latest,
        plan=plan,
        committed_at=means.clock.now(),
        attempt=len(earlier) + 1,
        previous=tuple(row.commitment or "" for row in earlier),
        standing=await experts.standing_version(session, draw.requested_at),
        replacement=draw.replacement,
    )
    fixed = msgspec.json.decode(draw.fixed)
    opens_at = fixed["request"]["draw_opens_at"]
    body = commit_body(fixed, terms, None if opens_at is None else datetime.fromisoformat(opens_at))
    draw.proposal, draw.policy = encode(body).decode(), terms.policy
    await store.keep_policy(session, terms.policy, encode(trust.document()).decode())
    return draw, body


async def commit_draw(session: AsyncSession, means: Means, actor: Actor, draw_id: str, signature: bytes) -> Draw:
    """Take the supervisor's signature, sign for the centre, and enter the commitment before any link is known.

    Raises:
        NotFound, WrongDrawState: the step does not fit.
        ProposalStale: nothing was proposed, a round of its plan is near, or its links were used meanwhile.
        PartySignatureInvalid: it is not the supervisor's signature over the proposal.
    """
    draw = await locked(session, draw_id, DrawState.REQUESTED)
    actor.require(Role.SUPERVISOR)
    if draw.proposal is None:
        raise ProposalStale
    body: dict[str, Any] = msgspec.json.decode(draw.proposal)
    digest = commit_digest(body)
    rows = await parties.in_use(session, parties.order_of(draw.contributors))
    links = parties.next_links(rows)
    dues = [means.desk.due_at(item["chain"], item["round"]) for item in body["plan"] if item["chain"]]
    if [link.document() for link in links] != body["parties"] or any(means.clock.now() >= due for due in dues):
        raise ProposalStale
    if not verify_signature(bytes.fromhex(rows[1].ed25519), COMMIT, bytes.fromhex(digest), signature):
        raise PartySignatureInvalid(party=SUPERVISOR)
    draw.body, draw.commitment, draw.committed_at = draw.proposal, digest, means.clock.now()
    draw.supervised_by, draw.proposal, draw.state = actor.account_id, None, DrawState.DRAWING
    centre = sign(means.centre, COMMIT, bytes.fromhex(digest))
    draw.signatures = {"centre": centre.hex(), "supervisor": signature.hex()}
    entry = {
        "commit": digest,
        "subject": draw.lot_id,
        "attempt": body["attempt"],
        "policy": draw.policy,
        **draw.signatures,
        "links": body["parties"],
    }
    opening = rounds.Opening(0, (), parties.use_links(rows), _plan_of(body))
    await rounds.open_round(session, means, draw, opening, NewEntry("draws/committed", draw.id, entry))
    return draw


def _plan_of(body: Mapping[str, Any]) -> list[PlanItem]:
    return [
        PlanItem(
            item["level"],
            item["chain"],
            item["round"],
            None if item["deadline"] is None else datetime.fromisoformat(item["deadline"]),
        )
        for item in body["plan"]
    ]


async def cosign(session: AsyncSession, means: Means, place: tuple[str, int], line: str) -> Draw:
    """Take a witness's cosignature of the checkpoint behind the commitment or a vacancy; too late voids the draw."""
    draw, is_in_time = await rounds.cosign(session, means, place, line)
    if not is_in_time:
        await void(session, means, draw)
    return draw


async def void(session: AsyncSession, means: Means, draw: Draw) -> None:
    """End an attempt that may not go on; the next one names it."""
    draw.state = DrawState.VOID
    await enter_void(session, means, draw)


async def void_draw(session: AsyncSession, means: Means, actor: Actor, draw_id: str) -> Draw:
    """Void a draw whose list leaked, or that cannot go on (DR-12).

    Raises:
        NotFound, WrongDrawState: there is nothing to void.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    if draw.state in OVER or lot.state != LotState.REGISTERED:
        raise WrongDrawState(state=draw.state, wanted=DrawState.READY)
    await void(session, means, draw)
    return draw


async def open_replacement(session: AsyncSession, means: Means, actor: Actor, draw_id: str) -> Draw:
    """Begin the drawing for all seats that are empty now, with fresh links and a fresh round.

    Raises:
        NotFound, WrongDrawState: no seat is empty, or a drawing is under way.
        PartySignatureInvalid: an outcome that needs the supervisor's signature has none yet.
        ChainReplaced: a party goes on with keys that the policy of this draw does not know.
    """
    draw = await locked(session, draw_id, DrawState.VACANT)
    actor.require(Role.SUPERVISOR)
    positions = await store.positions_of(session, draw.id)
    if await attestations.unattested(session, draw):
        raise PartySignatureInvalid(party=SUPERVISOR)
    if sum(row.outcome in VACANT_OUTCOMES for row in positions) > means.limits.max_skips:
        await void(session, means, draw)
        return draw
    bench = await drawing.bench_of(session, draw)
    number = len(await store.rounds_of(session, draw.id))
    draw.state = DrawState.DRAWING
    if draw.replacement == IN_ORDER:
        await drawing.in_order(session, means, draw, number)
        await vacancies.settle(session, means, draw)
        return draw
    rows = await parties.in_use(session, parties.order_of(draw.contributors))
    await _ensure_continued(session, draw, rows)
    plan = means.desk.plan(means.clock.now(), alone=len(rows) >= LEAST_PARTIES_ALONE)
    opening = rounds.Opening(number, bench.empty, parties.use_links(rows), plan)
    body = {
        "number": number,
        "seats": list(bench.empty),
        "links": [link.document() for link in opening.links],
        "plan": [item.document() for item in plan],
    }
    await rounds.open_round(session, means, draw, opening, NewEntry("draws/vacated", draw.id, body))
    return draw


async def _ensure_continued(session: AsyncSession, draw: Draw, rows: Sequence[DrawParty]) -> None:
    last = (await store.rounds_of(session, draw.id))[-1]
    tips, pinned = {link["tip"] for link in last.links}, (await rounds.policy_of(session, draw))["parties"]
    for row in rows:
        if row.tip not in tips and (row.party not in last.escrowed or row.ed25519 != pinned.get(row.party)):
            raise ChainReplaced(party=row.party)


async def policy_text(session: AsyncSession, policy_hash: str) -> str:
    """A policy by its hash.

    Raises:
        NotFound: no draw was proposed under it.
    """
    text = await store.policy_text(session, policy_hash)
    if text is None:
        raise NotFound
    return text


async def settle_beacon(
    session: AsyncSession, means: Means, place: tuple[str, int], beacon: BeaconValue | None
) -> Draw:
    """Draw with the round that was awaited (None at the level of the parties alone).

    Raises:
        NotFound, WrongDrawState: the drawing does not wait for it.
        NotYetDue: nobody can have the round honestly before its time.
        KeyShareWrong: see `drawing.carry_out`.
    """
    rows = await rounds.locked(session, place, rounds.RoundState.CONTRIBUTED)
    awaited = rounds.beacon_awaited(rows[1])
    given = None if beacon is None else (beacon.level, beacon.chain, beacon.round)
    if awaited != given:
        raise WrongDrawState(state=rows[1].state, wanted=str(awaited))
    if beacon is not None and means.clock.now() < (due := means.desk.due_at(beacon.chain, beacon.round)):
        raise NotYetDue(at=due.isoformat())
    return await drawing.carry_out(session, means, rows, beacon)


async def trust_of(session: AsyncSession, means: Means) -> Trust:
    """The policy as it is now.

    Raises:
        PartyMissing: the supervisor has no chain in use.
    """
    keys = await parties.keys_in_use(session)
    witness = (await parties.in_use(session, [SUPERVISOR]))[0]
    return Trust(
        parties=keys,
        log=LogKey(means.log.name, means.log.public),
        witnesses=[Witness(SUPERVISOR, SUPERVISOR, bytes.fromhex(witness.ed25519))],
        beacons=means.desk.listed,
        packs=[pack.sha256 for pack in means.packs.values()],
        limits=means.limits,
    )


async def locked(session: AsyncSession, draw_id: str, wanted: DrawState) -> Draw:
    """The draw in a state, locked until the transaction ends.

    Raises:
        NotFound, WrongDrawState: it is not.
    """
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    if draw.state != wanted:
        raise WrongDrawState(state=draw.state, wanted=wanted)
    return draw

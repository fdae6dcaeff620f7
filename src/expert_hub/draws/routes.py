"""Draws over HTTP: request, ceremony, closing, and what strangers may read."""

import asyncio
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import ceremony, record, rounds, service
from expert_hub.draws.beacons.beacon_desk import value_of
from expert_hub.draws.calling.worker import InvitationWorker
from expert_hub.draws.contributors import attestations
from expert_hub.draws.means import Means
from expert_hub.draws.octets import octets_or_refuse
from expert_hub.draws.preparing import requesting
from expert_hub.draws.preparing.assessing import Unfillable, explained
from expert_hub.draws.preparing.requesting import DrawOrder
from expert_hub.draws.rules import NEXT_STEP, NEXT_STEP_OF_ROUND, DrawState
from expert_hub.draws.tables import Draw, DrawRound
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound
from expert_hub.foundation.texts import Identifier
from expert_hub.identity.rules import Actor, Role
from scheduling.refusals import DirectExcludedError
from scheduling.transcript import commit_digest

Hex = Annotated[str, Meta(max_length=1000)]
CosignatureLine = Annotated[str, Meta(max_length=2000)]
_OFFICERS = (Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)


class RoundView(msgspec.Struct, frozen=True):
    """The drawing that is under way: what is cosigned, which links are awaited, and where the randomness comes from."""

    number: int
    state: str
    checkpoint: str
    links: list[dict[str, Any]]
    revealed: list[str]
    plan: list[dict[str, Any]]
    level: str

    @classmethod
    def of(cls, row: DrawRound) -> "RoundView":
        """From its row; links are named, not shown."""
        level = row.plan[row.level]["level"]
        return cls(row.number, row.state, row.checkpoint, row.links, sorted(row.revealed), row.plan, level)


class DrawView(msgspec.Struct, frozen=True):
    """A draw as officers see it: never who was drawn, invited or has answered.

    `counts` and `risk` (how well an outsider could guess the panel) show no number of people below the pack's least.
    """

    id: str
    lot_id: str
    attempt: int
    state: str
    next_step: str
    commitment: str | None
    policy: str | None
    requested_at: datetime
    committed_at: datetime | None
    drawn_at: datetime | None
    counts: dict[str, Any]
    risk: dict[str, Any] | None
    round: RoundView | None = None

    @classmethod
    def of(cls, row: Draw, under_way: DrawRound | None = None) -> "DrawView":
        """From its rows."""
        state = DrawState(row.state)
        return cls(
            id=row.id,
            lot_id=row.lot_id,
            attempt=row.attempt,
            state=state,
            next_step=NEXT_STEP_OF_ROUND[under_way.state] if under_way else NEXT_STEP.get(state, ""),
            commitment=row.commitment,
            policy=row.policy,
            requested_at=row.requested_at,
            committed_at=row.committed_at,
            drawn_at=row.drawn_at,
            counts=row.funnel,
            risk=row.risk,
            round=RoundView.of(under_way) if under_way else None,
        )


@post("/draws", summary="Ask for a panel")
async def request_draw(
    data: JSONBody[DrawOrder],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    means: NamedDependency[Means],
) -> DrawView:
    """Assess the library for a lot and freeze pool and lottery; answers with counts only.

    When nobody can fill the request, the problem has ways out as `relaxations`; the `changes` of one may be sent back.
    """
    actor.require(Role.CENTRE_OPERATOR)
    try:
        async with database.write() as session:
            return DrawView.of(await requesting.request_draw(session, means, actor, data))
    except (Unfillable, DirectExcludedError) as found:
        refusal = await asyncio.to_thread(explained, found) if isinstance(found, Unfillable) else found
        async with database.write() as session:
            await requesting.note_refused(session, means, data.lot_id, refusal.code)
        raise refusal from None


class Proposal(msgspec.Struct, frozen=True):
    """The body to be signed, and its digest."""

    body: dict[str, Any]
    digest: str


@post("/draws/{draw_id:str}/proposal", summary="Fetch what the supervisor is asked to sign", status_code=200)
async def propose(
    draw_id: FromPath[str],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    means: NamedDependency[Means],
) -> Proposal:
    """The frozen draw with times, links and beacon rounds of now; signing it commits it."""
    actor.require(Role.SUPERVISOR)
    # The beacon is asked before the transaction: while one is open on SQLite, nobody else can write.
    latest = await means.desk.latest(means.clock.now())
    async with database.write() as session:
        _, body = await ceremony.propose(session, means, actor, draw_id, latest)
        return Proposal(body, commit_digest(body))


class Signature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An Ed25519 signature of the supervisor, 64 bytes in hexadecimal."""

    signature: Hex


@post("/draws/{draw_id:str}/commit", summary="Sign the proposal and commit the draw", status_code=200)
async def commit(
    draw_id: FromPath[str],
    data: JSONBody[Signature],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """Fix pool, lottery, links and beacon round in the ledger, before any of the randomness exists."""
    actor.require(Role.SUPERVISOR)
    signature = octets_or_refuse(data.signature, 64, "signature")
    return await _shown(session, actor, await ceremony.commit_draw(session, means, actor, draw_id, signature))


@post("/draws/{draw_id:str}/void", summary="Void a draw that may not go on", status_code=200)
async def void(
    draw_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """A leaked list, or a draw that cannot be finished; the next attempt names this one."""
    actor.require(Role.SUPERVISOR)
    return await _shown(session, actor, await ceremony.void_draw(session, means, actor, draw_id))


@post("/draws/{draw_id:str}/replacements", summary="Begin the drawing for empty seats", status_code=200)
async def open_replacement(
    draw_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """Fresh links and a fresh beacon round for all seats that are empty now."""
    actor.require(Role.SUPERVISOR)
    draw = await ceremony.open_replacement(session, means, actor, draw_id)
    return Response(await _shown(session, actor, draw), background=BackgroundTask(worker.nudge))


class Cosignature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A cosignature/v1 line over the checkpoint, with its line end."""

    line: CosignatureLine


@post("/draws/{draw_id:str}/rounds/{number:int}/cosignature", summary="Cosign the checkpoint", status_code=200)
async def cosign(
    draw_id: FromPath[str],
    number: FromPath[int],
    data: JSONBody[Cosignature],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """Proof by another operator that the entry existed before the beacon round; too late voids the draw."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    return await _shown(session, actor, await ceremony.cosign(session, means, (draw_id, number), data.line))


class Link(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The link of a party, and the supervisor's opened half of the pool's key; 32 bytes in hexadecimal each."""

    party: Identifier
    link: Hex
    key_share: Hex | None = None


@post("/draws/{draw_id:str}/rounds/{number:int}/link", summary="Reveal a link", status_code=200)
async def reveal_link(
    draw_id: FromPath[str],
    number: FromPath[int],
    data: JSONBody[Link],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """Contribute to the seed; with the last link only the beacon is awaited."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    share = None if data.key_share is None else octets_or_refuse(data.key_share, 32, "key_share")
    given = rounds.Contribution(data.party, octets_or_refuse(data.link, 32, "link"), share)
    draw, _ = await rounds.contribute(session, means, actor, (draw_id, number), given)
    return Response(await _shown(session, actor, draw), background=BackgroundTask(worker.nudge))


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The party whose link is withheld, and shares of its chain by holder, 33 bytes in hexadecimal each."""

    party: Identifier
    shares: Annotated[dict[str, Hex], Meta(max_length=32)]


@post("/draws/{draw_id:str}/rounds/{number:int}/escrow", summary="Open a withheld link", status_code=200)
async def open_escrow(
    draw_id: FromPath[str],
    number: FromPath[int],
    data: JSONBody[Shares],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """The same value as the party's own link; the chain is retired."""
    actor.require(*_OFFICERS)
    shares = {holder: octets_or_refuse(share, 33, holder) for holder, share in data.shares.items()}
    draw, _ = await rounds.contribute_by_escrow(session, means, (draw_id, number), data.party, shares)
    return Response(await _shown(session, actor, draw), background=BackgroundTask(worker.nudge))


@post("/draws/{draw_id:str}/rounds/{number:int}/fallback", summary="Use the next source of randomness", status_code=200)
async def fall_back(
    draw_id: FromPath[str],
    number: FromPath[int],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """Once the deadline of the present source has passed; the ledger keeps it, the certificate shows the level."""
    actor.require(Role.CENTRE_OPERATOR, Role.SUPERVISOR)
    draw, _ = await rounds.fall_back(session, means, (draw_id, number))
    return Response(await _shown(session, actor, draw), background=BackgroundTask(worker.nudge))


class CarriedRound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The awaited round as somebody carried it in: its signature in hexadecimal, or the JSON of a relay."""

    text: CosignatureLine


@post("/draws/{draw_id:str}/rounds/{number:int}/beacon", summary="Carry in the beacon round by hand", status_code=200)
async def give_beacon(
    draw_id: FromPath[str],
    number: FromPath[int],
    data: JSONBody[CarriedRound],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """For a hub without a line to the beacon; the signature is checked like any other."""
    actor.require(Role.CENTRE_OPERATOR, Role.SUPERVISOR)
    async with database.write() as session:
        _, row = await rounds.locked(session, (draw_id, number), rounds.RoundState.CONTRIBUTED)
        awaited = rounds.beacon_awaited(row)
    if awaited is None:
        raise NotFound
    level, chain, at = awaited
    beacon = value_of(level, chain, await means.desk.by_hand(chain, at, data.text))
    async with database.write() as session:
        draw = await ceremony.settle_beacon(session, means, (draw_id, number), beacon)
        view = await _shown(session, actor, draw)
    return Response(view, background=BackgroundTask(worker.nudge))


class Outcome(msgspec.Struct, frozen=True):
    """The outcome of a member who left, to be signed: context `outcome`, over this digest."""

    number: int
    seat: int
    outcome: str
    digest: str


@get("/draws/{draw_id:str}/outcomes", summary="Outcomes that wait for the supervisor's signature")
async def unsigned_outcomes(
    draw_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> list[Outcome]:
    """Members who were absent, conflicted, unwell, misbehaved or could not be reached."""
    actor.require(Role.SUPERVISOR)
    draw = await service.draw_named(session, draw_id)
    return [
        Outcome(row.number, row.seat or 0, row.outcome, attestations.outcome_of(draw, row).hex())
        for row in await attestations.unattested(session, draw)
    ]


@post("/draws/{draw_id:str}/outcomes/{number:int}/{seat:int}", summary="Sign an outcome", status_code=204)
async def attest(
    draw_id: FromPath[str],
    number: FromPath[int],
    seat: FromPath[int],
    data: JSONBody[Signature],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
) -> None:
    """Nobody but the supervisor says that a member left without a word of his own."""
    signature = octets_or_refuse(data.signature, 64, "signature")
    await attestations.attest(session, actor, (draw_id, number, seat), signature)


class KeyShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The supervisor's opened half of the pool's key, 32 bytes in hexadecimal."""

    key_share: Hex


@post("/draws/{draw_id:str}/names", summary="Read who sits on the panel", status_code=200)
async def reveal_names(
    draw_id: FromPath[str],
    data: JSONBody[KeyShare],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> list[str]:
    """Expert ids by seat, after everybody has checked in; needs the keys of centre and supervisor."""
    return await service.reveal_names(session, means, actor, draw_id, octets_or_refuse(data.key_share, 32, "key_share"))


class LeafAsked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The expert who asks, and the supervisor's opened half of the pool's key."""

    expert_id: Identifier
    key_share: Hex


@post("/draws/{draw_id:str}/leaf", summary="The leaf of one expert, with its proof", status_code=200)
async def open_leaf(
    draw_id: FromPath[str],
    data: JSONBody[LeafAsked],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> list[Any]:
    """For an expert who wants to know whether the committed pool held him, and why not: position, leaf, proof."""
    share = octets_or_refuse(data.key_share, 32, "key_share")
    return await service.leaf_for(session, means, actor, draw_id, (data.expert_id, share))


class SealedKey(msgspec.Struct, frozen=True):
    """The supervisor's half of the pool's key, sealed to the supervisor's own key."""

    sealed_key: str


@get("/draws/{draw_id:str}/sealed-key", summary="The supervisor's sealed half of the pool's key")
async def read_sealed_key(
    draw_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> SealedKey:
    """Opens with the supervisor's key only; both halves together lead from seats to persons."""
    actor.require(Role.SUPERVISOR)
    draw = await service.draw_named(session, draw_id)
    return SealedKey(draw.key_supervisor_sealed.hex())


class Closing(msgspec.Struct, frozen=True):
    """The checkpoint under which the transcript will stand."""

    checkpoint: str


@post("/draws/{draw_id:str}/closing", summary="Begin to close a draw", status_code=200)
async def open_closing(
    draw_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> Closing:
    """The checkpoint to be cosigned; afterwards the transcript exists."""
    draw = await record.open_closing(session, means, actor, draw_id)
    return Closing(draw.closing or "")


@post("/draws/{draw_id:str}/closing/cosignature", summary="Close a draw", status_code=200)
async def close(
    draw_id: FromPath[str],
    data: JSONBody[Cosignature],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """Write the transcript under the cosigned checkpoint."""
    return await _shown(session, actor, await record.close(session, means, actor, draw_id, data.line))


@get("/draws/{draw_id:str}", summary="Where a draw stands")
async def read_draw(
    draw_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> DrawView:
    """State, next step and digests of a draw."""
    actor.require(*_OFFICERS)
    return await _shown(session, actor, await service.draw_named(session, draw_id))


@get("/draws/{draw_id:str}/transcript.json", summary="The transcript that anyone can verify", security=[{}])
async def read_transcript(
    draw_id: FromPath[str], visitor: NamedDependency[Actor | None], session: NamedDependency[AsyncSession]
) -> Response[bytes]:
    """For officers once it exists, for everyone once the evaluation is over; it names nobody."""
    text = await record.transcript_for(session, draw_id, visitor)
    return Response(text.encode(), media_type="application/json")


@get("/draw-policies/{policy_hash:str}", summary="A policy by its hash", security=[{}])
async def read_policy(policy_hash: FromPath[str], session: NamedDependency[AsyncSession]) -> Response[bytes]:
    """The keys and limits under which draws are verified; pin it, do not fetch it anew each time."""
    text = await ceremony.policy_text(session, policy_hash)
    return Response(text.encode(), media_type="application/json")


async def _shown(session: AsyncSession, actor: Actor, draw: Draw) -> DrawView:
    under_way = await service.open_round_of(session, draw)
    is_replacing = draw.state == DrawState.VACANT or (under_way is not None and under_way.number > 0)
    if is_replacing and not actor.has(Role.SUPERVISOR, Role.AUDITOR):
        # The moment at which somebody declined could tell who it was: the centre sees that experts are being asked.
        return msgspec.structs.replace(
            DrawView.of(draw), state=DrawState.INVITING, next_step=NEXT_STEP[DrawState.INVITING]
        )
    return DrawView.of(draw, under_way)


router = Router(
    "/",
    route_handlers=[
        request_draw,
        propose,
        commit,
        void,
        open_replacement,
        cosign,
        reveal_link,
        open_escrow,
        fall_back,
        give_beacon,
        unsigned_outcomes,
        attest,
        reveal_names,
        open_leaf,
        read_sealed_key,
        open_closing,
        close,
        read_draw,
        read_transcript,
        read_policy,
    ],
    tags=["draws"],
)

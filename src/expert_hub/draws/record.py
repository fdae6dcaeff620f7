"""The transcript of a draw: closed under a cosigned checkpoint, assembled from rows, openings and proofs.

Source: docs/protocol/draw.md, sections 3, 8 and 9.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import rounds, store
from expert_hub.draws.drawing import commitment_of
from expert_hub.draws.errors import WrongDrawState
from expert_hub.draws.means import Means
from expert_hub.draws.rules import OVER, DrawState
from expert_hub.draws.tables import Draw, DrawPosition, DrawRound
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger import service as ledger
from expert_hub.ledger.notes import read, signed
from expert_hub.ledger.proofs import LedgerTree
from expert_hub.listings import service as listings
from expert_hub.listings.rules import LotState
from scheduling.canonical import encode
from scheduling.draw import Course, transcript_of

_KINDS = frozenset(
    f"draws/{name}"
    for name in (
        *("chain-registered", "committed", "fallback", "drawn", "invited", "attempted", "accepted", "declined"),
        *("no-answer", "withdrawn", "absent", "conflict", "unwell", "misconduct", "unreachable"),
        *("vacated", "replaced", "voided"),
    )
)
"""Kinds of entries that the protocol knows (section 4)."""

_CLOSABLE = (DrawState.READY, DrawState.SHORT, DrawState.VOID)


async def open_closing(session: AsyncSession, means: Means, actor: Actor, draw_id: str) -> Draw:
    """Sign the checkpoint under which the transcript will stand, for the witness to cosign.

    Raises:
        NotFound, WrongDrawState: the draw is not complete and not over.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, draw_id)
    newest = await ledger.newest_entry(session)
    if draw is None or newest is None:
        raise NotFound
    first = await store.round_of(session, draw_id, 0)
    if draw.state not in _CLOSABLE or first is None or not first.filled:
        raise WrongDrawState(state=draw.state, wanted=DrawState.READY)
    draw.closing = signed(ledger.checkpoint_at(means.log.name, newest), means.log)
    return draw


async def close(session: AsyncSession, means: Means, actor: Actor, draw_id: str, line: str) -> Draw:
    """Take the cosignature of the closing checkpoint and write the transcript.

    A draw that goes on afterwards (a member is replaced) may be closed again; the newest transcript counts.

    Raises:
        NotFound, WrongDrawState: no closing is open.
        CosignatureInvalid: no witness of the policy made it now.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, draw_id)
    if draw is None:
        raise NotFound
    if draw.closing is None or draw.state not in _CLOSABLE:
        raise WrongDrawState(state=draw.state, wanted=DrawState.READY)
    rounds.ensure_cosigned(await rounds.policy_of(session, draw), draw.closing, line, means.clock.now())
    draw.transcript = await _written(session, draw, draw.closing + line)
    draw.closing = None
    return draw


async def transcript_for(session: AsyncSession, draw_id: str, actor: Actor | None) -> str:
    """The canonical transcript of a draw.

    Officers may read it once all members have checked in: with the leaves of experts, its positions would name them.
    Everyone else once the lot is evaluated, because it names the bidders.

    Raises:
        NotFound: it does not exist for this reader, now or ever.
    """
    draw = await store.draw_by_id(session, draw_id)
    if draw is None:
        raise NotFound
    lot, _ = await listings.lot_and_project(session, draw.lot_id)
    is_officer = actor is not None and actor.has(Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)
    is_early = draw.checked_in_at is None and draw.state not in OVER
    is_public = lot.state in (LotState.EVALUATED, LotState.FAILED)
    if draw.transcript is None or not (is_public or (is_officer and not is_early)):
        raise NotFound
    return draw.transcript


async def _written(session: AsyncSession, draw: Draw, closing: str) -> str:
    commitment = await commitment_of(session, draw)
    drawings = await store.rounds_of(session, draw.id)
    positions = await store.positions_of(session, draw.id)
    size = read(closing)[0].size
    tree = await ledger.tree_of(session, size)
    texts = await _entries(session, draw, drawings, size)
    first = drawings[0]
    entries = [(text, [node.hex() for node in tree.inclusion(index, size)]) for index, text in texts]
    panel = _panel(draw, positions)
    course = Course(
        signatures=draw.signatures,
        stamp=_stamp(first, tree),
        seed=rounds.seed_document(first),
        drawn=[(quota, position) for seat, quota, position in first.filled if seat >= 0],
        alternates=[(quota, position) for seat, quota, position in first.filled if seat < 0],
        outcomes=_outcomes(positions),
        replacements=[_replacement(row, tree) for row in drawings[1:] if row.filled],
        touched=frozenset(position for row in drawings for position in row.touched),
        entries=entries,
        close=closing,
        panel=panel,
    )
    transcript = await asyncio.to_thread(transcript_of, commitment, course)
    return (await asyncio.to_thread(encode, transcript)).decode()


def _stamp(row: DrawRound, tree: LedgerTree) -> dict[str, Any]:
    size = read(row.checkpoint)[0].size
    proof = [node.hex() for node in tree.consistency(size, len(tree))]
    return {"checkpoint": row.checkpoint + "".join(row.cosignatures), "consistency": proof}


def _replacement(row: DrawRound, tree: LedgerTree) -> dict[str, Any]:
    seed = rounds.seed_document(row) if row.links else dict.fromkeys(("links", "level", "beacon", "value"))
    return {
        "number": row.number,
        "seats": row.seats,
        "entry": row.entry,
        "stamp": _stamp(row, tree) if row.links else None,
        "escrowed": row.escrowed,
        **seed,
        "drawn": row.filled,
    }


def _panel(draw: Draw, positions: Sequence[DrawPosition]) -> list[tuple[int, int, int]]:
    if draw.state != DrawState.READY:
        return []
    held = [row for row in positions if row.seat is not None and row.outcome == "accepted" and not row.is_direct]
    return sorted((row.seat or 0, row.quota, row.position) for row in held)


def _outcomes(positions: Iterable[DrawPosition]) -> list[dict[str, Any]]:
    found = []
    for row in sorted(positions, key=lambda row: (row.number, row.seat if row.seat is not None else -1)):
        if row.seat is None or row.is_direct:
            continue
        is_open = row.outcome in ("drawn", "invited")
        kind = "confirmed" if row.outcome == "accepted" or is_open else row.outcome.replace("_", "-")
        found.append(
            {
                "number": row.number,
                "seat": row.seat,
                "position": row.position,
                "outcome": kind,
                "entry": row.entry,
                "evidence": row.evidence,
            }
        )
    return found


async def _entries(
    session: AsyncSession, draw: Draw, drawings: Sequence[DrawRound], size: int
) -> list[tuple[int, str]]:
    """Everything about this draw, about its earlier attempts, and the entry before each link that it used."""
    about = await ledger.entries_about(session, draw.id)
    wanted = {entry.index for entry in about if entry.index < size and entry.kind in _KINDS}
    for earlier in await store.draws_of_lot(session, draw.lot_id):
        if earlier.commitment is not None and earlier.attempt < draw.attempt:
            wanted |= {row.entry for row in await store.rounds_of(session, earlier.id)}
    for row in drawings:
        wanted |= await _before(session, row)
    return await ledger.texts_at(session, wanted)


async def _before(session: AsyncSession, row: DrawRound) -> set[int]:
    found = set()
    for link in row.links:
        if link["index"] == 1:
            party = await store.party_by_tip(session, link["tip"])
            found |= {party.entry} if party else set()
        else:
            found.add(await store.entry_of_link(session, link["tip"], link["index"] - 1))
    return found

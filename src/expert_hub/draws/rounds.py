"""The steps of one drawing: opened in the ledger, cosigned, links revealed, beacon. The same for panel and replacement.

Each step is taken once: the row of the draw is locked first by everybody.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.contributors import parties
from expert_hub.draws.contributors.party_keys import own_link
from expert_hub.draws.contributors.sealed_box import open_sealed
from expert_hub.draws.errors import (
    CosignatureInvalid,
    NotYetDue,
    PartyMissing,
    PartyRefused,
    WrongDrawState,
)
from expert_hub.draws.means import Means
from expert_hub.draws.policy import CENTRE, PARTIES, SUPERVISOR
from expert_hub.draws.preparing.frozen_pool import key_of
from expert_hub.draws.rules import DrawState
from expert_hub.draws.tables import Draw, DrawLink, DrawRound
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor
from expert_hub.ledger.notes import NoteBroken, cosigned_at, read, signed
from expert_hub.ledger.service import NewEntry, append, checkpoint_at
from scheduling.commitment import PartyLink, PlanItem
from scheduling.transcript import BeaconValue

KEY_CONTEXT = "draw key"


class RoundState(StrEnum):
    """Where a drawing stands."""

    OPENED = "opened"
    WITNESSED = "witnessed"
    CONTRIBUTED = "contributed"
    DRAWN = "drawn"


class Opening(msgspec.Struct, frozen=True):
    """What a drawing begins with: its number, the seats that are empty (none for the panel), links and plan."""

    number: int
    seats: Sequence[int]
    links: Sequence[PartyLink]
    plan: Sequence[PlanItem]


async def open_round(session: AsyncSession, means: Means, draw: Draw, opening: Opening, entry: NewEntry) -> DrawRound:
    """Enter a drawing in the ledger before its randomness exists, and sign the checkpoint behind the entry."""
    added = await append(session, means.clock, entry)
    row = DrawRound(
        draw_id=draw.id,
        number=opening.number,
        state=RoundState.OPENED,
        seats=list(opening.seats),
        links=[link.document() for link in opening.links],
        plan=[item.document() for item in opening.plan],
        entry=added.index,
        checkpoint=signed(checkpoint_at(means.log.name, added), means.log),
        cosignatures=[],
        revealed={},
        escrowed=[],
        filled=[],
        touched=[],
        opened_at=means.clock.now(),
    )
    session.add(row)
    await session.flush()
    session.add_all(
        DrawLink(tip=link.tip, index=link.index, draw_id=draw.id, number=row.number, entry=row.entry)
        for link in opening.links
    )
    await session.flush()
    return row


async def cosign(session: AsyncSession, means: Means, place: tuple[str, int], line: str) -> tuple[Draw, bool]:
    """Take the cosignature of a witness over the checkpoint of a drawing.

    Returns:
        The draw, and whether it came in time: after a beacon round of the plan it proves nothing.

    Raises:
        CosignatureInvalid: no witness of the policy made it now.
    """
    draw, row = await locked(session, place, RoundState.OPENED)
    now = means.clock.now()
    if any(now >= due for due in _dues(means, row)):
        return draw, False
    ensure_cosigned(await policy_of(session, draw), row.checkpoint, line, now)
    row.cosignatures = [line]
    row.state = RoundState.WITNESSED
    return draw, True


def ensure_cosigned(policy: Mapping[str, Any], note: str, line: str, now: datetime) -> None:
    """Refuse a line that is not a cosignature of a checkpoint by a witness of the policy at this time.

    Raises:
        CosignatureInvalid: it is not; `why` says more.
    """
    checkpoint, _ = read(note)
    try:
        times = [
            cosigned_at(checkpoint, line, witness["name"], bytes.fromhex(witness["key"]))
            for witness in policy["witnesses"]
        ]
    except NoteBroken:
        raise CosignatureInvalid(why="form") from None
    at = next((time for time in times if time is not None), None)
    if at is None or not line.endswith("\n") or line.count("\n") != 1:
        raise CosignatureInvalid(why="witness")
    if abs(at - now.timestamp()) > policy["max_clock_s"]:
        raise CosignatureInvalid(why="clock")


class Contribution(msgspec.Struct, frozen=True):
    """A party's link, and of the supervisor the opened half of the pool's key; both 32 bytes."""

    party: str
    link: bytes
    key_share: bytes | None = None


async def contribute(
    session: AsyncSession, means: Means, actor: Actor, place: tuple[str, int], given: Contribution
) -> tuple[Draw, DrawRound]:
    """Take the link of a party; with the last one the drawing waits for its beacon only.

    Raises:
        PartyRefused: the account does not act for the party, or the drawing does not await it.
        LinkInvalid: it is not the link.
        KeyShareWrong: the half of the key does not open the pool.
    """
    draw, row = await locked(session, place, RoundState.WITNESSED)
    if not parties.may_act_for(actor, given.party) or given.party not in _awaited(row):
        raise PartyRefused(party=given.party)
    if given.party == SUPERVISOR and given.key_share is None:
        raise PartyRefused(party=given.party)
    await _hold_chains(session, row)
    await _take(session, means, (draw, row), given)
    return draw, row


async def contribute_by_escrow(
    session: AsyncSession, means: Means, place: tuple[str, int], party: str, shares: Mapping[str, bytes]
) -> tuple[Draw, DrawRound]:
    """Take a withheld link from the shares of its escrow: the same value, so withholding gains nothing.

    Raises:
        NotYetDue: the party still has time, until the first round of the plan is out.
        PartyMissing, EscrowShareWrong, EscrowTooFewShares, EscrowFalse: the shares do not open it.
    """
    draw, row = await locked(session, place, RoundState.WITNESSED)
    await _hold_chains(session, row)
    link = next((link for link in row.links if link["party"] == party and party in _awaited(row)), None)
    if link is None:
        raise PartyMissing(party=party)
    due = min(_dues(means, row), default=row.opened_at)
    if means.clock.now() < due:
        raise NotYetDue(at=due.isoformat())
    keys = await parties.open_by_escrow(session, link["tip"], shares)
    share = open_sealed(keys.sealing_key, draw.key_supervisor_sealed, KEY_CONTEXT) if party == SUPERVISOR else None
    row.escrowed = sorted([*row.escrowed, party])
    await _take(session, means, (draw, row), Contribution(party, own_link(keys, link["index"]), share))
    return draw, row


async def _hold_chains(session: AsyncSession, row: DrawRound) -> None:
    # All at once and in one order for all: two draws may wait for each other's chains otherwise.
    await store.lock_tips(session, [link["tip"] for link in row.links])


async def _take(session: AsyncSession, means: Means, rows: tuple[Draw, DrawRound], given: Contribution) -> None:
    draw, row = rows
    link = next(link for link in row.links if link["party"] == given.party)
    await parties.take_link(session, link["tip"], link["index"], given.link)
    row.revealed = {**row.revealed, given.party: given.link.hex()}
    if given.key_share is not None:
        key = await key_of(session, means, draw, given.key_share)
        row.key_sealed = means.vault.seal(key.hex(), means.chance.octets(12))
    if not _awaited(row):
        await _add_centre(session, means, row)
        row.state = RoundState.CONTRIBUTED


async def _add_centre(session: AsyncSession, means: Means, row: DrawRound) -> None:
    link = next(link for link in row.links if link["party"] == CENTRE)
    value = parties.centre_link(means, PartyLink(**link))
    await parties.take_link(session, link["tip"], link["index"], value)
    row.revealed = {**row.revealed, CENTRE: value.hex()}


async def fall_back(session: AsyncSession, means: Means, place: tuple[str, int]) -> tuple[Draw, DrawRound]:
    """Go on to the next source of the plan, once the deadline of the present one has passed.

    Raises:
        NotYetDue: it has not.
        WrongDrawState: there is no other source.
    """
    draw, row = await locked(session, place, RoundState.CONTRIBUTED)
    if row.level + 1 >= len(row.plan):
        raise WrongDrawState(state=row.plan[row.level]["level"], wanted=PARTIES)
    deadline = datetime.fromisoformat(row.plan[row.level]["deadline"])
    if means.clock.now() <= deadline:
        raise NotYetDue(at=deadline.isoformat())
    body = {"from": row.plan[row.level]["level"], "to": row.plan[row.level + 1]["level"]}
    row.level += 1
    await append(session, means.clock, NewEntry("draws/fallback", draw.id, body))
    return draw, row


def beacon_awaited(row: DrawRound) -> tuple[str, str, int] | None:
    """Level, chain and round that a drawing waits for; none at the level of the parties alone."""
    item = row.plan[row.level]
    return None if item["level"] == PARTIES else (item["level"], item["chain"], item["round"])


def links_of(row: DrawRound) -> list[bytes]:
    """The revealed links in the order of the protocol."""
    return [bytes.fromhex(row.revealed[link["party"]]) for link in row.links]


def seed_document(row: DrawRound) -> dict[str, Any]:
    """Links, level, beacon and value of a drawing as the transcript has them."""
    return {
        "links": row.revealed,
        "escrowed": row.escrowed,
        "level": row.plan[row.level]["level"],
        "beacon": row.beacon,
        "value": row.value,
    }


def beacon_document(beacon: BeaconValue | None) -> dict[str, Any] | None:
    """A beacon round as the transcript has it."""
    if beacon is None:
        return None
    return {
        "chain": beacon.chain,
        "round": beacon.round,
        "signature": beacon.signature,
        "previous": beacon.previous,
    }


async def locked(session: AsyncSession, place: tuple[str, int], wanted: RoundState) -> tuple[Draw, DrawRound]:
    """A draw and one of its drawings, both locked, the latter in a state; a void draw goes on no more.

    Raises:
        NotFound, WrongDrawState: it is not.
    """
    draw = await store.lock_draw(session, place[0])
    row = await store.round_of(session, *place)
    if draw is None or row is None:
        raise NotFound
    if row.state != wanted or draw.state != DrawState.DRAWING:
        raise WrongDrawState(state=row.state if draw.state == DrawState.DRAWING else draw.state, wanted=wanted)
    return draw, row


async def policy_of(session: AsyncSession, draw: Draw) -> dict[str, Any]:
    """The policy under which a draw was proposed."""
    text = await store.policy_text(session, draw.policy or "")
    if text is None:
        raise NotFound
    policy: dict[str, Any] = msgspec.json.decode(text)
    return policy


def _awaited(row: DrawRound) -> set[str]:
    return {link["party"] for link in row.links} - {CENTRE} - row.revealed.keys()


def _dues(means: Means, row: DrawRound) -> list[datetime]:
    return [means.desk.due_at(item["chain"], item["round"]) for item in row.plan if item["chain"]]

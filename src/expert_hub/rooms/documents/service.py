"""Taking bid documents in, listing them for a viewer, and noting who opened them."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.blind import blind_order
from evaluation.stages import Stage
from evaluation.visibility import Viewer
from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from expert_hub.rooms import service as rooms
from expert_hub.rooms import store as room_store
from expert_hub.rooms.documents import store
from expert_hub.rooms.documents.errors import BlindNeedsPages, TooLateForDocuments, TooManyDocuments
from expert_hub.rooms.documents.rules import MAX_PER_BID, Kind, Part
from expert_hub.rooms.documents.tables import RoomDocument, RoomDocumentOrder, RoomDocumentReading

_ONE_READING = timedelta(minutes=10)
_OPEN = frozenset({Stage.CREATED, Stage.COMMITTEE_READY})


class Filing(msgspec.Struct, frozen=True):
    """A file that was inspected, and where it belongs."""

    room_id: str
    bid_id: str
    part: Part
    title: str
    kind: Kind
    pages: int
    size: int
    sha256: str


class Listed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A document as one viewer sees it: a blind one has a place instead of a bid, a title and a digest."""

    ref: str
    part: str
    kind: str
    pages: int
    size: int = 0
    bid_id: str | None = None
    place: int | None = None
    title: str | None = None
    sha256: str | None = None


class Shown(msgspec.Struct, frozen=True):
    """A document that a viewer may read, under his name for it, and what the mark says."""

    document: RoomDocument
    listed: Listed
    viewer: Viewer
    mark: str
    reader: str


async def ensure_may_file(session: AsyncSession, room_id: str, actor: Actor) -> None:
    """Only the centre and the host's operator file documents, and only before check-in.

    Raises:
        NotFound: the room does not exist for the account.
        TooLateForDocuments: check-in has begun.
    """
    row = await room_store.room_by_id(session, room_id)
    if row is None:
        raise NotFound
    if not actor.has(Role.CENTRE_OPERATOR):
        part = await rooms.part_in(session, room_id, actor)
        if part.role != "host_operator":
            raise NotFound
    if row.stage not in _OPEN:
        raise TooLateForDocuments(stage=row.stage)


async def file_document(
    session: AsyncSession, clock: Clock, chance: Chance, actor: Actor, filing: Filing
) -> RoomDocument:
    """Register a kept file; the same file of the same bid again is the one that is there.

    Raises:
        NotFound: there is no such room or bid for the account.
        TooLateForDocuments: check-in has begun in the meantime.
        BlindNeedsPages: a blind file that cannot be marked.
        TooManyDocuments: the bid has its most.
    """
    await room_store.lock_room(session, filing.room_id)
    await ensure_may_file(session, filing.room_id, actor)
    if filing.part is Part.BLIND and not filing.kind.is_markable:
        raise BlindNeedsPages(kind=filing.kind.upper())
    setup = await rooms.setup_in(session, filing.room_id)
    if filing.bid_id not in {bid.bid_id for bid in setup.bids}:
        raise NotFound
    own = [row for row in await store.documents_of(session, filing.room_id) if row.bid_id == filing.bid_id]
    for row in own:
        if row.sha256 == filing.sha256:
            return row
    if len(own) >= MAX_PER_BID:
        raise TooManyDocuments(limit=MAX_PER_BID)
    fields: dict[str, Any] = msgspec.structs.asdict(filing)
    row = RoomDocument(id=new_id(chance), added_by=actor.account_id, added_at=clock.now(), **fields)
    session.add(row)
    await _append(session, clock, "filed", row, await _order_commitment(session, chance, filing))
    await session.flush()
    return row


async def _order_commitment(session: AsyncSession, chance: Chance, filing: Filing) -> dict[str, str]:
    """With the first blind file the room gets its secret order; the ledger gets the digest of it."""
    if filing.part is not Part.BLIND:
        return {}
    order = await store.order_of(session, filing.room_id)
    if order is None:
        # The same order as that of the score sheet: place 2 of the files is place 2 of the scores.
        seed = (await rooms.setup_in(session, filing.room_id)).blind_seed or chance.octets(32).hex()
        order = RoomDocumentOrder(room_id=filing.room_id, seed=seed)
        session.add(order)
    return {"order_sha256": hashlib.sha256(order.seed.encode()).hexdigest()}


async def _append(
    session: AsyncSession, clock: Clock, change: str, row: RoomDocument, more: Mapping[str, str] | None = None
) -> None:
    body = {"change": change, "bid": row.bid_id, "part": row.part, "kind": row.kind, "size": row.size, **(more or {})}
    await append(session, clock, NewEntry("rooms/document", row.room_id, {**body, "sha256": row.sha256}))


async def withdraw(session: AsyncSession, clock: Clock, actor: Actor, room_id: str, document_id: str) -> None:
    """Take a document out that was filed by mistake; the ledger keeps that it was there.

    Raises:
        NotFound: there is no such room or document for the account.
        TooLateForDocuments: check-in has begun.
    """
    await room_store.lock_room(session, room_id)
    await ensure_may_file(session, room_id, actor)
    row = await session.get(RoomDocument, document_id)
    if row is None or row.room_id != room_id:
        raise NotFound
    await _append(session, clock, "withdrawn", row)
    await store.remove_document(session, document_id)


async def filed_in(session: AsyncSession, room_id: str, actor: Actor) -> list[RoomDocument]:
    """Everything that was filed, for those who file.

    Raises:
        NotFound: the room does not exist for the account.
        TooLateForDocuments: check-in has begun.
    """
    await ensure_may_file(session, room_id, actor)
    return await store.documents_of(session, room_id)


async def shown_to(session: AsyncSession, room_id: str, viewer: Viewer, sections: Mapping[str, Any]) -> list[Shown]:
    """The documents that a viewer may read now.

    Args:
        session: a session.
        room_id: the room.
        viewer: who looks.
        sections: what `evaluation.visibility` shows the viewer: who sees the bids may read their documents, but a
            member only after the promise that no conflict is declared with, and never while the room is held.

    Returns:
        The documents under the viewer's names for them: named ones by bid, then blind ones by the place they have for
        this viewer's tenure.
    """
    if not _may_read(viewer, sections):
        return []
    rows = await store.documents_of(session, room_id)
    reader, alias = await _reader(session, room_id, viewer)
    mark = f"{alias} · {room_id[:8]}"
    named = [Shown(row, _named(row), viewer, mark, reader) for row in rows if not _is_blind(row, viewer)]
    blind = await _blind(session, rows, reader, viewer)
    return named + [Shown(row, listed, viewer, mark, reader) for row, listed in blind]


def _may_read(viewer: Viewer, sections: Mapping[str, Any]) -> bool:
    if "bids" not in sections:
        return False
    # Bidders must be known before the promise, their documents need not be; a hold locks everything (ER-19).
    return viewer.role != "member" or (sections["me"]["promise"] == "clear" and "hold" not in sections)


def _is_blind(row: RoomDocument, viewer: Viewer) -> bool:
    return row.part == Part.BLIND and viewer.role == "member"


async def _reader(session: AsyncSession, room_id: str, viewer: Viewer) -> tuple[str, str]:
    """Whose order and whose mark it is: the tenure of a seat and its alias, or the role."""
    if viewer.seat_id is None:
        return viewer.role, viewer.role
    tenure = await room_store.tenure_of_seat(session, room_id, viewer.seat_id)
    aliases = await _aliases(session, room_id)
    return (tenure.id if tenure else viewer.seat_id), aliases[viewer.seat_id]


async def _aliases(session: AsyncSession, room_id: str) -> dict[str, str]:
    return {seat.seat_id: seat.alias for seat in (await rooms.setup_in(session, room_id)).seats}


def _named(row: RoomDocument) -> Listed:
    return Listed(row.id, row.part, row.kind, row.pages, row.size, row.bid_id, None, row.title, row.sha256)


async def _blind(
    session: AsyncSession, rows: list[RoomDocument], reader: str, viewer: Viewer
) -> list[tuple[RoomDocument, Listed]]:
    hidden = [row for row in rows if _is_blind(row, viewer)]
    order = await store.order_of(session, hidden[0].room_id) if hidden else None
    if order is None:
        return []
    found = []
    every = [bid.bid_id for bid in (await rooms.setup_in(session, hidden[0].room_id)).bids]
    for place, bid_id in enumerate(blind_order(order.seed, reader, every), start=1):
        for number, row in enumerate((row for row in hidden if row.bid_id == bid_id), start=1):
            # Sizes and page counts of the original are the bidder's fingerprints: only pages are shown.
            found.append((row, Listed(f"place-{place}-{number}", row.part, "pdf", row.pages, 0, place=place)))
    return found


async def note_reading(
    session: AsyncSession, clock: Clock, chance: Chance, shown: Shown, reading: tuple[str, bool]
) -> None:
    """Note that a viewer opened a document.

    Args:
        session: a session.
        clock: now.
        chance: for the id of the note.
        shown: what is read, and by whom.
        reading: the account, and whether it asks for the beginning; any other part is noted if nothing was within the
            last minutes, so that nobody reads unseen by leaving the first octet out.
    """
    account_id, is_beginning = reading
    last = None if is_beginning else await store.last_reading_at(session, shown.document.id, account_id)
    if last is not None and clock.now() - last < _ONE_READING:
        return
    session.add(
        RoomDocumentReading(
            id=new_id(chance),
            room_id=shown.document.room_id,
            document_id=shown.document.id,
            account_id=account_id,
            role=shown.viewer.role,
            seat_id=shown.viewer.seat_id or "",
            at=clock.now(),
        )
    )
    await session.flush()


class Reading(msgspec.Struct, frozen=True):
    """That somebody opened a document: a member by alias, anybody else by role."""

    at: datetime
    by: str
    document_id: str


async def readings(session: AsyncSession, room_id: str) -> list[Reading]:
    """Who opened what, oldest first, without names."""
    rows, aliases = await store.readings_of(session, room_id), await _aliases(session, room_id)
    return [Reading(row.at, aliases.get(row.seat_id, row.role), row.document_id) for row in rows]

"""Bid documents over HTTP."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Stream
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor
from expert_hub.rooms import service as room_service
from expert_hub.rooms.documents import service
from expert_hub.rooms.documents.desk import DocumentDesk, Sent
from expert_hub.rooms.documents.errors import DigestMalformed, RangeNotSatisfiable
from expert_hub.rooms.documents.rules import Kind, Part, Span, declared_digest, span_of, title_of
from expert_hub.rooms.documents.service import Filing, Listed, Reading, Shown
from expert_hub.rooms.documents.storage import BLOCK
from expert_hub.rooms.documents.tables import RoomDocument
from expert_hub.rooms.hub import RoomHub


class Filed(msgspec.Struct, frozen=True):
    """A document as those who file it see it."""

    id: str
    bid_id: str
    part: str
    title: str
    kind: str
    pages: int
    size: int
    sha256: str

    @classmethod
    def of(cls, row: RoomDocument) -> "Filed":
        """From its row."""
        return cls(row.id, row.bid_id, row.part, row.title, row.kind, row.pages, row.size, row.sha256)


@put(
    "/rooms/{room_id:str}/bids/{bid_id:str}/documents/{part:str}",
    summary="File a bid document",
    request_max_body_size=None,
)
async def file_document(
    request: Request[Any, Any, Any],
    room_id: FromPath[str],
    bid_id: FromPath[str],
    part: FromPath[Part],
    name: FromQuery[Annotated[str, Meta(min_length=1, max_length=1000)]],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    documents: NamedDependency[DocumentDesk],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
) -> Filed:
    """The body is the file itself; `Content-Digest: sha-256=:…:` (RFC 9530) is checked where it is sent.

    No transaction is open while the file travels.
    """
    async with database.read() as session:
        await service.ensure_may_file(session, room_id, actor)
    taken = await documents.take(request.stream(), _sent(request))
    filing = Filing(
        room_id, bid_id, Part(part), title_of(name), taken.kind, taken.pages, taken.size, taken.sha256
    )  # fmt: skip
    async with database.write() as session:
        return Filed.of(await service.file_document(session, clock, chance, actor, filing))


def _sent(request: Request[Any, Any, Any]) -> Sent:
    length = request.headers.get("content-length", "")
    try:
        digest = declared_digest(request.headers.get("content-digest"))
    except ValueError:
        raise DigestMalformed from None
    return Sent(int(length) if length.isdecimal() else None, digest)


@get("/rooms/{room_id:str}/documents/filed", summary="What was filed, before check-in")
async def filed(
    room_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> list[Filed]:
    """For the centre and the host's operator, to compare with the opening record."""
    return [Filed.of(row) for row in await service.filed_in(session, room_id, actor)]


@delete("/rooms/{room_id:str}/documents/filed/{document_id:str}", summary="Withdraw a document filed by mistake")
async def withdraw_document(
    room_id: FromPath[str],
    document_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
) -> None:
    """Before check-in only; the ledger keeps that it was there."""
    await service.withdraw(session, clock, actor, room_id, document_id)


@get("/rooms/{room_id:str}/documents", summary="Bid documents that this account may read")
async def list_documents(
    room_id: FromPath[str],
    actor: NamedDependency[Actor],
    rooms: NamedDependency[RoomHub],
    database: NamedDependency[Database],
) -> list[Listed]:
    """Named documents by bid, then blind ones by the place they have for this seat."""
    return [shown.listed for shown in await _shown(room_id, actor, rooms, database)]


async def _shown(room_id: str, actor: Actor, hub: RoomHub, database: Database) -> list[Shown]:
    async with database.read() as session:
        viewer = await room_service.viewer_in(session, room_id, actor)
    _, sections = await hub.view(room_id, viewer)
    async with database.read() as session:
        return await service.shown_to(session, room_id, viewer, sections)


@get("/rooms/{room_id:str}/documents/{ref:str}", summary="Read a bid document")
async def read_document(
    request: Request[Any, Any, Any],
    room_id: FromPath[str],
    ref: FromPath[str],
    actor: NamedDependency[Actor],
    rooms: NamedDependency[RoomHub],
    documents: NamedDependency[DocumentDesk],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
) -> Response[Any]:
    """With the reader's mark on each page where the kind can carry one; one range of octets may be asked for."""
    shown = next((one for one in await _shown(room_id, actor, rooms, database) if one.listed.ref == ref), None)
    if shown is None:
        raise NotFound
    path = await documents.rendition(shown, clock.now())
    if request.headers.get("if-none-match") == _etag(path):
        return Response(None, status_code=304, headers={"etag": _etag(path), "cache-control": "private, no-store"})
    size, span = _asked_of(path, request.headers)
    async with database.write() as session:
        reading = (actor.account_id, span is None or span.start == 0)
        await service.note_reading(session, clock, chance, shown, reading)
    return _answer(path, shown, size, span)


def _etag(path: Path) -> str:
    return f'"{path.name.rpartition("-")[2]}"'


def _asked_of(path: Path, headers: Mapping[str, str]) -> tuple[int, Span | None]:
    size = path.stat().st_size
    if headers.get("if-range", _etag(path)) != _etag(path):
        # The reader's part is of another copy.
        return size, None
    try:
        return size, span_of(headers.get("range"), size)
    except ValueError:
        raise RangeNotSatisfiable(size=size) from None


def _answer(path: Path, shown: Shown, size: int, span: Span | None) -> Response[Any]:
    part, kind = span or Span(0, size - 1), Kind(shown.document.kind)
    headers = {
        "accept-ranges": "bytes",
        "cache-control": "private, no-store",
        "content-length": str(part.length),
        "content-disposition": f'inline; filename="{shown.listed.ref}.{"pdf" if kind.is_markable else kind}"',
        "content-security-policy": "sandbox; default-src 'none'",
        "etag": _etag(path),
        "vary": "authorization, cookie",
        "x-content-type-options": "nosniff",
    }
    if span is not None:
        headers["content-range"] = f"bytes {span.start}-{span.end}/{size}"
    media_type = "application/pdf" if kind.is_markable else kind.media_type
    return Stream(_octets(path, part), status_code=206 if span else 200, headers=headers, media_type=media_type)


async def _octets(path: Path, part: Span) -> AsyncIterator[bytes]:
    left = part.length
    with path.open("rb") as file:
        file.seek(part.start)
        while left and (block := file.read(min(BLOCK, left))):
            left -= len(block)
            yield block


@get("/rooms/{room_id:str}/documents/readings", summary="Who opened which document")
async def list_readings(
    room_id: FromPath[str],
    actor: NamedDependency[Actor],
    rooms: NamedDependency[RoomHub],
    database: NamedDependency[Database],
) -> list[Reading]:
    """For supervisor and auditor, as soon as they may see the bids; members by alias."""
    async with database.read() as session:
        viewer = await room_service.viewer_in(session, room_id, actor)
    _, sections = await rooms.view(room_id, viewer)
    if viewer.role not in ("supervisor", "auditor") or "bids" not in sections:
        raise NotFound
    async with database.read() as session:
        return await service.readings(session, room_id)


router = Router(
    "/",
    route_handlers=[file_document, filed, withdraw_document, list_documents, read_document, list_readings],
    tags=["documents"],
)

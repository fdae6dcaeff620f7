"""Rooms over HTTP and WebSocket."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, Router, WebSocket, get, post, websocket
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.report import EvaluationReport
from expert_hub.draws.calling.worker import InvitationWorker
from expert_hub.draws.means import Means
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.settings import Settings
from expert_hub.foundation.texts import Identifier
from expert_hub.identity.entry import token_of
from expert_hub.identity.rules import Actor, Role
from expert_hub.identity.tokens import TokenKey, proof_in
from expert_hub.rooms import replacement, service, tickets
from expert_hub.rooms.connection import serve_socket
from expert_hub.rooms.hub import RoomHub
from expert_hub.rooms.report_pdf import render_report
from expert_hub.rooms.tables import EvaluationRoom


class RoomOrder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot, the venues (host first, then guests) and the user names of the entity's representatives."""

    lot_id: Identifier
    host_venue: Identifier
    guest_venues: Annotated[list[Identifier], Meta(max_length=20)]
    representatives: Annotated[list[Identifier], Meta(max_length=20)] = []


class RoomView(msgspec.Struct, frozen=True):
    """Where a room stands."""

    id: str
    lot_id: str
    stage: str
    version: int
    opened_at: datetime

    @classmethod
    def of(cls, row: EvaluationRoom) -> "RoomView":
        """From its row."""
        return cls(row.id, row.lot_id, row.stage, row.version, row.opened_at)


@post("/rooms", summary="Open a room")
async def open_room(
    data: JSONBody[RoomOrder],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    packs: NamedDependency[Mapping[str, RulePack]],
) -> RoomView:
    """Open the room of a lot whose panel is complete: seats are spread over the venues at random and booked."""
    actor.require(Role.CENTRE_OPERATOR)
    order = service.Order(data.lot_id, (data.host_venue, *data.guest_venues), tuple(data.representatives))
    return RoomView.of(await service.open_room(session, clock, chance, packs, order))


class OwnRoom(msgspec.Struct, frozen=True):
    """A room as its members find it: without the lot, which they learn after check-in and in the room."""

    id: str
    stage: str
    version: int
    opened_at: datetime


@get("/rooms", summary="Rooms of the own account")
async def own_rooms(actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]) -> list[OwnRoom]:
    """The rooms in which the account sits."""
    rows = await service.rooms_of(session, actor)
    return [OwnRoom(row.id, row.stage, row.version, row.opened_at) for row in rows]


class SeatToReplace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The seat whose member leaves, and why."""

    seat_id: Identifier
    reason: Literal["absent", "conflict", "unwell", "misconduct"] = "absent"


@post("/rooms/{room_id:str}/alternates", summary="Ask for a new member on a seat", status_code=202)
async def ask_alternate(
    room_id: FromPath[str],
    data: JSONBody[SeatToReplace],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[dict[str, str]]:
    """The supervisor signs the outcome and draws anew; the seat may be replaced once the new member has accepted."""
    await replacement.ask_alternate(session, means, actor, room_id, (data.seat_id, data.reason))
    return Response({"status": "vacant"}, status_code=202, background=BackgroundTask(worker.nudge))


@get("/rooms/{room_id:str}/view", summary="What this account may see of a room")
async def read_view(
    room_id: FromPath[str],
    actor: NamedDependency[Actor],
    rooms: NamedDependency[RoomHub],
) -> dict[str, Any]:
    """The same sections that the socket sends."""
    version, sections = await rooms.view_for(room_id, actor)
    return {"version": version, "view": sections}


@get("/rooms/{room_id:str}/report.json", summary="The evaluation report")
async def read_report(
    room_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> EvaluationReport:
    """The report as data, for those who may read it at this stage."""
    return (await service.report_for(session, room_id, actor)).report


@get("/rooms/{room_id:str}/report.pdf", summary="The evaluation report as PDF", media_type="application/pdf")
async def read_report_pdf(
    room_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    settings: NamedDependency[Settings],
) -> Response[bytes]:
    """The report to print and file."""
    filed = await service.report_for(session, room_id, actor)
    pdf = await asyncio.to_thread(render_report, filed.report, clock.now(), settings.fonts_dir, filed.digest)
    headers = {"content-disposition": f'attachment; filename="evaluation-report-{room_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


class Ticket(msgspec.Struct, frozen=True):
    """Opens one socket of this room once; shown as the subprotocol `ticket.<ticket>` beside `protocol`."""

    ticket: str
    protocol: str
    expires_at: datetime


@post("/rooms/{room_id:str}/tickets", summary="A ticket for one socket", status_code=201)
async def issue_ticket(
    room_id: FromPath[str],
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    token_key: NamedDependency[TokenKey],
) -> Ticket:
    """For programs and pages of other origins, which show no token to a socket. It lapses within seconds."""
    now = clock.now()
    proof = proof_in(token_key, token_of(request) or "", now)
    ticket = await tickets.issue(session, chance, actor, room_id, (now, proof.expires_at))
    return Ticket(ticket, tickets.PROTOCOL, now + tickets.LIFETIME)


@websocket("/rooms/{room_id:str}/socket")
async def room_socket(socket: WebSocket[Any, Any, Any], room_id: FromPath[str]) -> None:
    """The room as a socket; protocol in docs/protocol/room.md."""
    await serve_socket(socket, room_id)


router = Router(
    "/",
    route_handlers=[
        open_room,
        own_rooms,
        ask_alternate,
        read_view,
        read_report,
        read_report_pdf,
        issue_ticket,
        room_socket,
    ],
    tags=["rooms"],
)

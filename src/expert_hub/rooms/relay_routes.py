"""The socket of relays, and their credentials over HTTP."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Router, WebSocket, delete, get, post, websocket
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.identity.rules import Actor, Role
from expert_hub.rooms.relay_access import add_relay, list_relays, revoke_relay
from expert_hub.rooms.relay_socket import serve_relay


class RelayWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The venue whose seats the relay carries."""

    venue_id: Annotated[str, Meta(min_length=1, max_length=32)]


class RelayMade(msgspec.Struct, frozen=True):
    """A relay and its credential, which cannot be read again."""

    id: str
    credential: str


@post("/relays", summary="Make the credential of a relay")
async def make_relay(
    data: JSONBody[RelayWanted],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
) -> RelayMade:
    """For the program in a guest venue; the credential is shown once."""
    actor.require(Role.CENTRE_OPERATOR)
    relay, credential = await add_relay(session, clock, chance, data.venue_id)
    return RelayMade(relay.id, credential)


@delete("/relays/{relay_id:str}", summary="End the credential of a relay")
async def end_relay(
    relay_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
) -> None:
    """An open connection ends within a second."""
    actor.require(Role.CENTRE_OPERATOR)
    await revoke_relay(session, clock, relay_id)


class RelayState(msgspec.Struct, frozen=True):
    """A relay: whose it is, and when it connected last."""

    id: str
    venue_id: str
    added_at: datetime
    connected_at: datetime | None
    revoked_at: datetime | None


@get("/relays", summary="Relays of all venues")
async def relays(actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]) -> list[RelayState]:
    """Oldest first."""
    actor.require(Role.CENTRE_OPERATOR)
    rows = await list_relays(session)
    return [RelayState(row.id, row.venue_id, row.added_at, row.connected_at, row.revoked_at) for row in rows]


@websocket("/relay/socket")
async def relay_socket(socket: WebSocket[Any, Any, Any]) -> None:
    """Many seats of one guest venue over one connection; protocol in docs/protocol/relay.md."""
    await serve_relay(socket)


router = Router("/", route_handlers=[make_relay, end_relay, relays, relay_socket], tags=["rooms"])

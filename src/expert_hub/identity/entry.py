"""From a connection to an actor: reads the token, looks the account up; used by HTTP routes and by sockets alike."""

from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers.base import BaseRouteHandler
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import NotFound, Unauthenticated
from expert_hub.identity.errors import OriginRefused
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.tokens import TokenKey, account_in

COOKIE = "expert_hub_token"
_SAFE = ("GET", "HEAD", "OPTIONS")
Connection = ASGIConnection[Any, Any, Any, Any]


async def admit(connection: Connection, handler: BaseRouteHandler) -> None:
    """Guard of every route: find out who asks where the route wants to know (`actor` or `visitor`).

    This is a guard and not a dependency, because a session that was provided before another dependency raises is
    never closed, and on SQLite one such session is all there is to write with.

    Raises:
        NotFound: the path holds a NUL, as no identifier does; PostgreSQL does not take one.
        OriginRefused: a page of another site wants to change something.
        Unauthenticated: a token proves nothing, or there is none where one is needed.
    """
    if "\x00" in connection.scope["path"]:
        raise NotFound
    asked = handler.parsed_fn_signature.parameters.keys() & {"actor", "visitor"}
    if not asked:
        return
    hub = connection.app.state.hub
    if connection.scope.get("method") not in _SAFE:
        # A browser adds a cookie by itself, whoever wrote the page.
        ensure_origin(connection, hub.settings.allowed_origins)
    async with hub.database.read() as session:
        found = await visitor(connection, session, hub.clock, hub.token_key)
    if found is None and "actor" in asked:
        raise Unauthenticated
    connection.scope["state"]["visitor"] = found


def token_of(connection: Connection) -> str | None:
    """The bearer token of a request, from its header or from the cookie of a page; never from the address."""
    header = connection.headers.get("authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return connection.cookies.get(COOKIE)


async def visitor(connection: Connection, session: AsyncSession, clock: Clock, token_key: TokenKey) -> Actor | None:
    """The actor behind a connection, or none for the public.

    Raises:
        Unauthenticated: a token was given but proves nothing.
    """
    token = token_of(connection)
    if token is None:
        return None
    actor = await actor_of(session, account_in(token_key, token, clock.now()))
    if actor is None:
        raise Unauthenticated
    return actor


def ensure_origin(connection: Connection, allowed: Sequence[str]) -> None:
    """Let programs pass (they send no Origin) and pages of this hub or of an allowed origin.

    Raises:
        OriginRefused: a page of another site.
    """
    origin = connection.headers.get("origin")
    if origin is None:
        return
    own = {f"http://{connection.headers.get('host')}", f"https://{connection.headers.get('host')}"}
    if origin not in own and origin not in allowed:
        raise OriginRefused(origin=origin[:200])

"""From a connection to an actor: reads the token, looks the account up; used by HTTP routes and by sockets alike."""

from collections.abc import Sequence
from typing import Any

from litestar.connection import ASGIConnection
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.clock import Clock
from expert_hub.foundation.errors import Unauthenticated
from expert_hub.identity.errors import OriginRefused
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.tokens import TokenKey, account_in

COOKIE = "expert_hub_token"
Connection = ASGIConnection[Any, Any, Any, Any]


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

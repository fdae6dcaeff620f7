"""Log-in and the own account over HTTP."""

from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.exceptions import TooManyRequestsException
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import JSONBody
from msgspec import Meta

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.db import Database
from expert_hub.foundation.problems import respond
from expert_hub.foundation.settings import Settings
from expert_hub.foundation.texts import Line
from expert_hub.identity.errors import TooManyLogins
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import log_in
from expert_hub.identity.tokens import TokenKey, issue_token


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """User name and password."""

    username: Line
    password: Annotated[str, Meta(max_length=1000)]


class AccessToken(msgspec.Struct, frozen=True):
    """A token for the `Authorization: Bearer` header, and when it stops working."""

    access_token: str
    expires_at: datetime


@post("/sessions", summary="Log in", security=[{}])
async def open_session(
    data: JSONBody[Credentials],
    database: NamedDependency[Database],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    token_key: NamedDependency[TokenKey],
    settings: NamedDependency[Settings],
) -> AccessToken:
    """Exchange user name and password for an access token."""
    # Read only: checking a password takes long, and must not keep others from writing.
    async with database.read() as session:
        account = await log_in(session, data.username, data.password)
    lifetime = timedelta(minutes=settings.token_minutes)
    token = issue_token(token_key, account.id, clock.now(), lifetime, chance)
    return AccessToken(access_token=token, expires_at=clock.now() + lifetime)


class OwnAccount(msgspec.Struct, frozen=True):
    """Who the bearer of the token is."""

    username: str
    roles: list[str]


@get("/me", summary="Own account")
async def own_account(actor: NamedDependency[Actor]) -> OwnAccount:
    """The account behind the token."""
    return OwnAccount(username=actor.username, roles=sorted(actor.roles))


router = Router("/", route_handlers=[own_account], tags=["identity"])


def log_in_router(logins_per_minute: int) -> Router:
    """The door that is worth knocking at in a loop, limited for each client address and process."""
    limit = RateLimitConfig(rate_limit=("minute", logins_per_minute))
    return Router(
        "/",
        route_handlers=[open_session],
        middleware=[limit.middleware],
        exception_handlers={TooManyRequestsException: _too_many},
        tags=["identity"],
    )


def _too_many(request: Request[Any, Any, Any], _error: TooManyRequestsException) -> Response[dict[str, Any]]:
    return respond(request, TooManyLogins())

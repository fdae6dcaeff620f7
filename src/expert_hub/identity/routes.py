"""Log-in and the own account over HTTP."""

from datetime import datetime, timedelta

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.middleware.rate_limit import RateLimitConfig
from litestar.params import JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.settings import Settings
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import log_in
from expert_hub.identity.tokens import TokenKey, issue_token


class Credentials(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """User name and password."""

    username: str
    password: str


class AccessToken(msgspec.Struct, frozen=True):
    """A token for the `Authorization: Bearer` header, and when it stops working."""

    access_token: str
    expires_at: datetime


@post("/sessions", summary="Log in", security=[{}])
async def open_session(
    data: JSONBody[Credentials],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    token_key: NamedDependency[TokenKey],
    settings: NamedDependency[Settings],
) -> AccessToken:
    """Exchange user name and password for an access token."""
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
    return Router("/", route_handlers=[open_session], middleware=[limit.middleware], tags=["identity"])

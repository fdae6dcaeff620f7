"""Composition root: settings in, application out. Nothing runs on import."""

import gc
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import structlog
from litestar import Litestar, Request, Router, get
from litestar.datastructures import State
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.plugins.prometheus import PrometheusConfig, PrometheusController
from sqlalchemy.ext.asyncio import AsyncSession

import expert_hub.draws.calling.invitation_routes
import expert_hub.draws.conflicts.conflict_routes
import expert_hub.draws.contributors.party_routes
import expert_hub.draws.explaining.picture_routes
import expert_hub.draws.routes
import expert_hub.experts.routes
import expert_hub.identity.routes
import expert_hub.listings.routes
import expert_hub.rooms.documents.routes
import expert_hub.rooms.relay_routes
import expert_hub.rooms.routes
import expert_hub.venues.routes
import expert_hub.web.routes
from expert_hub import __version__
from expert_hub.draws.beacon_watch import BeaconWatch
from expert_hub.draws.beacons.beacon_desk import BeaconDesk, open_desk
from expert_hub.draws.calling.channels import channels_of
from expert_hub.draws.calling.notifier import Notifier
from expert_hub.draws.calling.worker import InvitationWorker, WorkerTools
from expert_hub.draws.contributors.party_keys import PartyKeys
from expert_hub.draws.means import Means, centre_keys, log_signer
from expert_hub.draws.policy import Limits
from expert_hub.foundation.chance import Chance, SystemChance
from expert_hub.foundation.clock import Clock, PacedClock, SystemClock, local_date
from expert_hub.foundation.db import Database, DatabaseUnreachable
from expert_hub.foundation.errors import Overloaded
from expert_hub.foundation.logs import configure_logs
from expert_hub.foundation.migrations import ensure_migrated
from expert_hub.foundation.problems import handle_any, handle_http
from expert_hub.foundation.rule_packs import (
    CENTRE_CATEGORY,
    CENTRE_PACK,
    SHIPPED_PACKS,
    RulePack,
    load_pack,
    shipped_pack,
)
from expert_hub.foundation.self_checks import ensure_safe
from expert_hub.foundation.settings import Settings
from expert_hub.foundation.vault import Vault, open_vault
from expert_hub.identity.entry import admit
from expert_hub.identity.rules import Actor
from expert_hub.identity.tokens import TokenKey, load_token_key
from expert_hub.ledger.notes import Signer
from expert_hub.ledger.purpose import ensure_purpose
from expert_hub.rooms.documents.desk import DocumentDesk
from expert_hub.rooms.hints import hints_at
from expert_hub.rooms.hub import RoomHub
from expert_hub.rooms.pace import Gate
from expert_hub.rooms.presence import PresenceWatch
from expert_hub.web.openapi import describe_problems

API = "/api/v1"
log = structlog.get_logger("expert_hub")


@dataclass
class Hub:
    """Everything that lives as long as the process."""

    settings: Settings
    database: Database
    clock: Clock
    chance: Chance
    vault: Vault
    token_key: TokenKey
    packs: Mapping[str, RulePack]
    channels: tuple[Notifier, ...]
    desk: BeaconDesk
    centre: PartyKeys
    log: Signer
    rooms: RoomHub = field(init=False)
    worker: InvitationWorker = field(init=False)
    watch: BeaconWatch = field(init=False)
    presence: PresenceWatch = field(init=False)
    means: Means = field(init=False)
    documents: DocumentDesk = field(init=False)

    def __post_init__(self) -> None:
        tools = WorkerTools(
            clock=self.clock,
            chance=self.chance,
            vault=self.vault,
            packs=self.packs,
            public_url=self.settings.public_url,
            timeout_s=self.settings.notifier_timeout_s,
        )
        self.worker = InvitationWorker(self.database, tools, self.channels)
        # What the verifier asks of a no-answer is what the centre grants the expert.
        limits = Limits(answer_s=int(self.packs[CENTRE_PACK].span("expert.answer_limit").total_seconds()))
        self.means = Means(self.clock, self.chance, self.vault, self.packs, self.desk, self.centre, self.log, limits)
        hints = hints_at(self.settings.redis_url, self.settings.effective_database_url)
        gate = Gate(self.settings.frames_per_second, self.settings.sockets_per_account)
        self.rooms = RoomHub(self.database, self.means, hints, gate)
        self.presence = PresenceWatch(self.database, self.clock, self.packs, self.rooms)
        self.documents = DocumentDesk(self.settings, self.clock)
        self.watch = BeaconWatch(self.database, self.means, self.worker.nudge)


def open_hub(settings: Settings, clock: Clock | None = None, chance: Chance | None = None) -> Hub:
    """Make the parts of a hub from its settings.

    Raises:
        RulePackError: a rule pack is not complete and correct.
    """
    clock, chance = clock or _clock_of(settings), chance or SystemChance()
    keys_dir = settings.effective_keys_dir
    return Hub(
        settings=settings,
        database=Database(settings.effective_database_url),
        clock=clock,
        chance=chance,
        vault=open_vault(keys_dir, chance, create=True),
        token_key=load_token_key(keys_dir, chance),
        packs=load_packs(settings, local_date(clock.now())),
        channels=channels_of(settings, clock),
        desk=open_desk(settings, keys_dir, clock, chance),
        centre=centre_keys(keys_dir, chance),
        log=log_signer(keys_dir, settings.origin, chance),
    )


def _clock_of(settings: Settings) -> Clock:
    since = settings.training_since
    return SystemClock() if since is None else PacedClock(SystemClock(), since, settings.training_speed)


def load_packs(settings: Settings, on: date) -> dict[str, RulePack]:
    """The shipped packs and those of the packs folder, by id; a pack of the folder replaces a shipped one."""
    packs = [shipped_pack(category, on) for category in (*SHIPPED_PACKS, CENTRE_CATEGORY)]
    if settings.packs_dir:
        packs += [load_pack(path, on) for path in sorted(settings.packs_dir.glob("*.toml"))]
    return {pack.pack_id: pack for pack in packs}


@get("/health/live", summary="The process runs", security=[{}], tags=["health"])
async def live() -> dict[str, str]:
    """Answers as long as the process does."""
    return {"status": "live", "version": __version__}


@get("/health/ready", summary="The hub can serve", security=[{}], tags=["health"])
async def ready(database: NamedDependency[Database]) -> dict[str, str]:
    """Answers 200 if the database does and has the schema of this program, else 503."""
    try:
        await database.ping()
    except DatabaseUnreachable as error:
        # Where the database is, is for the log and not for everyone.
        log.error("database unreachable", why=error.facts["why"])
        raise Overloaded from None
    await ensure_migrated(database)
    return {"status": "ready"}


def create_app(hub: Hub) -> Litestar:
    """The application around a hub."""

    async def provide_session(request: Request[Any, Any, Any]) -> AsyncGenerator[AsyncSession, None]:
        reads = request.method in ("GET", "HEAD")
        async with hub.database.read() if reads else hub.database.write() as session:
            yield session

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        ensure_safe(hub.settings)
        await hub.database.ping()
        hub.database.claim()
        await ensure_migrated(hub.database)
        async with hub.database.read() as session:
            await ensure_purpose(session, wants_training=hub.settings.training)
        # What was queued when the last process ended is sent now.
        # In a training time runs faster than the people: nobody is called away there.
        presence = nullcontext() if hub.settings.training else hub.presence.running()
        async with hub.rooms.running(), hub.worker.running(), hub.watch.running(), presence:
            yield
        await hub.database.close()

    singles = {name: Provide(_always(getattr(hub, name)), sync_to_thread=False) for name in _SINGLES}
    log_in = expert_hub.identity.routes.log_in_router(hub.settings.logins_per_minute)
    metrics = PrometheusConfig(app_name="expert_hub", prefix="expert_hub", group_path=True)
    app = Litestar(
        route_handlers=[
            Router(API, route_handlers=[log_in, *(module.router for module in _MODULES)]),
            expert_hub.web.routes.router,
            expert_hub.web.routes.assets,
            live,
            ready,
            _Metrics,
        ],
        dependencies={
            **singles,
            "session": Provide(provide_session),
            "visitor": Provide(_visitor, sync_to_thread=False),
            "actor": Provide(_actor, sync_to_thread=False),
        },
        guards=[admit],
        exception_handlers={HTTPException: handle_http, Exception: handle_any},
        middleware=[metrics.middleware],
        lifespan=[lifespan],
        openapi_config=_openapi(),
        logging_config=None,
        state=State({"hub": hub}),
        request_max_body_size=10_000_000,
    )
    describe_problems(app.openapi_schema)
    return app


def app_from_settings() -> Litestar:
    """The application as the environment describes it; what a server process starts."""
    configure_logs()
    app = create_app(open_hub(Settings()))
    # What is there now stays as long as the process: to look through it again and again would cost a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return app


_SINGLES = (
    "settings",
    "database",
    "clock",
    "chance",
    "vault",
    "token_key",
    "packs",
    "worker",
    "rooms",
    "means",
    "documents",
)
_MODULES = (
    expert_hub.identity.routes,
    expert_hub.experts.routes,
    expert_hub.listings.routes,
    expert_hub.venues.routes,
    expert_hub.draws.routes,
    expert_hub.draws.contributors.party_routes,
    expert_hub.draws.explaining.picture_routes,
    expert_hub.draws.conflicts.conflict_routes,
    expert_hub.draws.calling.invitation_routes,
    expert_hub.rooms.routes,
    expert_hub.rooms.documents.routes,
    expert_hub.rooms.relay_routes,
)


class _Metrics(PrometheusController):
    path = "/metrics"
    openmetrics_format = True
    include_in_schema = False


def _visitor(request: Request[Any, Any, Any]) -> Actor | None:
    found: Actor | None = request.scope["state"]["visitor"]
    return found


def _actor(request: Request[Any, Any, Any]) -> Actor:
    # Never none: the guard lets nobody in unknown where a route asks for an actor.
    found: Actor = request.scope["state"]["visitor"]
    return found


def _always(value: Any) -> Any:
    def provide() -> Any:
        return value

    return provide


def _openapi() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Expert Hub",
        version=__version__,
        description="Expert draw and remote bid evaluation for public-resource trading centres.",
        path="/docs",
        render_plugins=[expert_hub.web.routes.swagger],
        security=[{"bearer": []}],
        components=Components(
            security_schemes={"bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT")}
        ),
    )

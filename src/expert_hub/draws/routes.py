"""Draws over HTTP."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import service
from expert_hub.draws.errors import RevealMismatch
from expert_hub.draws.rules import NEXT_STEP, DrawState
from expert_hub.draws.service import DrawOrder, Means
from expert_hub.draws.tables import Draw
from expert_hub.draws.worker import InvitationWorker
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.texts import Digest
from expert_hub.foundation.vault import Vault
from expert_hub.identity.rules import Actor, Role


async def provide_means(
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    vault: NamedDependency[Vault],
    packs: NamedDependency[Mapping[str, RulePack]],
) -> Means:
    """What every step of a draw works with."""
    return Means(clock, chance, vault, packs)


class DrawView(msgspec.Struct, frozen=True):
    """A draw as officers see it: never who was drawn, invited or has answered."""

    id: str
    lot_id: str
    attempt: int
    state: str
    next_step: str
    centre_pledge: str
    supervisor_pledge: str | None
    commitment: str | None
    requested_at: datetime
    committed_at: datetime | None
    drawn_at: datetime | None
    counts: dict[str, Any] | None = None

    @classmethod
    def of(cls, row: Draw, counts: dict[str, Any] | None = None) -> "DrawView":
        """From its row."""
        return cls(
            id=row.id,
            lot_id=row.lot_id,
            attempt=row.attempt,
            state=row.state,
            next_step=NEXT_STEP[DrawState(row.state)],
            centre_pledge=row.centre_pledge,
            supervisor_pledge=row.supervisor_pledge,
            commitment=row.commitment,
            requested_at=row.requested_at,
            committed_at=row.committed_at,
            drawn_at=row.drawn_at,
            counts=counts,
        )


@post("/draws", summary="Ask for a panel")
async def request_draw(
    data: JSONBody[DrawOrder],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """Assess the library for a lot; answers with counts only."""
    actor.require(Role.CENTRE_OPERATOR)
    return DrawView.of(*await service.request_draw(session, means, actor, data))


class Pledge(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """SHA-256 of the supervisor's secret of 32 bytes, in hexadecimal."""

    sha256: Digest


@post("/draws/{draw_id:str}/pledge", summary="Pledge a secret and commit the draw", status_code=200)
async def pledge(
    draw_id: FromPath[str],
    data: JSONBody[Pledge],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> DrawView:
    """Fix pool, lottery and both pledges before any secret is known."""
    actor.require(Role.SUPERVISOR)
    return DrawView.of(await service.pledge(session, means, actor, draw_id, data.sha256))


class Reveal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The supervisor's secret in hexadecimal."""

    secret: Annotated[str, Meta(max_length=1000)]


@post("/draws/{draw_id:str}/reveal", summary="Reveal the secret and draw", status_code=200)
async def reveal(
    draw_id: FromPath[str],
    data: JSONBody[Reveal],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    worker: NamedDependency[InvitationWorker],
) -> Response[DrawView]:
    """Draw the panel from both secrets and invite it."""
    actor.require(Role.SUPERVISOR)
    try:
        secret = bytes.fromhex(data.secret)
    except ValueError:
        raise RevealMismatch from None
    draw = await service.reveal(session, means, draw_id, secret)
    return Response(DrawView.of(draw), background=BackgroundTask(worker.nudge))


@get("/draws/{draw_id:str}", summary="Where a draw stands")
async def read_draw(
    draw_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> DrawView:
    """State and digests of a draw."""
    actor.require(Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)
    return DrawView.of(await service.draw_named(session, draw_id))


@get("/draws/{draw_id:str}/transcript.json", summary="The transcript that anyone can verify", security=[{}])
async def read_transcript(
    draw_id: FromPath[str], visitor: NamedDependency[Actor | None], session: NamedDependency[AsyncSession]
) -> Response[bytes]:
    """For officers once it exists, for everyone once the evaluation is over; it names nobody."""
    text = await service.transcript_for(session, draw_id, visitor)
    return Response(text.encode(), media_type="application/json")


router = Router(
    "/",
    route_handlers=[request_draw, pledge, reveal, read_draw, read_transcript],
    dependencies={"means": provide_means},
    tags=["draws"],
)

"""Invitations over HTTP: for the invited expert, for the gateway, and counts for officers."""

from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import service
from expert_hub.draws.calling import invitations
from expert_hub.draws.calling.channels import webhook_secret
from expert_hub.draws.calling.invitations import InvitationCounts, InvitationView
from expert_hub.draws.calling.reports import GatewayReport, take_report
from expert_hub.draws.calling.signatures import ensure_signed
from expert_hub.draws.calling.worker import InvitationWorker
from expert_hub.draws.means import Means
from expert_hub.foundation.errors import InvalidInput, NotFound
from expert_hub.foundation.settings import Settings
from expert_hub.foundation.texts import Line
from expert_hub.identity.rules import Actor, Role
from expert_hub.identity.tokens import TokenKey, issue_token

_report_decoder = msgspec.json.Decoder(GatewayReport)


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one-time code of the message, and yes or no; `insist` on not coming although it is too late to withdraw."""

    code: Line
    accept: bool
    insist: bool = False


class AnswerTaken(msgspec.Struct, frozen=True):
    """What was noted; an expert who accepts gets a token for the room."""

    accepted: bool
    state: str
    access_token: str | None = None


@post("/invitations/answer", summary="Answer an invitation", status_code=200, security=[{}])
async def answer_invitation(
    data: JSONBody[Answer],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    token_key: NamedDependency[TokenKey],
    settings: NamedDependency[Settings],
    worker: NamedDependency[InvitationWorker],
) -> Response[AnswerTaken]:
    """Accept, decline or withdraw with the code of the message; the code is the credential."""
    taken = await invitations.answer(session, means, data.code, accept=data.accept, insist=data.insist)
    token = None
    if taken.account_id is not None:
        lifetime = timedelta(minutes=settings.token_minutes)
        token = issue_token(token_key, taken.account_id, means.clock.now(), lifetime, means.chance)
    return Response(AnswerTaken(data.accept, taken.state, token), background=BackgroundTask(worker.nudge))


@get("/invitations/{code:str}", summary="Read an invitation", security=[{}])
async def read_invitation(
    code: FromPath[str], session: NamedDependency[AsyncSession], means: NamedDependency[Means]
) -> Response[InvitationView]:
    """Time, place, phone and state, for the holder of the code; nothing about the project."""
    view = await invitations.look(session, means, code)
    return Response(view, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


class ReportTaken(msgspec.Struct, frozen=True):
    """Whether the report changed anything; either way it is stored and need not be sent again."""

    applied: bool


@post(
    "/invitations/callback",
    summary="Report of a gateway",
    status_code=200,
    security=[{}],
    request_max_body_size=16_384,
)
async def take_callback(
    request: Request[Any, Any, Any],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
    settings: NamedDependency[Settings],
    worker: NamedDependency[InvitationWorker],
) -> Response[ReportTaken]:
    """Delivered, no answer, failed, or a key; signed as docs/protocol/gateway.md says."""
    secret = webhook_secret(settings)
    if secret is None:
        raise NotFound
    body = await request.body()
    ensure_signed(secret, "report", request.headers, means.clock.now(), body)
    try:
        report = _report_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InvalidInput([{"where": "body", "why": str(error)}]) from None
    applied = await take_report(session, means, report, body)
    return Response(ReportTaken(applied), background=BackgroundTask(worker.nudge))


@get("/draws/{draw_id:str}/invitations", summary="How many were invited and have accepted")
async def count_invitations(
    draw_id: FromPath[str],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> InvitationCounts:
    """Numbers only, as of the last full five minutes."""
    actor.require(Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR)
    await service.draw_named(session, draw_id)
    return await invitations.counts(session, means, draw_id)


router = Router(
    "/",
    route_handlers=[answer_invitation, read_invitation, take_callback, count_invitations],
    tags=["invitations"],
)

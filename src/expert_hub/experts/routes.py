"""The expert library over HTTP: reading for the centre and for supervision, standing by decision of supervision."""

from typing import Annotated

from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.experts import service
from expert_hub.experts.rules import Standing
from expert_hub.experts.service import Filters, NewStanding
from expert_hub.experts.views import ExpertDetail, ExpertSummary, SpecialityView
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.pagination import MAX_LIMIT, Page
from expert_hub.identity.rules import Actor, Role

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="Items on a page")]
Code = Annotated[str | None, QueryParameter(pattern="^[ABC]([0-9]{2}){0,3}$", description="Code of CN-316, or above")]
Region = Annotated[str | None, QueryParameter(pattern="^([0-9]{2}){1,3}$", description="Code of GB/T 2260, or prefix")]

_READERS = (Role.CENTRE_OPERATOR, Role.SUPERVISOR, Role.AUDITOR, Role.ADMINISTRATOR)


@get("/experts", summary="List experts")
async def list_experts(
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    speciality: Code = None,
    region: Region = None,
    standing: FromQuery[Standing | None] = None,
    after: FromQuery[str | None] = None,
    limit: Limit = 50,
) -> Page[ExpertSummary]:
    """Experts by id, masked; a speciality also finds the codes below it."""
    actor.require(*_READERS)
    return await service.list_experts(session, Filters(speciality, region, standing), after, limit)


@get("/experts/{expert_id:str}", summary="One expert")
async def read_expert(
    expert_id: FromPath[str], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> ExpertDetail:
    """An expert with specialities, relations, leave and registrations, masked."""
    actor.require(*_READERS)
    return await service.get_expert(session, expert_id)


@post("/experts/{expert_id:str}/standing", summary="Change the standing of an expert", status_code=200)
async def change_standing(
    expert_id: FromPath[str],
    data: JSONBody[NewStanding],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
) -> ExpertDetail:
    """Record a decision that admits, suspends or removes an expert.

    Whoever runs draws may not do this: it would shape the pool.
    """
    actor.require(Role.SUPERVISOR)
    await service.change_standing(session, clock, chance, expert_id, actor.account_id, data)
    await session.flush()
    return await service.get_expert(session, expert_id)


@get("/specialities", summary="Classification of specialities", security=[{}])
async def list_specialities(
    session: NamedDependency[AsyncSession], after: FromQuery[str | None] = None, limit: Limit = MAX_LIMIT
) -> Page[SpecialityView]:
    """The listed codes of CN-316 by code."""
    return await service.list_specialities(session, after, limit)


router = Router("/", route_handlers=[list_experts, read_expert, change_standing, list_specialities], tags=["experts"])

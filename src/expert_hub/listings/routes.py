"""Transactions over HTTP: registration by the centre, reading by everyone."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.pagination import MAX_LIMIT, Page, decode_cursor, page_of
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.identity.rules import Actor, Role
from expert_hub.listings import service
from expert_hub.listings.rules import TenderForm
from expert_hub.listings.tables import Lot, Project

Limit = Annotated[int, QueryParameter(ge=1, le=MAX_LIMIT, description="Items on a page")]


class LotView(msgspec.Struct, frozen=True):
    """What everyone may read of a lot; bidders and committee are not among it."""

    id: str
    code: str
    name: str
    state: str
    bid_deadline: datetime
    evaluation_starts_at: datetime

    @classmethod
    def of(cls, lot: Lot) -> "LotView":
        """From its row."""
        return cls(lot.id, lot.code, lot.name, lot.state, lot.bid_deadline, lot.evaluation_starts_at)


class ProjectView(msgspec.Struct, frozen=True):
    """What everyone may read of a project, with the rule pack that governs it."""

    id: str
    code: str
    name: str
    category: str
    procuring_entity: str
    region_code: str
    budget_yuan: str
    pack_id: str
    pack_version: str
    pack_sha256: str
    registered_at: datetime
    lots: list[LotView] = []

    @classmethod
    def of(cls, row: Project, lots: list[Lot]) -> "ProjectView":
        """From its rows."""
        return cls(
            id=row.id,
            code=row.code,
            name=row.name,
            category=row.category,
            procuring_entity=row.procuring_entity,
            region_code=row.region_code,
            budget_yuan=f"{row.budget_yuan:.2f}",
            pack_id=row.pack_id,
            pack_version=row.pack_version,
            pack_sha256=row.pack_sha256,
            registered_at=row.registered_at,
            lots=[LotView.of(lot) for lot in lots],
        )


@post("/projects", summary="Register a tender")
async def register_project(
    data: JSONBody[TenderForm],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    clock: NamedDependency[Clock],
    chance: NamedDependency[Chance],
    packs: NamedDependency[Mapping[str, RulePack]],
) -> ProjectView:
    """Register a project with one lot, its committee, bids and criteria under a rule pack."""
    actor.require(Role.CENTRE_OPERATOR)
    project, lot = await service.register(session, clock, chance, packs, data)
    return ProjectView.of(project, [lot])


@get("/projects", summary="List projects", security=[{}])
async def list_projects(
    session: NamedDependency[AsyncSession], after: FromQuery[str | None] = None, limit: Limit = 50
) -> Page[ProjectView]:
    """Projects by code."""
    rows = await service.list_projects(session, decode_cursor(after), limit)
    page = page_of(rows, [row.code for row in rows], limit)
    return Page(items=[ProjectView.of(row, []) for row in page.items], next=page.next)


@get("/projects/{project_id:str}", summary="One project", security=[{}])
async def read_project(project_id: FromPath[str], session: NamedDependency[AsyncSession]) -> ProjectView:
    """A project with its lots."""
    return ProjectView.of(*await service.project_with_lots(session, project_id))


router = Router("/", route_handlers=[register_project, list_projects, read_project], tags=["listings"])

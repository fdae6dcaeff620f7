"""Venues over HTTP."""

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.venues import service


class VenueView(msgspec.Struct, frozen=True):
    """A venue and how many workstations it has."""

    id: str
    name: str
    city_code: str
    address: str
    workstations: int


@get("/venues", summary="List venues", security=[{}])
async def list_venues(session: NamedDependency[AsyncSession]) -> list[VenueView]:
    """The shared catalogue of venues (发改办法规〔2025〕807号)."""
    return [
        VenueView(row.id, row.name, row.city_code, row.address, await service.workstation_count(session, row.id))
        for row in await service.list_venues(session)
    ]


router = Router("/", route_handlers=[list_venues], tags=["venues"])

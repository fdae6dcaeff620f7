"""The ledger over HTTP: proofs for those who cosign it."""

from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Meta
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger import service

Size = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Consistency(msgspec.Struct, frozen=True):
    """Proof that the ledger only grew from one size to another, from the bottom up, hexadecimal."""

    old: int
    new: int
    proof: list[str]


@get("/ledger/consistency", summary="Proof that the ledger only grew")
async def read_consistency(
    old: FromQuery[Size], new: FromQuery[Size], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> Consistency:
    """Between two checkpoints; a witness asks for it before it cosigns the newer one."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    tree = await service.tree_of(session, new)
    if not old <= new == len(tree):
        raise NotFound
    return Consistency(old, new, [node.hex() for node in tree.consistency(old, new)])


router = Router("/", route_handlers=[read_consistency], tags=["ledger"])

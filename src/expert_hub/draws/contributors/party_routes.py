"""Contributing parties over HTTP: registering a chain, and what a party's own program has to do next."""

from typing import Any

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws.contributors import parties, tasks
from expert_hub.draws.contributors.tasks import PartyTask
from expert_hub.draws.means import Means
from expert_hub.draws.tables import DrawParty
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger import service as ledger


class PartyView(msgspec.Struct, frozen=True):
    """A registered chain: tip and keys are public; links are not, nor how many are used, which tells of vacancies."""

    party: str
    ed25519: str
    x25519: str
    tip: str
    length: int
    entry: int
    is_retired: bool

    @classmethod
    def of(cls, row: DrawParty) -> "PartyView":
        """From its row."""
        return cls(row.party, row.ed25519, row.x25519, row.tip, row.length, row.entry, row.is_retired)


@post("/draw-parties", summary="Register a chain")
async def register(
    data: JSONBody[dict[str, Any]],
    actor: NamedDependency[Actor],
    session: NamedDependency[AsyncSession],
    means: NamedDependency[Means],
) -> PartyView:
    """The public document that `expert-hub party init` prints; the tip becomes an entry of the ledger."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    return PartyView.of(await parties.register(session, means, actor, data))


@get("/draw-parties", summary="Parties of draws", security=[{}])
async def list_parties(session: NamedDependency[AsyncSession]) -> list[PartyView]:
    """The chains in use."""
    return [PartyView.of(row) for row in await parties.all_in_use(session)]


@get("/draw-tasks", summary="What the own party has to do")
async def list_tasks(actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]) -> list[PartyTask]:
    """One task per draw that waits for this party, oldest first."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    return await tasks.tasks_for(session, actor)


class Consistency(msgspec.Struct, frozen=True):
    """Proof that the ledger only grew from one size to another, from the bottom up, hexadecimal."""

    old: int
    new: int
    proof: list[str]


@get("/ledger/consistency", summary="Proof that the ledger only grew")
async def read_consistency(
    old: FromQuery[int], new: FromQuery[int], actor: NamedDependency[Actor], session: NamedDependency[AsyncSession]
) -> Consistency:
    """Between two checkpoints; a witness asks for it before it cosigns the newer one."""
    actor.require(Role.SUPERVISOR, Role.AUDITOR)
    newest = await ledger.newest_entry(session)
    # Before it is asked for: a number may be larger than any column holds.
    if newest is None or not 0 <= old <= new <= newest.index + 1:
        raise NotFound
    tree = await ledger.tree_of(session, new)
    return Consistency(old, new, [node.hex() for node in tree.consistency(old, new)])


router = Router("/", route_handlers=[register, list_parties, list_tasks, read_consistency], tags=["draws"])

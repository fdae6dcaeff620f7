"""A hub with its own beacon, a library, officers, and the supervisor's own program, for whole stories about a draw."""

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from expert_hub.app import Hub, create_app, open_hub
from expert_hub.draws import service
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys
from expert_hub.draws.contributors.sealed_box import open_sealed
from expert_hub.draws.drawing import names_vault
from expert_hub.draws.preparing.frozen_pool import key_of
from expert_hub.draws.rounds import KEY_CONTEXT
from expert_hub.draws.tables import Draw, DrawPool, DrawPosition, Invitation
from expert_hub.experts.importing import ImportContext, import_catalogue, import_library
from expert_hub.experts.tables import Expert, ExpertRelation, ExpertSpeciality
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account
from expert_hub.identity.tokens import issue_token
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.party_agent.agent import PartyAgent
from expert_hub.party_agent.memory import Memory
from expert_hub.sample.tender import tender_document
from expert_hub.sample.writer import SamplePaths
from expert_hub.venues.service import read_venue_file, register_venues

OFFICERS = {
    "centre": Role.CENTRE_OPERATOR,
    "supervisor": Role.SUPERVISOR,
    "auditor": Role.AUDITOR,
    "host": Role.HOST_OPERATOR,
}
AHEAD = timedelta(hours=3)
"""From the beginning of a story to the evaluation; the bids close half an hour before that."""


@dataclass
class Story:
    """A hub and everybody around it; time passes only when the story says so."""

    hub: Hub
    client: httpx.AsyncClient
    keys: PartyKeys
    agent: PartyAgent
    clock: FixedClock
    tokens: dict[str, str] = field(default_factory=dict)
    forms: int = 0

    def form(self, **changes: Any) -> dict[str, Any]:
        """The sample tender with a code of its own; keys are paths such as `committee__size`."""
        starts_at = self.clock.now() + AHEAD
        form: Any = json.loads(json.dumps(tender_document(starts_at), default=lambda value: value.isoformat()))
        self.forms += 1
        form["project"]["code"] += f"-{self.forms}"
        form["lot"]["code"] += f"-{self.forms}"
        for path, value in changes.items():
            *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
            place = form
            for part in way:
                place = place[part]
            place[last] = value
        return form

    async def ask(self, method: str, path: str, account: str | None, body: Any = None) -> httpx.Response:
        headers = {"accept-language": "en"}
        if account:
            headers["authorization"] = f"Bearer {self.tokens[account]}"
        return await self.client.request(method, path, headers=headers, json=body)

    async def post(self, path: str, account: str | None, body: Any) -> Any:
        answer = await self.ask("POST", path, account, body)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, path: str, account: str | None) -> Any:
        answer = await self.ask("GET", path, account)
        assert answer.is_success, answer.text
        return answer.json()

    async def refused(self, path: str, account: str | None, body: Any) -> dict[str, Any]:
        """The problem with which a POST is refused."""
        answer = await self.ask("POST", path, account, body)
        assert answer.is_error, answer.text
        problem: dict[str, Any] = answer.json()
        return problem

    async def register(self, **changes: Any) -> str:
        """Register a tender. Returns the id of its lot."""
        return str((await self.post("/projects", "centre", self.form(**changes)))["lots"][0]["id"])

    async def request(self, lot_id: str, **order: Any) -> dict[str, Any]:
        """Ask for a panel."""
        body = {"lot_id": lot_id, "place": "A", "phone": "020", **order}
        draw: dict[str, Any] = await self.post("/draws", "centre", body)
        return draw

    async def drawn(self, draw_id: str) -> None:
        """Let the ceremony run until the experts of the open drawing are invited."""
        for _ in range(6):
            if not await self.agent.step():
                break
        self.clock.move(seconds=90)
        assert await self.hub.watch.look() == 1
        assert (await self.rows(Draw, Draw.id == draw_id))[0].state == "inviting"

    async def answer_all(self, draw_id: str, *, decline: int = 0) -> None:
        """Answer every open invitation: the first few decline, the others accept."""
        rows = await self.rows(Invitation, Invitation.draw_id == draw_id, Invitation.answered_at.is_(None))
        for number, row in enumerate(row for row in rows if row.closed_at is None and row.state != "held"):
            await self.answer_one(row.position_id, accept=number >= decline)

    async def answer_one(self, position_id: str, *, accept: bool) -> None:
        """Answer as the expert of one seat; the token of who accepts is kept under the id of the seat."""
        row = (await self.rows(Invitation, Invitation.position_id == position_id))[0]
        body = {"code": self.hub.vault.open(row.code_sealed), "accept": accept}
        answer = await self.post("/invitations/answer", None, body)
        if answer["access_token"]:
            self.tokens[position_id] = answer["access_token"]

    async def panel(self, **changes: Any) -> str:
        """Everything up to a complete panel. Returns the id of the draw."""
        draw_id = str((await self.request(await self.register(**changes)))["id"])
        await self.drawn(draw_id)
        await self.answer_all(draw_id)
        assert (await self.get(f"/draws/{draw_id}", "supervisor"))["state"] == "ready"
        return draw_id

    async def members(self, draw_id: str) -> dict[str, DrawPosition]:
        """Who holds a seat, by expert id; opened with both halves of the key."""
        draw = (await self.rows(Draw, Draw.id == draw_id))[0]
        async with self.hub.database.read() as session:
            vault = names_vault(await key_of(session, self.hub.means, draw, self.share(draw)))
        rows = await self.rows(DrawPosition, DrawPosition.draw_id == draw_id, DrawPosition.outcome == "accepted")
        return {vault.open(row.expert_sealed): row for row in rows}

    def share(self, draw: Draw) -> bytes:
        """The supervisor's half of the key of a pool."""
        return open_sealed(self.keys.sealing_key, draw.key_supervisor_sealed, KEY_CONTEXT)

    async def candidates(self, draw_id: str) -> list[str]:
        """The frozen pool of a draw, by index."""
        pool = (await self.rows(DrawPool, DrawPool.draw_id == draw_id))[0]
        packed = bytes.fromhex(self.hub.vault.open(pool.candidates_sealed))
        return zlib.decompress(packed).decode().split("\n")

    async def check_in(self, draw_id: str) -> None:
        """All members have checked in: from now on officers may read what leads to them."""
        async with self.hub.database.write() as session:
            await service.mark_checked_in(session, draw_id, self.hub.clock.now())

    async def rows(self, table: Any, *conditions: Any) -> list[Any]:
        async with self.hub.database.read() as session:
            return list((await session.execute(select(table).where(*conditions))).scalars())

    async def entries(self, kind: str) -> list[Any]:
        """The bodies of the entries of a kind, in order."""
        rows = await self.rows(LedgerEntry, LedgerEntry.kind == kind)
        return [json.loads(row.text)["body"] for row in sorted(rows, key=lambda row: row.index)]

    async def add_relation(self, expert_id: str, kind: str, name: str, code: str = "") -> None:
        """Tell the library of a tie that lasts."""
        async with self.hub.database.write() as session:
            relation_id = self.hub.chance.octets(16).hex()
            session.add(ExpertRelation(id=relation_id, expert_id=expert_id, kind=kind, org_name=name, org_code=code))

    async def holders(self, speciality: str) -> list[str]:
        """Admitted experts with exactly this speciality and no tie, by id."""
        tied = {row.expert_id for row in await self.rows(ExpertRelation)}
        known = {row.id for row in await self.rows(Expert, Expert.standing == "admitted")} - tied
        rows = await self.rows(ExpertSpeciality, ExpertSpeciality.code == speciality)
        return sorted(row.expert_id for row in rows if row.expert_id in known)


@asynccontextmanager
async def begun(database_url: str, folder: Path, clock: FixedClock, sample: SamplePaths) -> AsyncIterator[Story]:
    """A story on an empty migrated database."""
    settings = Settings(
        database_url=database_url, var_dir=folder / "var", notifier="file", beacons=["own"], beacon_lead_s=30
    )
    hub = open_hub(settings, clock, SeededChance("story"))
    try:
        async with _set_up(hub, folder, sample) as story:
            yield story
    finally:
        await hub.database.close()


@asynccontextmanager
async def _set_up(hub: Hub, folder: Path, sample: SamplePaths) -> AsyncIterator[Story]:
    clock = hub.clock
    assert isinstance(clock, FixedClock)
    async with hub.database.write() as session:
        await import_catalogue(session, clock)
        await import_library(session, sample.experts, ImportContext(clock, hub.chance, hub.vault))
        await register_venues(session, clock, read_venue_file(sample.venues))
        accounts = {
            name: (await create_account(session, clock, hub.chance, _account(name, role))).id
            for name, role in OFFICERS.items()
        }
    lifetime = timedelta(days=2)
    tokens = {
        name: issue_token(hub.token_key, account, clock.now(), lifetime, hub.chance)
        for name, account in accounts.items()
    }
    transport = httpx.ASGITransport(app=create_app(hub))  # type: ignore[arg-type]
    base = "http://hub/api/v1"
    keys = create_keys("supervisor", 200, SeededChance("supervisor"))
    async with (
        httpx.AsyncClient(transport=transport, base_url=base) as client,
        httpx.AsyncClient(transport=transport, base_url=base) as own,
    ):
        own.headers["authorization"] = f"Bearer {tokens['supervisor']}"
        agent = PartyAgent(own, keys, Memory(folder / "seen.json"), clock)
        await agent.register()
        yield Story(hub, client, keys, agent, clock, tokens)


def _account(name: str, role: Role) -> NewAccount:
    venue = "guangzhou" if role is Role.HOST_OPERATOR else None
    return NewAccount(name, name, frozenset({role}), None, None, venue, None)

"""A hub with a small library, accounts of every role, and a real server on a real socket."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from expert_hub.app import Hub, create_app, open_hub
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys
from expert_hub.draws.rounds import beacon_awaited
from expert_hub.draws.store import rounds_of
from expert_hub.experts.importing import ImportContext, import_catalogue, import_library
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings
from expert_hub.foundation.websockets_server import WebSocketProtocol
from expert_hub.identity.rules import Role
from expert_hub.identity.service import NewAccount, create_account
from expert_hub.identity.tokens import issue_token
from expert_hub.party_agent.agent import PartyAgent
from expert_hub.party_agent.memory import Memory
from expert_hub.sample.tender import tender_document
from expert_hub.sample.writer import SamplePaths, write_sample
from expert_hub.venues.service import read_venue_file, register_venues

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ENTITY = tender_document(STARTS_AT)["project"]["procuring_entity"]["uscc"]
ACCOUNTS: dict[str, tuple[Role, str | None, str | None]] = {
    "admin": (Role.ADMINISTRATOR, None, None),
    "centre": (Role.CENTRE_OPERATOR, None, None),
    "supervisor": (Role.SUPERVISOR, None, None),
    "auditor": (Role.AUDITOR, None, None),
    "host": (Role.HOST_OPERATOR, "guangzhou", None),
    "guest": (Role.GUEST_OPERATOR, "zhanjiang", None),
    "elsewhere": (Role.GUEST_OPERATOR, "shantou", None),
    "entity": (Role.PROCURING_ENTITY, None, ENTITY),
    "representative": (Role.ENTITY_REPRESENTATIVE, None, ENTITY),
    "stranger": (Role.ENTITY_REPRESENTATIVE, None, "91110000600037341L"),
}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SamplePaths:
    return write_sample(tmp_path_factory.mktemp("sample"), 300, 5, STARTS_AT)


@pytest.fixture
async def hub(database_url: str, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Hub]:
    """A hub on an empty migrated database with a beacon of its own; the clock stands at 09:00 in Shanghai, half an hour
    before the start."""
    settings = Settings(
        database_url=database_url,
        var_dir=tmp_path / "var",
        notifier="file",
        beacons=["own"],
        own_beacon_period_s=1,
        beacon_lead_s=5,
    )
    hub = open_hub(settings, clock, SeededChance("hub"))
    yield hub
    await hub.database.close()


@dataclass
class Api:
    """HTTP as any of the accounts; keeps what a story needs to go on."""

    client: httpx.AsyncClient
    hub: Hub
    tokens: dict[str, str] = field(default_factory=dict)
    parties: dict[str, PartyAgent] = field(default_factory=dict)
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def address(self) -> str:
        """host:port of the server."""
        return self.client.base_url.netloc.decode()

    async def ask(self, method: str, path: str, account: str | None = None, **options: Any) -> httpx.Response:
        headers = {"accept-language": "en", **options.pop("headers", {})}
        if account:
            headers["authorization"] = f"Bearer {self.tokens[account]}"
        return await self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    async def post(self, path: str, account: str | None, body: Any) -> Any:
        answer = await self.ask("POST", path, account, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def get(self, path: str, account: str | None = None) -> Any:
        answer = await self.ask("GET", path, account)
        assert answer.is_success, answer.text
        return answer.json()

    async def refused(self, method: str, path: str, account: str | None, body: Any = None) -> tuple[int, str]:
        """Status and code of a refusal."""
        answer = await self.ask(method, path, account, json=body)
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        problem = answer.json()
        assert problem["status"] == answer.status_code
        return answer.status_code, problem["code"]

    async def register(self, **changes: Any) -> str:
        """Register the sample tender and give the id of its lot."""
        form: Any = json.loads(json.dumps(tender_document(STARTS_AT), default=lambda value: value.isoformat()))
        for path, value in changes.items():
            place, *_, last = form, *path.split("__")
            for part in path.split("__")[:-1]:
                place = place[part]
            place[last] = value
        return str((await self.post("/projects", "centre", form))["lots"][0]["id"])

    def agent(self, party: str, keys: PartyKeys | None = None) -> PartyAgent:
        """The program of a party, not registered yet; its memory and clock are its own."""
        keys = keys or create_keys(party, 64, SeededChance(f"keys of {party}"))
        headers = {"authorization": f"Bearer {self.tokens[party]}"}
        self.clients.append(httpx.AsyncClient(base_url=f"{self.client.base_url}/api/v1", headers=headers, timeout=30))
        memory = Memory(self.hub.settings.var_dir / f"{keys.party}.{len(self.clients)}.seen.json")
        return PartyAgent(self.clients[-1], keys, memory, self.hub.clock)

    async def party(self, name: str = "supervisor") -> PartyAgent:
        """The program of a registered party."""
        if name not in self.parties:
            self.parties[name] = self.agent(name)
            await self.parties[name].register()
        return self.parties[name]

    async def request(self, lot_id: str, **order: Any) -> str:
        """Ask for the panel of a lot and give the id of the draw; nothing else is done."""
        for name in ("supervisor", *order.get("contributors", ())):
            await self.party(name)
        body = {"lot_id": lot_id, "place": "A", "phone": "020", **order}
        return str((await self.post("/draws", "centre", body))["id"])

    async def draw(self, lot_id: str, **order: Any) -> str:
        """Draw the panel of a lot and give the id of the draw."""
        draw_id = await self.request(lot_id, **order)
        assert await self.drive(draw_id) == "inviting"
        return draw_id

    async def drive(self, draw_id: str) -> str:
        """Let the parties do what waits for them and the beacon go on, until nothing waits. Returns the state."""
        for _ in range(40):
            done = [step for agent in self.parties.values() for step in await agent.step()]
            if not done and not await self.await_beacon(draw_id):
                break
        return str((await self.get(f"/draws/{draw_id}", "supervisor"))["state"])

    async def await_beacon(self, draw_id: str) -> bool:
        """Move the clock to the round that a drawing waits for, and draw. False if none waits."""
        async with self.hub.database.read() as session:
            waiting = [row for row in await rounds_of(session, draw_id) if row.state == "contributed"]
        if not waiting or (await self.get(f"/draws/{draw_id}", "supervisor"))["state"] != "drawing":
            return False
        awaited = beacon_awaited(waiting[0])
        if awaited is not None:
            due = self.hub.desk.due_at(*awaited[1:])
            self.hub.clock.at = max(self.hub.clock.at, due + timedelta(milliseconds=1))
        await self.hub.watch.look()
        return True

    async def codes(self, count: int) -> list[str]:
        """The one-time codes of all messages sent so far, waiting until there are `count`."""
        folder = self.hub.settings.outbox_dir
        for _ in range(200):
            texts = [json.loads(path.read_text("utf-8"))["text"] for path in sorted(folder.glob("*.json"))]
            if len(texts) >= count:
                return [found[1] for text in texts if (found := re.search(r"答复码：(\w+)", text))]
            await asyncio.sleep(0.02)
        raise AssertionError(f"{len(texts)} of {count} messages arrived")

    async def accept_all(self, draw_id: str) -> list[str]:
        """Accept as everyone who is invited; gives the names under which their tokens are kept."""
        names = []
        for number, code in enumerate(await self.codes(6)):
            answer = await self.post("/invitations/answer", None, {"code": code, "accept": True})
            self.tokens[f"expert-{number}"] = answer["access_token"]
            names.append(f"expert-{number}")
        return names

    async def room(self) -> str:
        """Everything up to an open room; gives its id."""
        lot_id = await self.register()
        await self.accept_all(await self.draw(lot_id))
        order = {
            "lot_id": lot_id,
            "host_venue": "guangzhou",
            "guest_venues": ["zhanjiang"],
            "representatives": ["representative"],
        }
        return str((await self.post("/rooms", "centre", order))["id"])


class _QuietServer(uvicorn.Server):
    """A server that leaves the signals of the test process alone."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@pytest.fixture
async def api(hub: Hub, sample: SamplePaths) -> AsyncIterator[Api]:
    """A served hub with 300 experts, venues and one account of every role."""
    async with hub.database.write() as session:
        await import_catalogue(session, hub.clock)
        await register_venues(session, hub.clock, read_venue_file(sample.venues))
        await import_library(session, sample.experts, ImportContext(hub.clock, hub.chance, hub.vault))
        ids = [(name, (await create_account(session, hub.clock, hub.chance, _account(name))).id) for name in ACCOUNTS]
    config = uvicorn.Config(
        create_app(hub),
        host="127.0.0.1",
        port=0,
        ws=WebSocketProtocol,
        ws_ping_interval=None,
        ws_max_size=65_536,
        log_level="critical",
        lifespan="on",
    )
    server = _QuietServer(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        api = Api(client, hub)
        for name, account_id in ids:
            lifetime = datetime(2026, 3, 3, tzinfo=UTC) - hub.clock.now()
            api.tokens[name] = issue_token(hub.token_key, account_id, hub.clock.now(), lifetime, hub.chance)
        yield api
        for party in api.clients:
            await party.aclose()
    server.should_exit = True
    await serving


def _account(name: str) -> NewAccount:
    role, venue, organisation = ACCOUNTS[name]
    return NewAccount(name, name, frozenset({role}), None, None, venue, organisation)

"""A room of the sample tender played from check-in to the last signature; without sockets, but stored all the same."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest

from benchmarks.room_seeding import Seeded, seed_rooms
from evaluation import commands as cmd
from evaluation.commands import Command
from evaluation.protocol import RecordedEvent
from expert_hub.app import Hub, open_hub
from expert_hub.demo.committee import Committee, marks_of
from expert_hub.foundation.db import Database
from expert_hub.foundation.settings import Settings
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.tokens import Proof, account_in, proof_in
from expert_hub.rooms import store
from expert_hub.rooms.conversation import Carrier, Conversation, Desk, Standing
from expert_hub.rooms.hints import NoHints
from expert_hub.rooms.hub import RoomHub
from expert_hub.rooms.pace import Pace
from expert_hub.sample.scores import scores_document

Step = Callable[[str], Awaitable[None]]


class Table:
    """Everybody of one room: actors by seat, operators by venue, and the scores of the sample."""

    def __init__(self, api: Any, room_id: str) -> None:
        self.api, self.room_id = api, room_id
        self.members: dict[str, Actor] = {}
        self.operators: list[Actor] = []
        self.scores = scores_document()
        self._ids = count()

    async def sit(self) -> None:
        for account in (*(f"expert-{number}" for number in range(6)), "representative"):
            actor = await self._actor(account)
            self.members[(await self._view(actor))["me"]["seat_id"]] = actor
        self.operators = [await self._actor("host"), await self._actor("guest")]

    async def _actor(self, account: str) -> Actor:
        account = account_in(self.api.hub.token_key, self.api.tokens[account], self.api.hub.clock.now())
        async with self.api.hub.database.read() as session:
            actor = await actor_of(session, account)
        assert actor is not None
        return actor

    async def _view(self, actor: Actor) -> dict[str, Any]:
        return dict((await self.api.hub.rooms.view_for(self.room_id, actor))[1])

    async def give(self, actor: Actor, command: Command) -> None:
        body = msgspec.json.encode(command)
        await self.api.hub.rooms.command(self.room_id, actor, f"played-{next(self._ids)}", body)

    async def each(self, *commands: Command) -> None:
        for command in commands:
            for actor in self.members.values():
                await self.give(actor, command)

    async def play(self, during: Step | None = None) -> None:
        """From check-in to the last signature; `during` runs when everybody has checked in."""
        await self.give(self.operators[0], cmd.OpenCheckIn())
        for operator in self.operators:
            for seat in (await self._view(operator))["site"]["seats"]:
                await self.give(operator, cmd.ConfirmIdentity(seat["seat_id"]))
        await self.each(cmd.CheckIn(phone_locked=True), cmd.SignPromise(conflict_declared=False))
        if during:
            await during(self.room_id)
        await self.each(cmd.VoteLeader("s1"), cmd.ConfirmBriefing())
        leader = self.members["s1"]
        await self.give(leader, cmd.StartPreliminary())
        for seat_id, actor in self.members.items():
            await self._review(int(seat_id[1:]), actor)
        await self.give(leader, cmd.ClosePreliminary())
        committee = Committee({}, None, None, None, self.scores)  # type: ignore[arg-type]
        for seat_id, actor in self.members.items():
            for bid, item, value in marks_of(committee, seat_id):
                await self.give(actor, cmd.EnterScore(bid, item, value))
        await self.each(cmd.SubmitSheet())
        for actor in self.members.values():
            for alert in (await self._view(actor))["alerts"]:
                await self.give(actor, cmd.AnswerAlert(alert["alert_id"], keep=True, reason="维持原评分"))
        await self.each(cmd.ConfirmConsistency())
        await self.give(leader, cmd.ProposeCandidates())
        await self.each(cmd.SignReport(agree=True))

    async def _review(self, number: int, actor: Actor) -> None:
        view = await self._view(actor)
        against = {(row["bid"], row["check"]): row for row in self.scores["rejections"] if number in row["seats"]}
        for bid in view["bids"]:
            for check in view["checks"]["checks"]:
                place = bid["bid_id"], check["check_id"]
                row = against.get(place)
                said = {"ground": row["ground"], "page": row["page"], "note": row["note"]} if row else {}
                await self.give(actor, cmd.VoteCheck(*place, passed=row is None, **said))


@pytest.fixture
def closed_room(api: Any) -> Callable[..., Awaitable[str]]:
    """Opens a room, plays it to the end and gives its id; the steps run before check-in and after it."""

    async def make(before: Step | None = None, during: Step | None = None) -> str:
        table = Table(api, await api.room())
        if before:
            await before(table.room_id)
        api.hub.clock.move(hours=1)
        await table.sit()
        await table.play(during)
        return str(table.room_id)

    return make


class Listener:
    """A conversation whose frames are kept; `gate` closed, the other side does not read."""

    def __init__(self, desk: Desk, standing: Standing) -> None:
        self.frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.octets: list[bytes] = []
        self.ended: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()
        self.reads = asyncio.Event()
        self.reads.set()
        self.talk = Conversation(desk, standing, "en", Carrier(self._out, self._end, Pace()))

    async def _out(self, frame: bytes) -> None:
        await self.reads.wait()
        self.octets.append(frame)
        self.frames.put_nowait(json.loads(frame))

    def _end(self, why: Exception) -> None:
        if not self.ended.done():
            self.ended.set_result(why)

    async def next(self, kind: str = "") -> dict[str, Any]:
        async with asyncio.timeout(60):
            while True:
                frame = await self.frames.get()
                if kind in ("", frame["kind"]):
                    return frame


@dataclass
class Rooms:
    """Rooms in the middle of scoring, and the hubs of as many processes as the database allows."""

    hub: Hub
    seeded: Seeded
    hubs: list[RoomHub]

    def proof(self, token: str) -> Proof:
        return proof_in(self.hub.token_key, token, self.hub.clock.now())

    async def listener(self, token: str, room_id: str, process: int = 0) -> Listener:
        return Listener(self.hubs[process], await self.hubs[process].enter(room_id, self.proof(token)))

    async def actors(self, room: int = 0) -> list[Actor]:
        seats = [seat for seat in self.seeded.seats if seat.room_id == self.seeded.rooms[room]]
        async with self.hub.database.read() as session:
            found = [await actor_of(session, self.proof(seat.token).account_id) for seat in seats]
        return [actor for actor in found if actor is not None]

    def score(self, item: int = 0, value: str = "1") -> bytes:
        bid, criterion, _ = self.seeded.items[item]
        return json.dumps({"type": "enter_score", "bid_id": bid, "criterion_id": criterion, "value": value}).encode()

    async def records(self, room: int = 0) -> list[RecordedEvent]:
        async with self.hub.database.read() as session:
            texts = await store.records_after(session, self.seeded.rooms[room], 0)
        return [msgspec.json.decode(text, type=RecordedEvent) for text in texts]


@pytest.fixture
async def rooms(database_url: str, tmp_path: Path) -> AsyncIterator[Rooms]:
    """Three rooms in scoring; two processes on PostgreSQL, one on SQLite, which allows no second."""
    settings = Settings(database_url=database_url, var_dir=tmp_path / "var", notifier="file", beacons=["own"])
    hub = open_hub(settings)
    seeded = await seed_rooms(hub.database, settings.effective_keys_dir, 3, observers=4)
    second = hub.database if hub.database.is_sqlite else Database(settings.effective_database_url)
    hubs = [hub.rooms, RoomHub(second, hub.means, NoHints())]
    yield Rooms(hub, seeded, hubs)
    for each in hubs:
        await each.settled()
    await second.close()
    await hub.database.close()


@pytest.fixture
def listen() -> type[Listener]:
    """To listen to a room by hand."""
    return Listener

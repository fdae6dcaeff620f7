"""The leader closes the review, twice at once, while everybody still votes: every close returns one same set.

A vote that was acknowledged is stored once, unchanged and before the close; one that was refused is not there at all.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from benchmarks.room_client import RoomSocket, command, command_in, resume, version_in
from benchmarks.room_seeding import SEATS, SeededSeat
from benchmarks.room_stage import socket_path
from evaluation.commands import ClosePreliminary
from evaluation.events import CheckVoted, PreliminaryClosed
from evaluation.protocol import RecordedEvent
from expert_hub.foundation.db import Database

VOTES = 3
AT_ONCE = 4


class Voter:
    """One socket; answers by command id, and the last whole view."""

    def __init__(self, seat: SeededSeat) -> None:
        self.seat = seat
        self.socket = RoomSocket(self._take)
        self.answers: dict[str, bytes] = {}
        self.view: dict[str, Any] = {}
        self.news = asyncio.Event()

    def _take(self, _socket: RoomSocket, payload: bytes) -> None:
        if payload.startswith((b'{"kind":"ack"', b'{"kind":"refusal"')):
            self.answers[command_in(payload)] = payload
        elif payload.startswith(b'{"kind":"view"'):
            self.view = json.loads(payload)["view"]
        self.news.set()

    async def until(self, is_true: Callable[[], bool]) -> None:
        async with asyncio.timeout(120):
            while not is_true():
                self.news.clear()
                await self.news.wait()

    async def look(self) -> dict[str, Any]:
        """The whole view as it is now."""
        self.view = {}
        self.socket.send(resume(None))
        await self.until(lambda: bool(self.view))
        return self.view


Order = tuple[Voter, str, str]
"""Who, command id, command."""


def orders_of(voters: list[Voter], rng: Random) -> list[Order]:
    """Everybody's votes and the leader's two closes, in a random order."""
    view = voters[0].view
    bid, check = view["bids"][0]["bid_id"], view["checks"]["checks"][0]["check_id"]
    orders = [(voters[at], f"close-{at}", '{"type":"close_preliminary"}') for at in (0, SEATS)]
    for at, voter in enumerate(voters[1:SEATS], start=1):
        for vote in range(VOTES):
            body = {"type": "vote_check", "bid_id": bid, "check_id": check, "passed": True, "note": f"{at} {vote}"}
            orders.append((voter, f"vote-{at}-{vote}", json.dumps(body)))
    rng.shuffle(orders)
    return orders


async def answers_to(orders: list[Order], rng: Random) -> dict[str, bytes]:
    """Send everything at about the same time and wait for every answer."""
    for voter, command_id, body in orders:
        voter.answers.pop(command_id, None)
        voter.socket.send(command(command_id, body))
        if rng.random() < 0.3:
            await asyncio.sleep(rng.uniform(0, 0.004))
    for voter in {id(one): one for one, _, _ in orders}.values():
        mine = {command_id for one, command_id, _ in orders if one is voter}
        await voter.until(lambda voter=voter, mine=mine: mine <= voter.answers.keys())  # type: ignore[misc]
    return {command_id: voter.answers[command_id] for voter, command_id, _ in orders}


async def race(ground: Any, number: int, refused: Counter[str]) -> None:
    rng, room_id = Random(f"race {number}"), ground.seeded.rooms[number]
    seats = ground.seeded.seats[number * SEATS : (number + 1) * SEATS]
    voters = [Voter(seat) for seat in (*seats, seats[0])]
    for voter in voters:
        await voter.socket.open(ground.hubs[0].address, socket_path(room_id), voter.seat.token)
    await asyncio.gather(*(voter.look() for voter in voters))
    orders = orders_of(voters, rng)
    first, again = await answers_to(orders, rng), await answers_to(orders, rng)
    acked = {one: version_in(answer) for one, answer in first.items() if answer.startswith(b'{"kind":"ack"')}
    # Sent again, each gets the answer it had.
    assert {one: again[one] for one in acked} == {one: first[one] for one in acked}
    refused.update(json.loads(answer)["problem"]["code"] for one, answer in first.items() if one not in acked)
    views = [(await voter.look())["preliminary"] for voter in voters]
    assert views[0] is not None
    assert all(view == views[0] for view in views)
    for voter in voters:
        voter.socket.abort()
    await judge(ground.url, room_id, acked)


async def judge(url: str, room_id: str, acked: dict[str, int]) -> None:
    database = Database(url)
    async with database.read() as session:
        order = text("SELECT text FROM room_record WHERE room_id = :room ORDER BY seq")
        rows = list((await session.execute(order, {"room": room_id})).scalars())
    await database.close()
    records = [msgspec.json.decode(row, type=RecordedEvent) for row in rows]
    closes = [record for record in records if isinstance(record.event, PreliminaryClosed)]
    assert len(closes) == 1
    stored = {}
    for record in records:
        if isinstance(record.event, CheckVoted) and record.command_id.startswith("vote-"):
            assert record.command_id not in stored
            stored[record.command_id] = record
            _, at, vote = record.command_id.split("-")
            assert (record.event.seat_id, record.event.note) == (f"s{int(at) + 1}", f"{at} {vote}")
            assert record.seq < closes[0].seq
    assert stored.keys() | {closes[0].command_id} == acked.keys()


async def campaign(ground: Any, rounds: int, figure: Callable[[str], None]) -> None:
    hub, refused = ground.hub(), Counter[str]()
    await hub.start()
    for start in range(0, rounds, AT_ONCE):
        await asyncio.gather(*(race(ground, number, refused) for number in range(start, min(rounds, start + AT_ONCE))))
    assert refused.keys() <= {"room/already-done", "room/wrong-stage"}
    assert sum(refused.values()) >= rounds
    assert hub.is_alive()
    votes = rounds * VOTES * (SEATS - 1)
    figure(f"{rounds} closes against {votes} votes: one set each, acknowledged = stored once; refused {dict(refused)}")


async def test_ten_races(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 10, before=ClosePreliminary), 10, figure)


@pytest.mark.slow
async def test_a_thousand_races(ground_on: Any, database_url: str, figure: Callable[[str], None]) -> None:
    await campaign(await ground_on(database_url, 1_000, before=ClosePreliminary), 1_000, figure)

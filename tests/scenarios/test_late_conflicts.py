"""Conflicts that come to light in the room: declared by the member, or found among opened bidders (CF-05, CF-06)."""

from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from evaluation import commands as cmd
from expert_hub.draws.errors import SeatsToReplace
from expert_hub.draws.tables import DrawPosition
from expert_hub.foundation.clock import FixedClock
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.store import account_by_username
from expert_hub.rooms.tables import EvaluationRoom, SeatTenure
from expert_hub.sample.writer import write_sample
from tests.expert_hub.draws.stories import Story, begun

QUOTAS = [
    {"id": f"q{number}", "speciality": code, "count": count, "regions": ["44"]}
    for number, (code, count) in enumerate((("B0132", 3), ("B0113", 2), ("B0139", 2)), start=1)
]


@pytest.fixture
async def story(database_url: str, tmp_path: Path, clock: FixedClock) -> AsyncIterator[Story]:
    sample = write_sample(tmp_path / "sample", 300, 5, clock.now())
    async with begun(database_url, tmp_path, clock, sample) as story:
        yield story


class Room:
    """A room whose members are commanded one by one."""

    def __init__(self, story: Story, room_id: str, draw_id: str) -> None:
        self.story, self.room_id, self.draw_id = story, room_id, draw_id
        self.sent = 0

    @classmethod
    async def opened(cls, story: Story) -> "Room":
        draw_id = await story.panel(committee__quotas=QUOTAS, committee__representatives=0)
        lot_id = (await story.get(f"/draws/{draw_id}", "centre"))["lot_id"]
        order = {"lot_id": lot_id, "host_venue": "guangzhou", "guest_venues": [], "representatives": []}
        room = cls(story, (await story.post("/rooms", "centre", order))["id"], draw_id)
        story.clock.move(hours=3)
        await room.send(await room.host(), cmd.OpenCheckIn())
        return room

    async def host(self) -> Actor:
        async with self.story.hub.database.read() as session:
            account = await account_by_username(session, "host")
            assert account is not None
            return await self.actor(account.id)

    async def actor(self, account_id: str) -> Actor:
        async with self.story.hub.database.read() as session:
            actor = await actor_of(session, account_id)
        assert actor is not None
        return actor

    async def seats(self) -> dict[str, str]:
        """Accounts that sit, by seat."""
        rows = await self.story.rows(SeatTenure, SeatTenure.is_current)
        return {row.seat_id: row.account_id for row in rows}

    async def send(self, actor: Actor, command: msgspec.Struct) -> None:
        self.sent += 1
        await self.story.hub.rooms.command(self.room_id, actor, f"c{self.sent}", msgspec.json.encode(command))

    async def enter(self, seat_id: str, account_id: str, *, conflict: bool = False) -> None:
        """Identity, check-in and promise of one member."""
        await self.send(await self.host(), cmd.ConfirmIdentity(seat_id=seat_id))
        actor = await self.actor(account_id)
        await self.send(actor, cmd.CheckIn(phone_locked=True))
        await self.send(actor, cmd.SignPromise(conflict_declared=conflict, reason="曾任职于投标人" if conflict else ""))

    async def stage(self) -> str:
        return str((await self.story.rows(EvaluationRoom))[0].stage)


async def _replaced(room: Room, seat_id: str) -> str:
    """The supervisor signs and draws, the newcomer accepts and takes the seat. Returns the account."""
    story = room.story
    await story.drawn(room.draw_id)
    await story.answer_all(room.draw_id)
    for _ in range(2):
        await story.agent.step()
    await room.send(await room.host(), cmd.ReplaceSeat(seat_id=seat_id, tenure_id="t-new", reason="回避"))
    return (await room.seats())[seat_id]


async def test_cf_06_a_declared_conflict_empties_the_seat_by_itself(story: Story) -> None:
    room = await Room.opened(story)
    seats = await room.seats()
    first, *others = sorted(seats)
    await room.enter(first, seats[first], conflict=True)
    lost = (await story.rows(DrawPosition, DrawPosition.account_id == seats[first]))[0]
    assert lost.outcome == "conflict"
    assert [entry["seat"] for entry in await story.entries("draws/conflict")] == [lost.seat]
    assert [task["step"] for task in await story.get("/draw-tasks", "supervisor")] == ["attest"]
    for seat_id in others:
        await room.enter(seat_id, seats[seat_id])
    assert await room.stage() == "check_in"
    newcomer = await _replaced(room, first)
    assert newcomer != seats[first]
    await room.enter(first, newcomer)
    assert await room.stage() == "leader_election"


async def test_cf_03_the_evaluation_waits_for_who_was_found_among_the_opened_bidders(story: Story) -> None:
    room = await Room.opened(story)
    seats = await room.seats()
    victim, row = sorted((await story.members(room.draw_id)).items())[0]
    await story.add_relation(victim, "director", "样例开标公司")
    await story.post(f"/draws/{room.draw_id}/opened-bidders", "centre", {"bidders": [{"name": "样例开标公司"}]})
    *others, last = sorted(seats)
    for seat_id in others:
        await room.enter(seat_id, seats[seat_id])
    with pytest.raises(SeatsToReplace) as waiting:
        await room.enter(last, seats[last])
    assert waiting.value.facts == {"lost": 0, "waiting": 7}
    await story.agent.step()
    actor = await room.actor(seats[last])
    with pytest.raises(SeatsToReplace) as lost:
        await room.send(actor, cmd.SignPromise(conflict_declared=False))
    assert lost.value.facts == {"lost": 1, "waiting": 0}
    seat_id = next(seat for seat, account in seats.items() if account == row.account_id)
    newcomer = await _replaced(room, seat_id)
    if seat_id != last:
        await room.send(actor, cmd.SignPromise(conflict_declared=False))
    await room.enter(seat_id, newcomer)
    assert await room.stage() == "leader_election"

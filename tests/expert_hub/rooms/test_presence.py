"""Presence: silence becomes an outage in the record, its end too, and a limit that passes seals the room (ER-20)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest

from evaluation.events_states import OutageExpired, SeatCameBack, SeatWentOffline
from evaluation.stages import Stage
from evaluation.visibility import Viewer
from expert_hub.foundation.clock import FixedClock
from expert_hub.rooms.errors import CommandIdReused
from expert_hub.rooms.hub import OWN
from expert_hub.rooms.presence import PresenceWatch

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


class Seated:
    """All members of the first room at their seats, each heard by one of the processes, and a watch in each of them."""

    def __init__(self, rooms: Any, clock: FixedClock) -> None:
        self.rooms, self.clock, self.room_id = rooms, clock, rooms.seeded.rooms[0]
        self.talks: list[Any] = []
        self.stack = ExitStack()
        self.watches = [
            PresenceWatch(each._database, clock, rooms.hub.packs, each) for each in dict.fromkeys(rooms.hubs)
        ]

    async def sit(self) -> None:
        seats = [seat for seat in self.rooms.seeded.seats if seat.room_id == self.room_id]
        for number, seat in enumerate(seats):
            process = number % len(self.rooms.hubs)
            listener = await self.rooms.listener(seat.token, self.room_id, process)
            self.stack.enter_context(self.rooms.hubs[process].talking(listener.talk))
            self.talks.append(listener.talk)
        await self.hear()

    async def hear(self, *silent: int) -> None:
        """Everybody is heard now, but for some; then every process notes it."""
        for number, talk in enumerate(self.talks):
            if number in silent:
                self._leave(talk)
            else:
                talk.heard_at = asyncio.get_running_loop().time()
        for watch in self.watches:
            await watch.note()

    def _leave(self, talk: Any) -> None:
        for hub in self.rooms.hubs:
            if talk in hub.live.conversations():
                hub.live.detach(talk)

    async def look(self) -> None:
        for watch in self.watches:
            await watch.look()

    async def pass_time(self, *silent: int, **span: float) -> None:
        self.clock.move(**span)
        await self.hear(*silent)
        await self.look()

    async def happened(self) -> list[Any]:
        kinds = (SeatWentOffline, SeatCameBack, OutageExpired)
        return [record.event for record in await self.rooms.records() if isinstance(record.event, kinds)]

    async def stage(self) -> str:
        _, view = await self.rooms.hubs[0].view(self.room_id, Viewer("supervisor"))
        return str(view["stage"]["stage"])


@pytest.fixture
async def seated(rooms: Any) -> AsyncIterator[Seated]:
    clock = FixedClock(NOW)
    for hub in rooms.hubs:
        hub._clock = hub._committer._clock = clock
    found = Seated(rooms, clock)
    with found.stack:
        await found.sit()
        yield found
        found.talks.clear()


async def test_er_21_a_seat_is_offline_after_forty_five_seconds_and_not_before(seated: Seated) -> None:
    await seated.pass_time(2, seconds=44)
    assert await seated.happened() == []
    await seated.pass_time(2, seconds=1)
    (gone,) = await seated.happened()
    assert isinstance(gone, SeatWentOffline)
    assert (gone.seat_id, gone.phase) == ("s3", "during")
    assert (gone.due_at - gone.since).total_seconds() == 240 * 60
    # Nobody says it twice, however often and in however many processes it is found.
    await seated.pass_time(2, seconds=60)
    assert len(await seated.happened()) == 1


async def test_er_21_the_clock_stops_when_the_seat_is_heard_again_in_any_process(seated: Seated, rooms: Any) -> None:
    await seated.pass_time(2, seconds=50)
    seat = [each for each in rooms.seeded.seats if each.room_id == seated.room_id][2]
    back = await rooms.listener(seat.token, seated.room_id, process=len(rooms.hubs) - 1)
    with rooms.hubs[-1].talking(back.talk):
        seated.talks[2] = back.talk
        await seated.pass_time(seconds=10)
        gone, returned = await seated.happened()
        assert isinstance(returned, SeatCameBack)
        assert returned.incident_id == gone.incident_id
        # The next silence is another outage.
        await seated.pass_time(2, seconds=50)
    assert [type(each).__name__ for each in await seated.happened()] == [
        "SeatWentOffline",
        "SeatCameBack",
        "SeatWentOffline",
    ]


async def test_er_20_four_hours_seal_the_room_once_and_a_return_just_before_does_not(seated: Seated) -> None:
    await seated.pass_time(1, seconds=50)
    await seated.pass_time(1, minutes=239)
    assert await seated.stage() == Stage.DETAILED
    await seated.pass_time(1, minutes=2)
    assert [type(each) for each in await seated.happened()] == [SeatWentOffline, OutageExpired]
    assert await seated.stage() == Stage.SUSPENDED
    await seated.pass_time(1, minutes=300)
    assert len(await seated.happened()) == 2


async def test_a_process_that_has_just_begun_calls_nobody_offline(seated: Seated) -> None:
    # All were heard long ago: the hub was away, not the seats.
    seated.clock.move(hours=1)
    for watch in seated.watches:
        await watch.look(may_miss=False)
    assert await seated.happened() == []


async def test_a_limit_that_passed_while_the_hub_was_away_ends_for_those_who_stay_away(seated: Seated) -> None:
    await seated.pass_time(1, seconds=50)
    seated.clock.move(hours=5)
    fresh = PresenceWatch(seated.rooms.hub.database, seated.clock, seated.rooms.hub.packs, seated.rooms.hubs[0])
    await fresh.look(may_miss=False)
    assert [type(each) for each in await seated.happened()] == [SeatWentOffline, OutageExpired]


async def test_presence_changes_no_tally_and_no_score(seated: Seated, rooms: Any) -> None:
    before = (await rooms.hubs[0].view(seated.room_id, Viewer("member", seat_id="s1")))[1]["my_sheet"]
    await seated.pass_time(0, seconds=50)
    _, view = await rooms.hubs[0].view(seated.room_id, Viewer("member", seat_id="s1"))
    assert view["my_sheet"] == before
    assert view["stage"]["stage"] == Stage.DETAILED
    # Other members are not told; the supervisor is.
    assert "presence" not in (await rooms.hubs[0].view(seated.room_id, Viewer("member", seat_id="s2")))[1]
    assert (await rooms.hubs[0].view(seated.room_id, Viewer("supervisor")))[1]["presence"]["offline"] == ["s1"]


async def test_nobody_can_take_the_id_of_a_command_of_the_hub_in_advance(rooms: Any) -> None:
    actor = (await rooms.actors())[0]
    with pytest.raises(CommandIdReused):
        await rooms.hubs[0].command(rooms.seeded.rooms[0], actor, f"{OWN}seal-O1", rooms.score())


async def test_a_seat_that_never_came_is_not_away(seated: Seated, rooms: Any) -> None:
    # The other rooms have members who never connected.
    await seated.pass_time(seconds=600)
    for number in (1, 2):
        assert not [each for each in await rooms.records(number) if isinstance(each.event, SeatWentOffline)]


async def test_the_watch_runs_beside_the_rooms_and_outlives_a_database_that_is_away(
    seated: Seated, monkeypatch: pytest.MonkeyPatch
) -> None:
    from expert_hub.rooms import presence

    monkeypatch.setattr(presence, "LOOK_S", 0.05)
    watch, real, failures = seated.watches[0], seated.watches[0].note, []

    async def once() -> None:
        if not failures:
            failures.append(True)
            raise OSError("away")
        await real()

    monkeypatch.setattr(watch, "note", once)
    monkeypatch.setattr(watch, "_least_s", 0)
    seated.clock.move(seconds=50)
    seated.talks[1].heard_at = asyncio.get_running_loop().time()
    async with watch.running(), asyncio.timeout(30):
        while not await seated.happened():
            await asyncio.sleep(0.05)
    assert failures

"""One conversation: news add up while the other side does not read, and the answer is the newest."""

import asyncio
import json
from typing import Any

from benchmarks.room_seeding import SEATS


async def _score(rooms: Any, count: int) -> int:
    actors, version = await rooms.actors(), 0
    for n in range(count):
        version = await rooms.hubs[0].command(rooms.seeded.rooms[0], actors[n % SEATS], f"c{n}", rooms.score(n % 3))
    return int(version)


async def test_a_reader_that_stalls_keeps_one_frame_and_then_gets_the_newest(rooms: Any) -> None:
    hub, seat = rooms.hubs[0], rooms.seeded.seats[0]
    slow = await rooms.listener(seat.token, seat.room_id)
    quick = await rooms.listener(rooms.seeded.observers[0], seat.room_id)
    with hub.talking(slow.talk), hub.talking(quick.talk):
        for each in (slow, quick):
            await each.talk.take('{"kind":"resume"}')
            await each.next("view")
        slow.reads.clear()
        version = await _score(rooms, 12)
        while (await quick.next("changes"))["version"] < version:
            pass
        assert slow.talk.stuck_since is not None
        assert slow.frames.empty()
        slow.reads.set()
        seen = [await slow.next("changes")]
        while seen[-1]["version"] < version:
            seen.append(await slow.next("changes"))
        # What was on its way, and everything since in one.
        assert len(seen) == 2
        assert seen[1]["from"] == seen[0]["version"]
        assert slow.talk.stuck_since is None


async def test_each_frame_leads_from_the_one_before_to_the_view_of_the_table(rooms: Any) -> None:
    hub, seat = rooms.hubs[0], rooms.seeded.seats[0]
    listener = await rooms.listener(seat.token, seat.room_id)
    with hub.talking(listener.talk):
        await listener.talk.take('{"kind":"resume","after":null}')
        frame = await listener.next("view")
        sections, at = frame["view"], frame["version"]
        version = await _score(rooms, 30)
        while at < version:
            frame = await listener.next("changes")
            assert frame["from"] == at
            sections, at = sections | frame["set"], frame["version"]
    whole = (await hub.shown(seat.room_id, listener.talk.standing.viewer))[0].whole()
    assert sections == json.loads(whole)["view"]


async def test_hostile_frames_are_refused_and_hurt_nobody(rooms: Any) -> None:
    hub, seat = rooms.hubs[0], rooms.seeded.seats[0]
    listener = await rooms.listener(seat.token, seat.room_id)
    hostile = [b"\xff\xfe", b"", "{", "[" * 5000, '{"kind":"command"}', '{"kind":"resume","after":-1}', "\ud800"]
    with hub.talking(listener.talk):
        for raw in hostile:
            await listener.talk.take(raw)
            assert (await listener.next())["problem"]["code"] == "protocol/malformed"
        await listener.talk.take('{"kind":"resume","after":999999999999999999}')
        assert (await listener.next())["kind"] == "view"
        await listener.talk.take('{"kind":"ping"}')
        assert await listener.next() == {"kind": "pong"}


async def test_nothing_is_pushed_before_the_first_resume(rooms: Any) -> None:
    hub, seat = rooms.hubs[0], rooms.seeded.seats[0]
    silent = await rooms.listener(seat.token, seat.room_id)
    other = await rooms.listener(rooms.seeded.observers[0], seat.room_id)
    with hub.talking(silent.talk), hub.talking(other.talk):
        await other.talk.take('{"kind":"resume"}')
        await other.next("view")
        await _score(rooms, 1)
        await other.next("changes")
        assert silent.frames.empty()
        body = rooms.score().decode()
        await asyncio.gather(
            *(silent.talk.take(f'{{"kind":"command","command_id":"x","command":{body}}}') for _ in range(2))
        )
        first, second = await silent.next("ack"), await silent.next("ack")
        assert first == second

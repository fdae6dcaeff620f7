"""Snapshots equal a fold from the first record, at every stage; what does not fit is passed over."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import pytest

from benchmarks.evaluation_story import make_setup, play
from evaluation.protocol import RecordedEvent
from evaluation.room import Room
from evaluation.state import RoomState
from expert_hub.rooms import snapshots, store
from expert_hub.rooms.hints import NoHints
from expert_hub.rooms.hub import RoomHub


def test_at_every_version_a_snapshot_gives_the_same_room_back() -> None:
    _, records = play(make_setup(5, 3, 4))
    room = Room()
    for record in records:
        room.apply(record)
        row = snapshots.taken(room)
        state = msgspec.msgpack.decode(row.state, type=RoomState)
        assert state == room.state
        restored = Room.restore(state, row.version, row.digest)
        assert (restored.version, restored.digest, restored.stage) == (room.version, room.digest, room.stage)


async def test_a_process_goes_on_from_a_snapshot_and_stands_where_the_records_lead(
    api: Any, closed_room: Callable[[], Awaitable[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("expert_hub.rooms.snapshots.EVERY", 100)
    room_id = await closed_room()
    hub = api.hub.rooms
    await hub.settled()
    async with api.hub.database.read() as session:
        row = await store.snapshot_of(session, room_id)
        texts = await store.records_after(session, room_id, 0)
        restored = await snapshots.restored(session, room_id)
    assert row is not None
    assert restored.version == row.version > 0
    records = [msgspec.json.decode(text, type=RecordedEvent) for text in texts]
    whole = Room.replay(records)
    part = Room.replay(records[: row.version])
    assert (restored.state, restored.digest) == (part.state, part.digest)
    for record in records[row.version :]:
        restored.apply(record)
    assert (restored.state, restored.digest) == (whole.state, whole.digest)
    fresh = RoomHub(api.hub.database, api.hub.means, NoHints())
    async with fresh.live.alone_with(room_id) as live:
        await fresh._caught_up(live)
        assert live.folded.state == whole.state

    async with api.hub.database.write() as session:
        found = await store.snapshot_of(session, room_id)
        assert found is not None
        found.state = b"\xc1"
    async with api.hub.database.read() as session:
        assert (await snapshots.restored(session, room_id)).version == 0
    async with api.hub.database.write() as session:
        found = await store.snapshot_of(session, room_id)
        assert found is not None
        found.state, found.format = row.state, "0/other"
    async with api.hub.database.read() as session:
        assert (await snapshots.restored(session, room_id)).version == 0

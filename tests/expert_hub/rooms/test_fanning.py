"""Pushes: one computation and the same octets for all who see the same, however many they are."""

import asyncio
import json
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import event


async def test_a_push_computes_once_for_a_kind_of_viewer_and_asks_no_database(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from expert_hub.rooms import views

    real, computed, statements = views.view, [], []
    room_id, hub = rooms.seeded.rooms[0], rooms.hubs[0]
    listeners = [await rooms.listener(token, room_id) for token in rooms.seeded.observers for _ in range(25)]
    with ExitStack() as stack:
        for each in listeners:
            stack.enter_context(hub.talking(each.talk))
            await each.talk.take('{"kind":"resume"}')
            await each.next("view")
        actor = (await rooms.actors())[0]
        monkeypatch.setattr(views, "view", lambda *asked: computed.append(asked) or real(*asked))
        reader = rooms.hub.database._reader.sync_engine
        writer = rooms.hub.database._writer.sync_engine

        def note(_c: Any, _k: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        for engine in {reader, writer}:
            event.listen(engine, "before_cursor_execute", note)
        said = json.dumps({"type": "say", "text": "请各位看第三页"}).encode()
        version = await hub.command(room_id, actor, "c", said)
        frames = await asyncio.gather(*(each.next("changes") for each in listeners))
        for engine in {reader, writer}:
            event.remove(engine, "before_cursor_execute", note)
    assert {frame["version"] for frame in frames} == {version}
    assert len(computed) == 1
    assert len({each.octets[-1] for each in listeners}) == 1
    # What the command itself needed, and not one for any of a hundred connections.
    assert len(statements) < 20


async def test_a_failed_push_is_made_up_for_by_the_next_look(rooms: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from expert_hub.rooms import fanning

    room_id, hub = rooms.seeded.rooms[0], rooms.hubs[0]
    listener = await rooms.listener(rooms.seeded.observers[0], room_id)
    real, failures = fanning.Fan._push, []

    async def once(self: Any, live: Any) -> None:
        if not failures:
            failures.append(live.room_id)
            raise OSError("no connection")
        await real(self, live)

    monkeypatch.setattr(fanning.Fan, "_push", once)
    async with hub.running():
        with hub.talking(listener.talk):
            await listener.talk.take('{"kind":"resume"}')
            await listener.next("view")
            version = await hub.command(room_id, (await rooms.actors())[0], "c", rooms.score())
            assert (await listener.next("changes"))["version"] == version
    assert failures == [room_id]

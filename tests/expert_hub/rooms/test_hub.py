"""Two processes serve one room: the database keeps the order, whoever writes."""

import asyncio
import json
from contextlib import ExitStack
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from sqlalchemy import text

from evaluation.errors import EvaluationError
from evaluation.visibility import Viewer
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import NotFound, Unauthenticated
from expert_hub.identity.rules import Actor
from expert_hub.identity.service import actor_of
from expert_hub.identity.store import account_by_username
from expert_hub.identity.tokens import Proof, proof_in
from expert_hub.ledger.service import verify
from expert_hub.rooms.errors import CommandIdReused
from expert_hub.rooms.hints import NoHints
from expert_hub.rooms.hub import RoomHub

OPEN = b'{"type":"open_check_in"}'
SUPERVISOR = Viewer("supervisor", None, None)


async def _actor(api: Any, username: str) -> Actor:
    async with api.hub.database.read() as session:
        account = await account_by_username(session, username)
        assert account is not None
        actor = await actor_of(session, account.id)
    assert actor is not None
    return actor


def _proof(api: Any, username: str) -> Proof:
    return proof_in(api.hub.token_key, api.tokens[username], api.hub.clock.now())


def _confirm(seat_id: str) -> bytes:
    return json.dumps({"type": "confirm_identity", "seat_id": seat_id}).encode()


async def test_a_second_process_catches_up_before_it_writes(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    host = await _actor(api, "host")
    other = RoomHub(api.hub.database, api.hub.means, NoHints())
    # The other process folds the room before the first writes, and must not decide on that old state.
    assert (await other.view(room_id, SUPERVISOR))[1]["stage"]["stage"] == "committee_ready"
    first = await api.hub.rooms.command(room_id, host, "c1", OPEN)
    assert await other.command(room_id, host, "c1", OPEN) == first
    site = (await other.view(room_id, Viewer("host_operator", None, "guangzhou")))[1]["site"]
    for number, seat in enumerate(site["seats"]):
        hub = (api.hub.rooms, other)[number % 2]
        await hub.command(room_id, host, f"confirm-{number}", _confirm(seat["seat_id"]))
    assert await other.view(room_id, SUPERVISOR) == await api.hub.rooms.view(room_id, SUPERVISOR)


async def test_the_same_command_from_many_sides_at_once_is_carried_out_once(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    host = await _actor(api, "host")
    # SQLite allows one writing process; on PostgreSQL a second one has connections of its own.
    second = api.hub.database if api.hub.database.is_sqlite else Database(api.hub.settings.effective_database_url)
    hubs = [api.hub.rooms, RoomHub(second, api.hub.means, NoHints())]
    versions = await asyncio.gather(*(hubs[n % 2].command(room_id, host, "c1", OPEN) for n in range(12)))
    assert len(set(versions)) == 1
    if second is not api.hub.database:
        await second.close()


async def test_a_failed_commit_is_neither_acknowledged_nor_remembered(
    api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    host = await _actor(api, "host")
    before = await api.hub.rooms.view(room_id, SUPERVISOR)

    async def fail(*_: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("expert_hub.rooms.store.add_commands", fail)
        with pytest.raises(OSError, match="disk full"):
            await api.hub.rooms.command(room_id, host, "c1", OPEN)
    assert await api.hub.rooms.view(room_id, SUPERVISOR) == before
    assert await api.hub.rooms.command(room_id, host, "c1", OPEN) > before[0]


async def test_a_command_id_belongs_to_one_account(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    await api.hub.rooms.command(room_id, await _actor(api, "host"), "c1", OPEN)
    with pytest.raises(CommandIdReused):
        await api.hub.rooms.command(room_id, await _actor(api, "guest"), "c1", OPEN)


async def test_a_room_that_does_not_exist_for_an_account_is_not_found(api: Any) -> None:
    room_id = await api.room()
    for username in ("elsewhere", "centre", "stranger"):
        with pytest.raises(NotFound):
            await api.hub.rooms.command(room_id, await _actor(api, username), "c1", OPEN)
    with pytest.raises(NotFound):
        await api.hub.rooms.command("f" * 32, await _actor(api, "host"), "c1", OPEN)


async def test_news_of_another_process_are_found_by_looking(api: Any, listen: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    other = RoomHub(api.hub.database, api.hub.means, NoHints())
    listener = listen(other, await other.enter(room_id, _proof(api, "supervisor")))
    async with other.running():
        with other.talking(listener.talk):
            await listener.talk.take('{"kind":"resume"}')
            assert (await listener.next())["view"]["stage"]["stage"] == "committee_ready"
            version = await api.hub.rooms.command(room_id, await _actor(api, "host"), "c1", OPEN)
            news = await listener.next()
            assert (news["version"], news["set"]["stage"]["stage"]) == (version, "check_in")
            assert other.connections == 1
    assert other.connections == 0


async def test_coming_back_brings_the_difference_or_the_whole(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    rooms = api.hub.rooms
    before, _ = await rooms.shown(room_id, SUPERVISOR)
    await rooms.command(room_id, await _actor(api, "host"), "c1", OPEN)
    now, known = await rooms.shown(room_id, SUPERVISOR, before.version)
    assert known is before
    changes = json.loads(now.changes_since(before))
    assert (changes["from"], changes["version"]) == (before.version, now.version)
    assert json.loads(before.whole())["view"] | changes["set"] == json.loads(now.whole())["view"]
    for unknown in (0, None, 10_000):
        assert (await rooms.shown(room_id, SUPERVISOR, unknown))[1] is None


async def test_a_closed_account_a_lost_seat_and_an_ended_token_end_the_conversation(api: Any, listen: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    rooms = api.hub.rooms
    closed, moved, kept, over = [
        listen(rooms, await rooms.enter(room_id, _proof(api, name)))
        for name in ("guest", "expert-1", "supervisor", "host")
    ]
    over.talk.standing = replace(over.talk.standing, expires_at=api.hub.clock.now())
    async with api.hub.database.write() as session:
        account = await account_by_username(session, "guest")
        assert account is not None
        account.is_active = False
        statement = "UPDATE seat_tenure SET is_current = false WHERE account_id = :account"
        await session.execute(text(statement), {"account": moved.talk.standing.actor.account_id})
    with ExitStack() as stack:
        for each in (closed, moved, kept, over):
            stack.enter_context(rooms.talking(each.talk))
        async with asyncio.timeout(60):
            assert isinstance(await closed.ended, Unauthenticated)
            assert isinstance(await moved.ended, NotFound)
            assert isinstance(await over.ended, Unauthenticated)
        assert not kept.ended.done()


async def test_each_stage_leaves_an_entry_in_the_ledger(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    await api.hub.rooms.command(room_id, await _actor(api, "host"), "c1", OPEN)
    async with api.hub.database.read() as session:
        from expert_hub.ledger.store import entries_about

        entries = [
            json.loads(entry.text)["body"]["stage"]
            for entry in await entries_about(session, room_id)
            if entry.kind == "rooms/stage"
        ]
        assert entries == ["committee_ready", "check_in"]
        assert (await verify(session)).ok


async def test_commands_cut_off_at_any_moment_block_nobody_and_leave_no_half(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    host, chance = await _actor(api, "host"), Random(1)
    await api.hub.rooms.command(room_id, host, "open", OPEN)
    acknowledged = {}
    for number in range(150):
        task = asyncio.create_task(api.hub.rooms.command(room_id, host, f"c{number}", _confirm("s1")))
        await asyncio.sleep(chance.random() * 0.008)
        task.cancel()
        try:
            async with asyncio.timeout(5):
                acknowledged[f"c{number}"] = await task
        except (asyncio.CancelledError, EvaluationError):
            pass
    for command_id, version in acknowledged.items():
        assert await api.hub.rooms.command(room_id, host, command_id, _confirm("s1")) == version
    fresh = RoomHub(api.hub.database, api.hub.means, NoHints())
    assert await fresh.view(room_id, SUPERVISOR) == await api.hub.rooms.view(room_id, SUPERVISOR)


async def test_a_refused_command_costs_no_new_fold(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room_id = await api.room()
    host = await _actor(api, "host")
    await api.hub.rooms.view(room_id, SUPERVISOR)
    monkeypatch.setattr("evaluation.room.Room.replay", None)
    for _ in range(3):
        with pytest.raises(EvaluationError):
            await api.hub.rooms.command(room_id, host, "early", OPEN)

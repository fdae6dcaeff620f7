"""The socket of a room, as a stranger who has only read docs/protocol/room.md would use it."""

import asyncio
import json
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect


def _url(api: Any, room_id: str) -> str:
    return f"ws://{api.address}/api/v1/rooms/{room_id}/socket"


def _as(api: Any, account: str, **headers: str) -> dict[str, Any]:
    token = {"Authorization": f"Bearer {api.tokens[account]}"} if account else {}
    return {"additional_headers": {**token, "Accept-Language": "en", **headers}, "proxy": None}


async def _receive(socket: ClientConnection, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            frame = json.loads(await socket.recv())
            if frame["kind"] == kind:
                return dict(frame)


async def _command(socket: ClientConnection, command_id: str, **command: Any) -> dict[str, Any]:
    await socket.send(json.dumps({"kind": "command", "command_id": command_id, "command": command}))
    async with asyncio.timeout(10):
        while True:
            frame = json.loads(await socket.recv())
            if frame["kind"] in ("ack", "refusal"):
                return dict(frame)


async def _close_code(api: Any, room_id: str, account: str, **headers: str) -> int:
    async with connect(_url(api, room_id), **_as(api, account, **headers)) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            async with asyncio.timeout(10):
                await socket.recv()
        assert socket.close_code is not None
        return socket.close_code


async def test_who_may_not_enter_is_told_by_a_close_code(api: Any) -> None:
    room_id = await api.room()
    api.tokens["forged"] = "a.b.c"
    assert await _close_code(api, room_id, "") == 4401
    assert await _close_code(api, room_id, "forged") == 4401
    for account in ("elsewhere", "stranger", "admin", "centre"):
        assert await _close_code(api, room_id, account) == 4404
    assert await _close_code(api, "f" * 32, "supervisor") == 4404
    assert await _close_code(api, room_id, "supervisor", Origin="https://evil.example") == 4403


async def test_an_acknowledged_command_is_durable_and_reaches_the_others(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with (
        connect(_url(api, room_id), **_as(api, "host")) as host,
        connect(_url(api, room_id), **_as(api, "guest")) as guest,
    ):
        for socket in (host, guest):
            await socket.send('{"kind":"resume","after":null}')
            assert (await _receive(socket, "view"))["view"]["site"]["entry"] == "waiting"
        ack = await _command(host, "c1", type="open_check_in")
        assert ack["kind"] == "ack"
        changes = await _receive(guest, "changes")
        assert changes["set"]["site"]["entry"] == "open"
        assert changes["version"] == ack["version"]
    row = await api.get(f"/rooms/{room_id}/view", "supervisor")
    assert row["version"] == ack["version"]
    assert row["view"]["stage"]["stage"] == "check_in"


async def test_a_command_sent_again_changes_nothing_and_gets_the_same_answer(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        first = await _command(socket, "c1", type="open_check_in")
        assert await _command(socket, "c1", type="open_check_in") == first
        reused = await _command(socket, "c1", type="confirm_identity", seat_id="s1")
        assert reused["problem"]["code"] == "rooms/command-id-reused"
    async with connect(_url(api, room_id), **_as(api, "guest")) as socket:
        foreign = await _command(socket, "c1", type="open_check_in")
        assert foreign["problem"]["code"] == "rooms/command-id-reused"


async def test_a_refusal_is_a_problem_and_the_socket_stays_open(api: Any) -> None:
    room_id = await api.room()
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        early = await _command(socket, "c1", type="open_check_in")
        assert early["kind"] == "refusal"
        assert early["problem"]["code"] == "room/start-not-reached"
        assert early["problem"]["type"].endswith("#room-start-not-reached")
        unknown = await _command(socket, "c2", type="open_the_window")
        assert unknown["problem"]["code"] == "protocol/malformed"
        for raw in ("", "{", "[]", '"x"', '{"kind":"dance"}', '{"kind":"command"}', "\x00", "[" * 5000):
            await socket.send(raw)
            assert (await _receive(socket, "refusal"))["problem"]["code"] == "protocol/malformed"
        await socket.send('{"kind":"ping","v":2}')
        assert (await _receive(socket, "refusal"))["problem"]["code"] == "protocol/version"
        await socket.send('{"kind":"ping"}')
        assert (await _receive(socket, "pong")) == {"kind": "pong"}
        api.hub.clock.move(hours=1)
        # The refused command left no trace: the same id may now succeed.
        assert (await _command(socket, "c1", type="open_check_in"))["kind"] == "ack"


async def test_who_only_watches_gives_no_commands(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with connect(_url(api, room_id), **_as(api, "auditor")) as socket:
        answer = await _command(socket, "c1", type="open_check_in")
        assert answer["problem"]["code"] == "rooms/not-this-seat"
    for account in ("supervisor", "entity"):
        async with connect(_url(api, room_id), **_as(api, account)) as socket:
            answer = await _command(socket, "c1", type="open_check_in")
            assert answer["problem"]["code"] == "room/role-forbidden"


async def test_resuming_from_a_version_brings_only_what_changed(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        await socket.send('{"kind":"resume","after":null}')
        before = await _receive(socket, "view")
        await _command(socket, "c1", type="open_check_in")
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        await socket.send(json.dumps({"kind": "resume", "after": before["version"]}))
        changes = await _receive(socket, "changes")
        assert (changes["from"], changes["set"].keys()) == (before["version"], {"site"})
    for unknown in (0, 10_000):
        async with connect(_url(api, room_id), **_as(api, "host")) as socket:
            await socket.send(json.dumps({"kind": "resume", "after": unknown}))
            assert (await _receive(socket, "view"))["version"] == changes["version"]


async def test_a_closed_account_loses_its_socket_with_the_next_frame(api: Any) -> None:
    room_id = await api.room()
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        await socket.send('{"kind":"resume","after":null}')
        await _receive(socket, "view")
        api.hub.clock.move(days=2)
        await socket.send('{"kind":"command","command_id":"c","command":{"type":"open_check_in"}}')
        with pytest.raises(websockets.ConnectionClosed):
            async with asyncio.timeout(10):
                while True:
                    await socket.recv()
        assert socket.close_code == 4401


async def test_a_binary_frame_and_a_frame_that_is_too_large_do_no_harm(api: Any) -> None:
    room_id = await api.room()
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        await socket.send(b'{"kind":"ping"}')
        await socket.send("x" * 100_000)
        with pytest.raises(websockets.ConnectionClosed):
            async with asyncio.timeout(10):
                while True:
                    await socket.recv()
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        await socket.send('{"kind":"ping"}')
        assert (await _receive(socket, "pong")) == {"kind": "pong"}


async def test_er_19_a_pause_locks_the_room_until_it_is_resumed_with_its_seal(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with connect(_url(api, room_id), **_as(api, "host")) as socket:
        assert (await _command(socket, "c1", type="pause_room", reason="fire alarm"))["kind"] == "ack"
        answer = await _command(socket, "c2", type="open_check_in")
        assert answer["problem"]["code"] == "room/wrong-stage"
        hold = (await api.get(f"/rooms/{room_id}/view", "host"))["view"]["hold"]
        answer = await _command(socket, "c3", type="resume_room", seal="0" * 64)
        assert answer["problem"]["code"] == "hold/seal-mismatch"
        assert (await _command(socket, "c4", type="resume_room", seal=hold["seal"]))["kind"] == "ack"
        assert (await _command(socket, "c5", type="open_check_in"))["kind"] == "ack"

"""The hub's end of a relay, as a stranger who has only read docs/protocol/relay.md would use it."""

import asyncio
import json
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import ClientConnection, connect


async def _connect(api: Any, venue: str = "zhanjiang") -> tuple[str, connect]:
    made = await api.post("/relays", "centre", {"venue_id": venue})
    return made["id"], _as(api, made["credential"])


def _as(api: Any, credential: str, **headers: str) -> connect:
    sent = {"Authorization": f"Bearer {credential}", **headers}
    return connect(f"ws://{api.address}/api/v1/relay/socket", additional_headers=sent, proxy=None)


async def _until(socket: ClientConnection, **wanted: Any) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while True:
            frame = json.loads(await socket.recv())
            if wanted.items() <= frame.items():
                return dict(frame)


async def _open(socket: ClientConnection, channel: str, room_id: str, token: str) -> dict[str, Any]:
    await socket.send(json.dumps({"kind": "open", "channel": channel, "room_id": room_id, "token": token}))
    while True:
        frame = await _until(socket, channel=channel)
        if frame["kind"] in ("opened", "closed"):
            return frame


async def _ended(socket: ClientConnection) -> int | None:
    with pytest.raises(websockets.ConnectionClosed):
        async with asyncio.timeout(60):
            while True:
                await socket.recv()
    return socket.close_code


async def test_channels_carry_the_protocol_of_the_room_for_who_signed_in(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    relay_id, connecting = await _connect(api)
    async with connecting as socket:
        assert await _until(socket, kind="hello") == {
            "kind": "hello", "relay_id": relay_id, "venue_id": "zhanjiang", "channels_max": 200, "v": 1,
        }  # fmt: skip
        assert (await _open(socket, "g", room_id, api.tokens["guest"]))["kind"] == "opened"
        for name, token, code in (
            ("x1", "a.b.c", 4401),
            ("x2", api.tokens["host"], 4403),
            ("x3", api.tokens["supervisor"], 4403),
            ("x4", api.tokens["stranger"], 4404),
        ):
            assert (await _open(socket, name, room_id, token))["code"] == code
        await socket.send('{"kind":"frame","channel":"g","frame":{"kind":"resume","after":null}}')
        assert (await _until(socket, channel="g"))["frame"]["view"]["site"]["entry"] == "waiting"
        command = {"kind": "command", "command_id": "c1", "command": {"type": "open_check_in"}}
        await socket.send(json.dumps({"kind": "frame", "channel": "g", "frame": command}))
        refused = (await _until(socket, channel="g"))["frame"]
        assert (refused["kind"], refused["command_id"]) == ("refusal", "c1")
        await socket.send('{"kind":"beat"}')
        assert await _until(socket, kind="beat") == {"kind": "beat"}
        await socket.send('{"kind":"close","channel":"g"}')
        assert (await _open(socket, "g", room_id, api.tokens["guest"]))["kind"] == "opened"


async def test_a_revoked_or_replaced_relay_and_a_foreign_page_are_cut(api: Any) -> None:
    relay_id, connecting = await _connect(api)
    credential = connecting.additional_headers["Authorization"].removeprefix("Bearer ")
    async with _as(api, "ehr1.x.y") as forged:
        assert await _ended(forged) == 4401
    async with _as(api, credential, Origin="https://evil.example") as page:
        assert await _ended(page) == 4403
    async with connecting as first:
        await _until(first, kind="hello")
        async with _as(api, credential) as second:
            await _until(second, kind="hello")
            assert await _ended(first) == 4409
            await second.send('{"kind":"beat"}')
            await _until(second, kind="beat")
            assert (await api.ask("DELETE", f"/relays/{relay_id}", "centre")).status_code == 204
            assert await _ended(second) == 4401


async def test_nonsense_ends_the_connection_and_leaves_the_hub_alive(api: Any) -> None:
    made = await api.post("/relays", "centre", {"venue_id": "zhanjiang"})
    for raw in ("", "{", '{"kind":"dance"}', '{"kind":"open","channel":"a"}', "[" * 5000):
        async with _as(api, made["credential"]) as socket:
            await _until(socket, kind="hello")
            await socket.send(raw)
            assert await _ended(socket) == 4400
    assert (await api.client.get("/health/live")).status_code == 200

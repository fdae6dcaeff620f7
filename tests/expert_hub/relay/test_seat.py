"""A seat at a relay without a link to the hub, as docs/protocol/relay.md promises it."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from benchmarks.room_server import free_port
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.relay.outbox import Entry, Store
from expert_hub.relay.relay import Place, Relay
from expert_hub.relay.settings import RelaySettings
from expert_hub.relay.upstream import Upstream

SETTINGS = RelaySettings(backoff_first_s=0.01, backoff_max_s=0.05, seat_commands_max=2)


@pytest.fixture
async def port(tmp_path: Path, clock: FixedClock) -> AsyncIterator[int]:
    """A relay at which a seat with the token `known` signed in before the link was cut."""
    chance = SystemChance()
    store = Store(tmp_path / "relay.db", "secret", chance)
    store.enter(Entry("room", "anna", "known"))
    upstream = Upstream(f"ws://127.0.0.1:{free_port()}/", "secret", SETTINGS, chance)
    relay = Relay(upstream, store, SETTINGS, (clock, chance))
    async with relay.listening(Place("127.0.0.1", 0)) as port:
        running = asyncio.create_task(relay.run())
        yield port
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    store.close()


def _at(port: int, token: str = "known", **headers: str) -> connect:
    sent = {"Authorization": f"Bearer {token}", "Accept-Language": "en", **headers}
    return connect(f"ws://127.0.0.1:{port}/api/v1/rooms/room/socket", additional_headers=sent, proxy=None)


async def _ask(socket: Any, frame: Any, kind: str) -> dict[str, Any]:
    await socket.send(frame if isinstance(frame, str) else json.dumps(frame))
    async with asyncio.timeout(60):
        while True:
            answer = json.loads(await socket.recv())
            if answer["kind"] == kind:
                return dict(answer)


def _command(name: str) -> dict[str, Any]:
    return {"kind": "command", "command_id": name, "command": {"type": "submit_sheet"}}


async def test_a_seat_without_link_sees_that_it_is_offline_and_what_is_kept(port: int) -> None:
    async with _at(port) as socket:
        view = await _ask(socket, {"kind": "resume", "after": None}, "view")
        assert (view["version"], view["view"].keys()) == (0, {"uplink"})
        assert (view["view"]["uplink"]["online"], view["view"]["uplink"]["stale"]) == (False, True)
        assert await _ask(socket, _command("c1"), "kept") == {"kind": "kept", "command_id": "c1"}
        assert await _ask(socket, _command("c1"), "kept") == {"kind": "kept", "command_id": "c1"}
        await _ask(socket, _command("c2"), "kept")
        full = await _ask(socket, _command("c3"), "refusal")
        assert (full["command_id"], full["problem"]["code"]) == ("c3", "relay/seat-outbox-full")
        assert (await _ask(socket, "{", "refusal"))["problem"]["code"] == "protocol/malformed"
        assert await _ask(socket, {"kind": "ping"}, "pong") == {"kind": "pong"}
    async with _at(port) as socket:
        seen = await _ask(socket, {"kind": "resume", "after": 41}, "changes")
        assert (seen["from"], seen["version"]) == (41, 41)
        assert seen["set"]["uplink"]["kept_ids"] == ["c1", "c2"]


async def test_who_has_not_signed_in_through_the_relay_has_to_wait(port: int) -> None:
    for token, code in (("unknown", 1013), ("", 4401)):
        async with _at(port, token) as socket:
            with pytest.raises(websockets.ConnectionClosed):
                await asyncio.wait_for(socket.recv(), 60)
            assert socket.close_code == code
    with pytest.raises(InvalidStatus):
        async with _at(port, Origin="https://evil.example"):
            pass
    with pytest.raises(InvalidStatus):
        async with connect(f"ws://127.0.0.1:{port}/elsewhere", proxy=None):
            pass

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from evaluation.relay_protocol import Hello
from expert_hub.foundation.chance import SystemChance
from expert_hub.relay.errors import RelayStopped
from expert_hub.relay.settings import RelaySettings
from expert_hub.relay.upstream import ChannelRefused, HubUnreachable, Upstream

SETTINGS = RelaySettings(backoff_first_s=0.01, backoff_max_s=0.05)
HELLO = json.dumps({"kind": "hello", "relay_id": "r", "venue_id": "v", "channels_max": 9, "v": 1})


class Told:
    """This side of the connection: what it was told."""

    def __init__(self) -> None:
        self.links: list[bool] = []
        self.ended: list[tuple[str, int, str]] = []
        self.came = asyncio.Event()

    def linked(self, hello: Hello) -> None:
        self.links.append(True)
        self.came.set()

    def unlinked(self, why: str) -> None:
        self.links.append(False)

    def carried(self, channel: str, frame: bytes) -> None:
        pass

    def closed(self, channel: str, code: int, reason: str) -> None:
        self.ended.append((channel, code, reason))


@contextlib.asynccontextmanager
async def _connected(hub: Callable[[ServerConnection], Any]) -> AsyncIterator[tuple[Upstream, Told, Any]]:
    async with serve(hub, "127.0.0.1", 0) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        upstream, told = Upstream(f"ws://127.0.0.1:{port}/", "secret", SETTINGS, SystemChance()), Told()
        running = asyncio.create_task(upstream.run(told))
        try:
            async with asyncio.timeout(60):
                yield upstream, told, running
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


async def test_channels_are_opened_refused_or_lost_with_the_link() -> None:
    async def hub(socket: ServerConnection) -> None:
        await socket.send(HELLO)
        async for raw in socket:
            frame = json.loads(raw)
            if frame["kind"] != "open":
                continue
            if frame["token"] == "cut":
                socket.transport.abort()
                return
            answer: dict[str, Any] = {"kind": "opened", "account_id": "anna"}
            if frame["token"] == "bad":
                answer = {"kind": "closed", "code": 4401, "reason": "identity/unauthenticated"}
            await socket.send(json.dumps({"channel": frame["channel"], **answer}))

    async with _connected(hub) as (upstream, told, _):
        await told.came.wait()
        assert (await upstream.open("room", "good", "zh"))[1] == "anna"
        with pytest.raises(ChannelRefused) as refused:
            await upstream.open("room", "bad", "zh")
        assert refused.value.code == 4401
        told.came.clear()
        with pytest.raises(HubUnreachable):
            await upstream.open("room", "cut", "zh")
        await told.came.wait()
        assert told.links == [True, False, True]


async def test_a_revoked_relay_stops_and_says_why() -> None:
    async def hub(socket: ServerConnection) -> None:
        assert socket.request is not None
        assert socket.request.headers["Authorization"] == "Bearer secret"
        await socket.close(4401, "rooms/relay-refused")

    async with _connected(hub) as (upstream, told, running):
        with pytest.raises(RelayStopped):
            await running
        assert (upstream.is_linked, told.links) == (False, [])

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.server import Server, ServerConnection, serve

from expert_hub.foundation.chance import SeededChance
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.settings import LinkSettings

QUICK = LinkSettings(heartbeat_s=5, dead_after_s=10, backoff_first_s=0.01, backoff_max_s=0.05, connect_timeout_s=5)


class LittleRoom:
    """A room on a real socket: counts each command id once, and misbehaves on request."""

    def __init__(self) -> None:
        self.applied: list[str] = []
        self.commands: list[dict[str, Any]] = []
        self.received: list[str] = []
        self.resumes: list[int | None] = []
        self.headers: list[str] = []
        self.sockets: list[ServerConnection] = []
        self.pings = 0
        self.on_connect: list[Callable[[ServerConnection], Any]] = []
        self.on_command: list[Callable[[ServerConnection, dict[str, Any]], Any]] = []
        self.refuse: dict[str, dict[str, Any]] = {}
        self.server: Server
        self.port = 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/api/v1/rooms/room-1/socket"

    @property
    def version(self) -> int:
        return 1 + len(self.applied)

    async def welcome(self, socket: ServerConnection) -> None:
        self.sockets.append(socket)
        assert socket.request is not None
        self.headers.append(socket.request.headers["Authorization"])
        if self.on_connect and await self.on_connect.pop(0)(socket) == "stop":
            return
        async for message in socket:
            await self.take(socket, json.loads(message))

    async def take(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        if frame["kind"] == "ping":
            self.pings += 1
            await tell(socket, kind="pong")
        elif frame["kind"] == "resume":
            self.resumes.append(frame["after"])
            await self.show(socket)
        elif frame["kind"] == "command":
            await self.obey(socket, frame)

    async def show(self, socket: ServerConnection) -> None:
        await tell(socket, kind="view", version=self.version, view={"count": len(self.applied)})

    async def obey(self, socket: ServerConnection, frame: dict[str, Any]) -> None:
        command_id = frame["command_id"]
        self.received.append(command_id)
        kind = frame["command"]["type"]
        if kind in self.refuse:
            await tell(socket, kind="refusal", command_id=command_id, problem=self.refuse[kind])
            return
        if command_id not in self.applied:
            self.applied.append(command_id)
            self.commands.append(frame["command"])
        if self.on_command and await self.on_command.pop(0)(socket, frame) == "stop":
            return
        await self.acknowledge(socket, command_id)
        await tell(socket, **{"from": self.version - 1}, kind="changes", version=self.version, unset=[],
                   set={"count": len(self.applied)})  # fmt: skip

    async def acknowledge(self, socket: ServerConnection, command_id: str) -> None:
        await tell(socket, kind="ack", command_id=command_id, version=self.version)


async def tell(socket: ServerConnection, **frame: Any) -> None:
    await socket.send(json.dumps(frame))


@asynccontextmanager
async def bounded(seat: SeatClient) -> AsyncIterator[SeatClient]:
    async with asyncio.timeout(10), seat:
        yield seat


@pytest.fixture
async def room() -> AsyncIterator[LittleRoom]:
    little = LittleRoom()
    async with serve(little.welcome, "127.0.0.1", 0) as little.server:
        little.port = next(iter(little.server.sockets)).getsockname()[1]
        yield little


SeatMaker = Callable[..., AbstractAsyncContextManager[SeatClient]]


@pytest.fixture
def seat_at(room: LittleRoom) -> SeatMaker:
    def make(outbox: Path | None = None, settings: LinkSettings = QUICK, seed: str = "1") -> Any:
        return bounded(SeatClient(room.url, "token-1", outbox, settings=settings, chance=SeededChance(seed)))

    return make

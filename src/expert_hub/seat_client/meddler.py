"""A WebSocket proxy between a client under test and a real hub: records, cuts, swallows, drops and adds."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from expert_hub.seat_client.waits import Waits

Cut = Literal["before", "after"]
_FOR_GOOD = 4401


class Meddler:
    """What the client sent, and what is to happen next.

    Attributes:
        frames: every frame of the client with the number of its connection, from 1.
        credentials: the Authorization header of every connection.
        answered: ids for which the client has been given an answer.
        cuts: how the connections carrying the next commands end: before the hub sees the command, or after it has
            carried it out and before the client learns of it.
        drops: how many of the next `changes` are kept from the client.
        is_odd: whether frames carry fields, and frames are sent, that this version of the protocol does not know.
        locks_out: whether every connection is closed with the code that says to log in again.
    """

    def __init__(self, upstream: str, token: str) -> None:
        self._upstream, self.token = upstream, token
        self.frames: list[tuple[int, dict[str, Any]]] = []
        self.credentials: list[str | None] = []
        self.answered: set[str] = set()
        self.cuts: list[Cut] = []
        self.drops = 0
        self.is_odd = False
        self.locks_out = False
        self.waits = Waits()
        self._swallowed: str | None = None
        self._client: ServerConnection | None = None

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[str]:
        """Serve while the block runs; gives the address for the client."""
        async with serve(self._welcome, "127.0.0.1", 0) as server:
            port = next(iter(server.sockets)).getsockname()[1]
            yield f"ws://127.0.0.1:{port}{urlsplit(self._upstream).path}"

    def cut(self) -> None:
        """Cut the present connection as a broken cable would."""
        if self._client is not None:
            self._client.transport.abort()

    def of_kind(self, kind: str) -> list[tuple[int, dict[str, Any]]]:
        """The client's frames of one kind with the numbers of their connections."""
        return [(number, frame) for number, frame in self.frames if frame.get("kind") == kind]

    async def _welcome(self, client: ServerConnection) -> None:
        self.credentials.append(client.request.headers.get("Authorization") if client.request else None)
        number, self._client = len(self.credentials), client
        self.waits.wake()
        if self.locks_out:
            await client.close(_FOR_GOOD, "identity/unauthenticated")
            return
        headers = {"Authorization": f"Bearer {self.token}"}
        async with connect(self._upstream, additional_headers=headers, proxy=None, max_size=None) as hub:
            carriers = [
                asyncio.create_task(self._up(client, hub, number)),
                asyncio.create_task(self._down(client, hub)),
            ]
            await asyncio.wait(carriers, return_when=asyncio.FIRST_COMPLETED)
            for carrier in carriers:
                carrier.cancel()
            await asyncio.gather(*carriers, return_exceptions=True)

    async def _up(self, client: ServerConnection, hub: ClientConnection, number: int) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for raw in client:
                frame = json.loads(raw)
                self.frames.append((number, frame))
                cut = self.cuts.pop(0) if self.cuts and frame.get("kind") == "command" else None
                self.waits.wake()
                if cut == "before":
                    client.transport.abort()
                    return
                if cut == "after":
                    self._swallowed = frame.get("command_id")
                await hub.send(raw)

    async def _down(self, client: ServerConnection, hub: ClientConnection) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for raw in hub:
                frame = json.loads(raw)
                if frame["kind"] in ("ack", "refusal"):
                    if self._swallowed is not None and frame["command_id"] == self._swallowed:
                        self._swallowed = None
                        client.transport.abort()
                        return
                    self.answered.add(frame["command_id"])
                if frame["kind"] == "changes" and self.drops and frame["version"] > frame["from"]:
                    self.drops -= 1
                    self.waits.wake()
                    continue
                await self._tell(client, frame)

    async def _tell(self, client: ServerConnection, frame: dict[str, Any]) -> None:
        if not self.is_odd:
            await client.send(json.dumps(frame))
            return
        for name in ("view", "set"):
            if name in frame:
                frame[name] = frame[name] | {"section_of_later": {"new": True}}
        # Before the answer, so that a client that stumbles over it is seen to.
        await client.send('{"kind": "frame_of_later", "what": null}')
        await client.send(json.dumps(frame | {"field_of_later": [1, {"new": True}]}))

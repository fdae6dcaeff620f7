"""One socket of a room: reads frames, answers commands after commit, sends the viewer what changed.

There is no queue that can grow: a connection remembers only what it sent last, and rings of its doorbell add up to one,
so a slow reader gets the newest state when it is ready and is closed when a single send takes too long.
"""

import asyncio
import json
from typing import Any

import structlog
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

from evaluation.protocol import (
    AckFrame,
    ChangesFrame,
    CommandFrame,
    PongFrame,
    RefusalFrame,
    ResumeFrame,
    ServerFrame,
    ViewFrame,
    decode_frame,
    encode_frame,
)
from evaluation.visibility import Viewer
from expert_hub.foundation.errors import Forbidden, HubError, NotFound, Unauthenticated, is_refusal
from expert_hub.foundation.problems import language_of, problem_document, status_of
from expert_hub.identity.entry import ensure_origin, visitor
from expert_hub.identity.errors import OriginRefused
from expert_hub.identity.rules import Actor
from expert_hub.rooms import service
from expert_hub.rooms.hub import RoomHub, Watcher

log = structlog.get_logger("expert_hub.rooms")
_SEND_S = 30.0
_SILENT_S = 60.0
CLOSE_CODES: dict[type[HubError], int] = {Unauthenticated: 4401, Forbidden: 4403, OriginRefused: 4403, NotFound: 4404}
CLOSE_SLOW = 4429
CLOSE_SILENT = 4408


class _Silent(Exception):
    """Nothing came for longer than a living client keeps quiet."""


class _Connection:
    """State of one socket."""

    def __init__(self, socket: WebSocket[Any, Any, Any], room_id: str) -> None:
        self.hub = socket.app.state.hub
        self.rooms: RoomHub = self.hub.rooms
        self.socket = socket
        self.room_id = room_id
        self.language = language_of(socket.headers.get("accept-language"))
        self.version: int | None = None
        self.sections: dict[str, Any] = {}
        self.resumed = asyncio.Event()
        self._sending_view = asyncio.Lock()

    async def who(self) -> tuple[Actor, Viewer]:
        """The account and its part in the room, looked up anew, so that a change of role takes effect at once."""
        async with self.hub.database.read() as session:
            actor = await visitor(self.socket, session, self.hub.clock, self.hub.token_key)
            if actor is None:
                raise Unauthenticated
            return actor, await service.viewer_in(session, self.room_id, actor)

    async def send(self, frame: ServerFrame) -> None:
        """Send one frame within its time.

        Raises:
            TimeoutError: the other side does not read.
            WebSocketDisconnect: it is gone.
        """
        try:
            async with asyncio.timeout(_SEND_S):
                await self.socket.send_text(encode_frame(frame).decode())
        except TimeoutError:
            raise
        except OSError:
            raise WebSocketDisconnect(detail="gone while sending", code=1006) from None

    async def read(self) -> None:
        """Answer frames until the socket closes."""
        while True:
            try:
                async with asyncio.timeout(_SILENT_S):
                    raw = await self.socket.receive_data(mode="text")
            except TimeoutError:
                raise _Silent from None
            await self._answer(raw)

    async def _answer(self, raw: str) -> None:
        command_id = None
        try:
            frame = decode_frame(raw)
            if isinstance(frame, CommandFrame):
                command_id = frame.command_id
                actor, _ = await self.who()
                version = await self.rooms.command(self.room_id, actor, command_id, bytes(frame.command))
                await self.send(AckFrame(command_id, version))
            elif isinstance(frame, ResumeFrame):
                await self._resume(frame.after)
            else:
                await self.send(PongFrame())
        except Exception as error:
            if isinstance(error, Unauthenticated | NotFound) or not is_refusal(error):
                raise
            document = problem_document(error, status_of(error), self.language)  # type: ignore[arg-type]
            await self.send(RefusalFrame(command_id, json.loads(json.dumps(document, default=str))))

    async def _resume(self, after: int | None) -> None:
        _, viewer = await self.who()
        known = await self.rooms.view_at(self.room_id, viewer, after) if after else None
        async with self._sending_view:
            if known is None:
                self.version, self.sections = await self.rooms.view(self.room_id, viewer)
                await self.send(ViewFrame(self.version, self.sections))
            else:
                self.version, self.sections = after, known
                await self._send_changes(viewer, always=True)
        self.resumed.set()

    async def push(self, watcher: Watcher) -> None:
        """Send what changed whenever the doorbell rings."""
        await self.resumed.wait()
        while True:
            await watcher.wait()
            _, viewer = await self.who()
            async with self._sending_view:
                await self._send_changes(viewer)

    async def _send_changes(self, viewer: Viewer, *, always: bool = False) -> None:
        version, sections = await self.rooms.view(self.room_id, viewer)
        if version == self.version and not always:
            return
        changed = {name: value for name, value in sections.items() if self.sections.get(name) != value}
        gone = sorted(self.sections.keys() - sections.keys())
        since, self.version, self.sections = self.version or 0, version, sections
        await self.send(ChangesFrame(version, since, changed, gone))


async def serve_socket(socket: WebSocket[Any, Any, Any], room_id: str) -> None:
    """Serve one connection from its first to its last frame."""
    await socket.accept()
    connection = _Connection(socket, room_id)
    try:
        ensure_origin(socket, connection.hub.settings.allowed_origins)
        await connection.who()
        async with connection.rooms.watching(room_id) as watcher, asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.read())
            tasks.create_task(connection.push(watcher))
    except Exception as error:
        closing = _closing(_first(error))
        if closing is not None:
            await socket.close(*closing)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _closing(error: BaseException) -> tuple[int, str] | None:
    """Close code and reason for what ended a connection; none if the other side is gone already."""
    if isinstance(error, WebSocketDisconnect):
        return None
    if isinstance(error, _Silent):
        return CLOSE_SILENT, "silent"
    if isinstance(error, TimeoutError):
        return CLOSE_SLOW, "slow"
    if isinstance(error, HubError):
        return CLOSE_CODES.get(type(error), 4400), error.code
    log.error("socket failed", exc_info=error)
    return 1011, "hub/unexpected"

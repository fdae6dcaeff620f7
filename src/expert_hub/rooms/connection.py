"""The socket that carries exactly one conversation with a room."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from litestar import WebSocket

from expert_hub.foundation.db import is_busy
from expert_hub.foundation.errors import Forbidden, HubError, NotFound, Overloaded, Unauthenticated
from expert_hub.foundation.problems import language_of
from expert_hub.foundation.websockets_server import EXTENSION
from expert_hub.identity.entry import ensure_origin, token_of
from expert_hub.identity.errors import OriginRefused
from expert_hub.identity.tokens import Proof, proof_in
from expert_hub.rooms.conversation import Carrier, Conversation, Gone
from expert_hub.rooms.errors import Silent, SlowReader, TicketInvalid, TooManySockets
from expert_hub.rooms.tickets import PROTOCOL, redeem, ticket_in

log = structlog.get_logger("expert_hub.rooms")
CLOSE_SLOW = 4429
CLOSE_SILENT = 4408
CLOSE_CROWDED = 4430
CLOSE_BUSY = 1013
CLOSE_CODES: dict[type[HubError], int] = {
    Unauthenticated: 4401,
    TicketInvalid: 4401,
    Forbidden: 4403,
    OriginRefused: 4403,
    NotFound: 4404,
    Silent: CLOSE_SILENT,
    SlowReader: CLOSE_SLOW,
    TooManySockets: CLOSE_CROWDED,
}
Socket = WebSocket[Any, Any, Any]


async def serve_socket(socket: Socket, room_id: str) -> None:
    """Serve one connection from its first to its last frame."""
    offered = socket.scope.get("subprotocols") or []
    await socket.accept(subprotocols=PROTOCOL if PROTOCOL in offered else None)
    line = _Line(socket)
    try:
        await _talk(socket, room_id, line)
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if line.ended is None or task is None:
            raise
        task.uncancel()
        await _close(socket, line.ended)
    except Gone:
        pass
    except Exception as error:
        await _close(socket, error)


async def _talk(socket: Socket, room_id: str, line: "_Line") -> None:
    hub = socket.app.state.hub
    ticket = ticket_in(socket.scope.get("subprotocols") or [])
    if ticket is None:
        ensure_origin(socket, hub.settings.allowed_origins)
        token = token_of(socket)
        if token is None:
            raise Unauthenticated
        proof: Proof = proof_in(hub.token_key, token, hub.clock.now())
    else:
        proof = await redeem(hub.database, hub.clock.now(), room_id, ticket)
    standing = await hub.rooms.enter(room_id, proof)
    with hub.rooms.gate.entered(proof.account_id) as pace:
        language = language_of(socket.headers.get("accept-language"))
        conversation = Conversation(hub.rooms, standing, language, Carrier(line.send, line.hang_up, pace, line.write))
        with hub.rooms.talking(conversation):
            while True:
                await conversation.take(await line.receive())


class _Line:
    """Sends, receives and hangs up."""

    __slots__ = ("_direct", "_receive", "_send", "_task", "ended")

    def __init__(self, socket: Socket) -> None:
        self._send = socket.send
        extension: Any = (socket.scope.get("extensions") or {}).get(EXTENSION) or {}
        self._direct: Callable[[bytes], bool] = extension.get("write") or _never
        self._receive: Callable[[], Awaitable[Any]] = extension.get("receive") or socket.receive
        self._task = asyncio.current_task()
        self.ended: Exception | None = None

    async def send(self, frame: bytes) -> None:
        """Send one frame as text.

        Raises:
            Gone: the other side has left.
        """
        try:
            await self._send({"type": "websocket.send", "text": frame.decode(), "bytes": None})
        except (OSError, RuntimeError):
            raise Gone from None

    async def receive(self) -> str | bytes:
        """The next frame.

        Raises:
            Gone: the other side has left.
        """
        message = await self._receive()
        if message["type"] != "websocket.receive":
            raise Gone
        return message.get("text") or message.get("bytes") or ""

    def write(self, frame: bytes) -> bool:
        """Send one frame as text at once; false if that is not possible now.

        Raises:
            Gone: the other side has left.
        """
        try:
            return self._direct(frame)
        except OSError:
            raise Gone from None

    def hang_up(self, why: Exception) -> None:
        """End the conversation from this side."""
        if self.ended is None and self._task is not None:
            self.ended = why
            self._task.cancel()


def _never(_frame: bytes) -> bool:
    return False


async def _close(socket: Socket, error: Exception) -> None:
    if isinstance(error, HubError):
        code, reason = CLOSE_CODES.get(type(error), 4400), error.code
    elif is_busy(error):
        log.warning("database busy", error=type(error).__name__)
        code, reason = CLOSE_BUSY, Overloaded.code
    else:
        log.error("socket failed", exc_info=error)
        code, reason = 1011, "hub/unexpected"
    try:
        # Whoever does not read will not read this either.
        async with asyncio.timeout(5):
            await socket.close(code, reason)
    except (OSError, RuntimeError, TimeoutError):
        return

"""The hub's end of a relay: one socket on which the seats of a guest venue speak, each on a channel of its own.

The relay proves only that it is the relay of its venue. Every channel begins with the seat's own token, which the hub
verifies as for a socket of the seat's own, and lives by the same rules.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from litestar import WebSocket

from evaluation.relay_protocol import (
    Beat,
    ChannelClosed,
    ChannelFrame,
    ChannelOpened,
    CloseChannel,
    Hello,
    HubFrame,
    OpenChannel,
    RelayFrame,
    relay_frame_decoder,
)
from expert_hub.foundation.chance import new_id
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.problems import language_of
from expert_hub.identity.entry import ensure_origin, token_of
from expert_hub.identity.tokens import proof_in
from expert_hub.rooms.connection import CLOSE_CODES, CLOSE_SLOW
from expert_hub.rooms.conversation import Carrier, Conversation, Gone
from expert_hub.rooms.relay_access import ensure_current, enter
from expert_hub.rooms.relay_errors import OtherVenue, RelayRefused, RelaySuperseded
from expert_hub.rooms.relay_tables import Relay

log = structlog.get_logger("expert_hub.rooms")
CHANNELS_MAX = 200
_WAITING_MAX = 32
_LOOK_S = 0.5
_SEND_S = 30.0
_SILENT_S = 60.0
_CODES: dict[type[HubError], int] = {
    **CLOSE_CODES,
    RelayRefused: 4401,
    OtherVenue: 4403,
    RelaySuperseded: 4409,
}


class _Malformed(Exception):
    """What came is no frame of this protocol."""


class _Channel:
    """One seat behind the relay: frames that wait for it, and the task that answers them."""

    def __init__(self, carrier: "_RelayConnection", opening: OpenChannel) -> None:
        self.opening, self.name = opening, opening.channel
        self.inbox: asyncio.Queue[bytes] = asyncio.Queue(_WAITING_MAX)
        self.task: asyncio.Task[None] | None = None
        self.ended: Exception | None = None
        self._carrier = carrier

    async def send(self, frame: bytes) -> None:
        """Send a frame to the seat."""
        await self._carrier.send(ChannelFrame(self.name, msgspec.Raw(frame)))

    def hang_up(self, why: Exception) -> None:
        """End the conversation from this side."""
        if self.ended is None and self.task is not None:
            self.ended = why
            self.task.cancel()


@dataclass
class _RelayConnection:
    """State of one relay's socket."""

    socket: WebSocket[Any, Any, Any]
    relay: Relay
    session_id: str
    channels: dict[str, _Channel] = field(default_factory=dict)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)
    stuck_since: float | None = None

    async def send(self, frame: HubFrame) -> None:
        """Send one frame after those before it; that it takes too long is seen by `watch`.

        Raises:
            Gone: the relay has left.
        """
        # No time limit here: a conversation may begin this in one task and finish it in another.
        async with self.sending:
            self.stuck_since = asyncio.get_running_loop().time()
            try:
                text = msgspec.json.encode(frame).decode()
                await self.socket.send({"type": "websocket.send", "text": text, "bytes": None})
            except (OSError, RuntimeError):
                raise Gone from None
            finally:
                self.stuck_since = None

    async def read(self, tasks: asyncio.TaskGroup) -> None:
        """Take frames until the socket closes."""
        while True:
            async with asyncio.timeout(_SILENT_S):
                message = await self.socket.receive()
            if message["type"] != "websocket.receive":
                raise Gone
            try:
                frame = relay_frame_decoder.decode(message.get("text") or message.get("bytes") or "")
            except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
                raise _Malformed from error
            await self._take(frame, tasks)

    async def _take(self, frame: RelayFrame, tasks: asyncio.TaskGroup) -> None:
        match frame:
            case OpenChannel():
                if frame.channel in self.channels:
                    raise _Malformed
                if len(self.channels) >= CHANNELS_MAX:
                    await self.send(ChannelClosed(frame.channel, CLOSE_SLOW, "rooms/relay-channels"))
                    return
                channel = self.channels[frame.channel] = _Channel(self, frame)
                channel.task = tasks.create_task(self._serve(channel))
            case CloseChannel():
                self._end(frame.channel)
            case ChannelFrame():
                await self._hand(frame)
            case Beat():
                await self.send(Beat())

    async def _hand(self, frame: ChannelFrame) -> None:
        channel = self.channels.get(frame.channel)
        if channel is None:
            return
        try:
            channel.inbox.put_nowait(bytes(frame.frame))
        except asyncio.QueueFull:
            # One seat that sends faster than it is answered holds up no other.
            self._end(frame.channel)
            await self.send(ChannelClosed(frame.channel, CLOSE_SLOW, "slow"))

    def _end(self, name: str) -> None:
        channel = self.channels.pop(name, None)
        if channel is not None and channel.task is not None:
            channel.task.cancel()

    async def _serve(self, channel: _Channel) -> None:
        try:
            await self._talk(channel)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if channel.ended is None or task is None:
                raise
            task.uncancel()
            await self._close(channel.name, channel.ended)
        except Gone:
            return
        except Exception as error:
            await self._close(channel.name, error)
        finally:
            if self.channels.get(channel.name) is channel:
                del self.channels[channel.name]

    async def _talk(self, channel: _Channel) -> None:
        hub, opening = self.socket.app.state.hub, channel.opening
        proof = proof_in(hub.token_key, opening.token, hub.clock.now())
        standing = await hub.rooms.enter(opening.room_id, proof)
        if standing.viewer.venue_id != self.relay.venue_id:
            raise OtherVenue
        with hub.rooms.gate.entered(proof.account_id) as pace:
            await self.send(ChannelOpened(channel.name, proof.account_id))
            carrier = Carrier(channel.send, channel.hang_up, pace)
            conversation = Conversation(hub.rooms, standing, language_of(opening.language), carrier)
            with hub.rooms.talking(conversation):
                while True:
                    await conversation.take(await channel.inbox.get())

    async def _close(self, name: str, error: Exception) -> None:
        with suppress(Gone):
            await self.send(ChannelClosed(name, *_code_of(error)))

    async def watch(self) -> None:
        """Look every half second whether the relay may still be here and reads; the hub looks after the seats."""
        hub = self.socket.app.state.hub
        while True:
            await asyncio.sleep(_LOOK_S)
            if self.stuck_since is not None and asyncio.get_running_loop().time() - self.stuck_since > _SEND_S:
                raise TimeoutError
            async with hub.database.read() as session:
                await ensure_current(session, self.relay.id, self.session_id)


async def serve_relay(socket: WebSocket[Any, Any, Any]) -> None:
    """Serve one relay from its first to its last frame."""
    await socket.accept()
    hub = socket.app.state.hub
    try:
        ensure_origin(socket, hub.settings.allowed_origins)
        session_id = new_id(hub.chance)
        async with hub.database.write() as session:
            relay = await enter(session, hub.clock, token_of(socket), session_id)
        connection = _RelayConnection(socket, relay, session_id)
        await connection.send(Hello(relay.id, relay.venue_id, CHANNELS_MAX))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(connection.watch())
            tasks.create_task(connection.read(tasks))
    except Exception as error:
        await _end(socket, _first(error))


def _first(error: Exception) -> Exception:
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error


async def _end(socket: WebSocket[Any, Any, Any], error: Exception) -> None:
    if isinstance(error, Gone):
        return
    with suppress(OSError, RuntimeError, TimeoutError):
        # Whoever does not read will not read this either.
        async with asyncio.timeout(5):
            await socket.close(*_code_of(error))


def _code_of(error: Exception) -> tuple[int, str]:
    """Close code and reason for what ended a channel or the whole connection."""
    if isinstance(error, _Malformed):
        return 4400, "protocol/malformed"
    if isinstance(error, TimeoutError):
        return CLOSE_SLOW, "slow"
    if isinstance(error, HubError):
        return _CODES.get(type(error), 4400), error.code
    log.error("relay failed", exc_info=error)
    return 1011, "hub/unexpected"

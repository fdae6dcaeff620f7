"""The hub's end of a relay: one socket on which the seats of a guest venue speak, each on a channel of its own.

The relay proves only that it is the relay of its venue. Every channel begins with the seat's own token, which the hub
verifies as for a socket of the seat's own, and lives by the same rules.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
import structlog
from litestar import WebSocket
from litestar.exceptions import WebSocketDisconnect

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
from expert_hub.foundation.errors import Forbidden, HubError, NotFound, Unauthenticated
from expert_hub.identity.entry import ensure_origin, token_of, visitor
from expert_hub.identity.errors import OriginRefused
from expert_hub.rooms import service
from expert_hub.rooms.connection import CLOSE_SLOW, serve_socket
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
    Unauthenticated: 4401,
    RelayRefused: 4401,
    Forbidden: 4403,
    OriginRefused: 4403,
    OtherVenue: 4403,
    NotFound: 4404,
    RelaySuperseded: 4409,
}


class _Malformed(Exception):
    """What came is no frame of this protocol."""


class _Channel:
    """Stands where a socket of the seat's own would: frames come in from the relay and go out through it."""

    def __init__(self, carrier: "_RelayConnection", opening: OpenChannel) -> None:
        self.app = carrier.socket.app
        self.headers = {"authorization": f"Bearer {opening.token}", "accept-language": opening.language}
        self.cookies: dict[str, str] = {}
        self.scope: dict[str, Any] = {}
        self.name, self.room_id = opening.channel, opening.room_id
        self.inbox: asyncio.Queue[str] = asyncio.Queue(_WAITING_MAX)
        self.task: asyncio.Task[None] | None = None
        self._carrier = carrier

    async def accept(self, subprotocols: str | None = None) -> None:
        """The relay's socket is open already."""

    async def receive_data(self, mode: str) -> str:
        """The next frame of the seat."""
        return await self.inbox.get()

    async def receive(self) -> dict[str, Any]:
        """The same as a message of ASGI."""
        return {"type": "websocket.receive", "text": await self.inbox.get(), "bytes": None}

    async def send_text(self, text: str) -> None:
        """Send a frame to the seat."""
        await self._carrier.send(ChannelFrame(self.name, msgspec.Raw(text.encode())))

    async def send(self, message: dict[str, Any]) -> None:
        """The same as a message of ASGI."""
        await self.send_text(message["text"])

    async def close(self, code: int, reason: str) -> None:
        """Tell the relay that the seat's talk is over."""
        await self._carrier.send(ChannelClosed(self.name, code, reason))


@dataclass
class _RelayConnection:
    """State of one relay's socket."""

    socket: WebSocket[Any, Any, Any]
    relay: Relay
    session_id: str
    channels: dict[str, _Channel] = field(default_factory=dict)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def send(self, frame: HubFrame) -> None:
        """Send one frame after those before it.

        Raises:
            TimeoutError: the relay does not read.
            WebSocketDisconnect: it is gone.
        """
        try:
            async with asyncio.timeout(_SEND_S), self.sending:
                await self.socket.send_text(msgspec.json.encode(frame).decode())
        except TimeoutError:
            raise
        except OSError:
            raise WebSocketDisconnect(detail="gone while sending", code=1006) from None

    async def read(self, tasks: asyncio.TaskGroup) -> None:
        """Take frames until the socket closes."""
        while True:
            async with asyncio.timeout(_SILENT_S):
                raw = await self.socket.receive_data(mode="text")
            try:
                frame = relay_frame_decoder.decode(raw)
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
            channel.inbox.put_nowait(bytes(frame.frame).decode())
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
            account_id = await self.account_on(channel)
            await self.send(ChannelOpened(channel.name, account_id))
            await serve_socket(cast(Any, channel), channel.room_id)
        except HubError as error:
            await channel.close(_CODES.get(type(error), 4400), error.code)
        finally:
            self.channels.pop(channel.name, None)

    async def account_on(self, channel: _Channel) -> str:
        """The account that a channel's token proves, if it has a part in the room at the relay's venue.

        Raises:
            Unauthenticated, NotFound, OtherVenue: it may not be here.
        """
        hub = self.socket.app.state.hub
        async with hub.database.read() as session:
            actor = await visitor(cast(Any, channel), session, hub.clock, hub.token_key)
            if actor is None:
                raise Unauthenticated
            part = await service.part_in(session, channel.room_id, actor)
        if part.venue_id != self.relay.venue_id:
            raise OtherVenue
        return actor.account_id

    async def watch(self) -> None:
        """Look every half second whether the relay and its seats may still be here."""
        hub = self.socket.app.state.hub
        while True:
            await asyncio.sleep(_LOOK_S)
            async with hub.database.read() as session:
                await ensure_current(session, self.relay.id, self.session_id)
            for channel in list(self.channels.values()):
                await self._check(channel)

    async def _check(self, channel: _Channel) -> None:
        try:
            await self.account_on(channel)
        except HubError as error:
            if self.channels.get(channel.name) is channel:
                self._end(channel.name)
                await channel.close(_CODES.get(type(error), 4400), error.code)


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
        closing = _closing(error)
        if closing is not None:
            await socket.close(*closing)


def _closing(error: BaseException) -> tuple[int, str] | None:
    """Close code and reason for what ended a relay's connection; none if the other side is gone already."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, WebSocketDisconnect):
        return None
    if isinstance(error, _Malformed):
        return 4400, "protocol/malformed"
    if isinstance(error, TimeoutError):
        return CLOSE_SLOW, "slow"
    if isinstance(error, HubError):
        return _CODES.get(type(error), 4400), error.code
    log.error("relay failed", exc_info=error)
    return 1011, "hub/unexpected"

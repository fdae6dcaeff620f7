"""The one connection to the hub: opened again whenever it breaks, with channels for the seats on it."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

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
    hub_frame_decoder,
)
from expert_hub.foundation.chance import Chance
from expert_hub.relay.errors import RelayStopped
from expert_hub.relay.settings import RelaySettings
from expert_hub.seat_client.settings import Backoff, LinkSettings

STOPPING = (4401, 4403, 4404, 4409)
"""Close codes after which the hub will not take the same again: of the relay itself, or of one sign-in."""


class HubUnreachable(Exception):
    """There is no link, or it broke."""


class ChannelRefused(Exception):
    """The hub does not open the channel."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(code, reason)
        self.code, self.reason = code, reason


class Side(Protocol):
    """What stands on this side of the connection."""

    def linked(self, hello: Hello) -> None:
        """The hub has taken the relay."""

    def unlinked(self, why: str) -> None:
        """The link is gone, and every channel with it."""

    def carried(self, channel: str, frame: bytes) -> None:
        """A frame came on a channel."""

    def closed(self, channel: str, code: int, reason: str) -> None:
        """The hub closed a channel."""


class _Direct(connect):
    """Follows no redirect: the credential is meant for the address it was given with."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Every redirect is a failure."""
        return exc


class Upstream:
    """Connects, tells its side what comes, and opens channels."""

    def __init__(self, url: str, credential: str, settings: RelaySettings, chance: Chance) -> None:
        self._url, self._credential, self._settings = url, credential, settings
        self._backoff = Backoff(
            LinkSettings(backoff_first_s=settings.backoff_first_s, backoff_max_s=settings.backoff_max_s), chance
        )
        self._leaving: asyncio.Queue[RelayFrame] | None = None
        self._opening: dict[str, asyncio.Future[str]] = {}
        # Closed again before whoever opened it has come to take it.
        self._ended: dict[str, ChannelRefused] = {}
        self._names = count(1)
        self._heard_at = 0.0

    @property
    def is_linked(self) -> bool:
        """Whether the hub is there."""
        return self._leaving is not None

    def put(self, frame: RelayFrame) -> None:
        """Send a frame after those before it; without a link it goes nowhere."""
        if self._leaving is not None:
            self._leaving.put_nowait(frame)

    async def open(self, room_id: str, token: str, language: str) -> tuple[str, str]:
        """Have the hub verify a token and open a channel.

        Returns:
            Name of the channel and id of the account.

        Raises:
            ChannelRefused: the hub said no, with a close code of the room's protocol.
            HubUnreachable: there is no link, or it broke meanwhile.
        """
        leaving = self._leaving
        if leaving is None:
            raise HubUnreachable
        channel = f"c{next(self._names)}"
        opened = self._opening[channel] = asyncio.get_running_loop().create_future()
        self.put(OpenChannel(channel, room_id, token, language))
        try:
            account_id = await opened
            if channel in self._ended:
                raise self._ended[channel]
            if self._leaving is not leaving:
                raise HubUnreachable
            return channel, account_id
        except asyncio.CancelledError:
            self.put(CloseChannel(channel))
            raise
        finally:
            self._opening.pop(channel, None)
            self._ended.pop(channel, None)

    async def run(self, side: Side) -> None:
        """Stay connected until cancelled.

        Raises:
            RelayStopped: the hub says that connecting again is wrong.
        """
        while True:
            try:
                await self._attach(side)
            except HubUnreachable as lost:
                self._let_go(str(lost), side)
            await asyncio.sleep(self._backoff.next_pause_s())

    def _let_go(self, why: str, side: Side) -> None:
        self._leaving = None
        for opened in self._opening.values():
            if not opened.done():
                opened.set_exception(HubUnreachable(why))
        side.unlinked(why)

    async def _attach(self, side: Side) -> None:
        socket = await self._connect()
        leaving: asyncio.Queue[RelayFrame] = asyncio.Queue()
        self._heard_at = asyncio.get_running_loop().time()
        work = [asyncio.create_task(self._pump(socket, leaving)), asyncio.create_task(self._beat(socket, leaving))]
        try:
            while True:
                self._take(hub_frame_decoder.decode(await socket.recv()), leaving, side)
                self._heard_at = asyncio.get_running_loop().time()
        except ConnectionClosed as error:
            _stop_on(socket.close_code, socket.close_reason or "")
            raise HubUnreachable(str(error)) from error
        except msgspec.DecodeError as error:
            raise HubUnreachable(f"not a frame: {error}") from error
        finally:
            for task in work:
                task.cancel()
            await asyncio.gather(*work, return_exceptions=True)
            await socket.close()

    def _take(self, frame: HubFrame, leaving: asyncio.Queue[RelayFrame], side: Side) -> None:
        match frame:
            case Hello():
                self._leaving = leaving
                self._backoff.reset()
                side.linked(frame)
            case ChannelOpened():
                self._settle(frame.channel, lambda opened: opened.set_result(frame.account_id))
            case ChannelClosed():
                refused = ChannelRefused(frame.code, frame.reason)
                if frame.channel not in self._opening:
                    side.closed(frame.channel, frame.code, frame.reason)
                elif not self._settle(frame.channel, lambda opened: opened.set_exception(refused)):
                    self._ended[frame.channel] = refused
            case ChannelFrame():
                side.carried(frame.channel, bytes(frame.frame))

    def _settle(self, channel: str, settle: Callable[[Any], None]) -> bool:
        opened = self._opening.get(channel)
        if opened is None or opened.done():
            return False
        settle(opened)
        return True

    async def _connect(self) -> ClientConnection:
        try:
            return await _Direct(
                self._url,
                additional_headers={"Authorization": f"Bearer {self._credential}"},
                open_timeout=self._settings.connect_timeout_s,
                ping_interval=None,
                close_timeout=1,
                compression=None,
                max_size=self._settings.hub_frame_bytes_max,
                proxy=None,
            )
        except ssl.SSLCertVerificationError as error:
            raise RelayStopped(code=0, reason=str(error)) from error
        except InvalidStatus as error:
            raise HubUnreachable(f"HTTP {error.response.status_code}") from error
        except (OSError, EOFError, InvalidHandshake, InvalidMessage, ConnectionClosed) as error:
            raise HubUnreachable(str(error) or type(error).__name__) from error

    async def _pump(self, socket: ClientConnection, leaving: asyncio.Queue[RelayFrame]) -> None:
        while True:
            frame = await leaving.get()
            with contextlib.suppress(ConnectionClosed):
                await socket.send(msgspec.json.encode(frame), text=True)

    async def _beat(self, socket: ClientConnection, leaving: asyncio.Queue[RelayFrame]) -> None:
        while True:
            await asyncio.sleep(self._settings.heartbeat_s)
            if asyncio.get_running_loop().time() - self._heard_at >= self._settings.dead_after_s:
                socket.transport.abort()
                return
            if leaving.empty():
                leaving.put_nowait(Beat())


def _stop_on(code: int | None, reason: str) -> None:
    if code in STOPPING:
        raise RelayStopped(code=code, reason=reason)

"""One connection to a room, from the open handshake to its end."""

import asyncio
import contextlib
import ssl
from collections.abc import Callable

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus

from evaluation.protocol import ClientFrame, PingFrame, ServerFrame, encode_frame
from expert_hub.seat_client.errors import STOPPING_CODES, ServerUntrusted
from expert_hub.seat_client.settings import LinkSettings

_decoder: msgspec.json.Decoder[ServerFrame] = msgspec.json.Decoder(ServerFrame)
_KINDS = frozenset({"ack", "refusal", "view", "changes", "pong"})


class LinkLost(Exception):
    """The connection ended or cannot be trusted any more; connecting again is right."""


class _Direct(connect):
    """Follows no redirect: the token is meant for the address it was given with."""

    def process_redirect(self, exc: Exception) -> Exception | str:
        """Every redirect is a failure."""
        return exc


def read_frame(message: str | bytes) -> ServerFrame | None:
    """One frame of the server.

    Args:
        message: a WebSocket message.

    Returns:
        The frame, or None for a kind this client does not know yet.

    Raises:
        LinkLost: when it is no frame at all; an answer may have been lost in it.
    """
    try:
        return _decoder.decode(message)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        with contextlib.suppress(msgspec.DecodeError, UnicodeError, RecursionError):
            kind = msgspec.json.decode(message, type=dict[str, msgspec.Raw]).get("kind", msgspec.Raw(b"null"))
            if msgspec.json.decode(kind, type=str) not in _KINDS:
                return None
        raise LinkLost(f"not a frame: {error}") from error


async def open_link(url: str, token: str, settings: LinkSettings) -> "Link":
    """Connect once.

    Args:
        url: `ws://` or `wss://` address of the room's socket.
        token: bearer token, sent in the header only.
        settings: time limits.

    Raises:
        SeatStopped: when the server says that connecting again is wrong, or its certificate is not valid.
        LinkLost: when it did not work this time.
    """
    try:
        socket = await _Direct(
            url,
            additional_headers={"Authorization": f"Bearer {token}"},
            open_timeout=settings.connect_timeout_s,
            ping_interval=None,  # The heartbeat is one of frames, which the room sees as well.
            close_timeout=1,
            compression=None,
            max_size=settings.max_frame_bytes,
            proxy=None,
        )
    except ssl.SSLCertVerificationError as error:
        raise ServerUntrusted(why=str(error)) from error
    except InvalidStatus as error:
        # A server may also refuse before the handshake is complete.
        _stop_on(4000 + error.response.status_code)
        raise LinkLost(f"HTTP {error.response.status_code}") from error
    except (OSError, EOFError, InvalidHandshake, InvalidMessage, ConnectionClosed) as error:
        raise LinkLost(str(error) or type(error).__name__) from error
    return Link(socket, settings)


def _stop_on(code: int | None) -> None:
    stopped = STOPPING_CODES.get(code or 0)
    if stopped is not None:
        raise stopped(close_code=code)


class Link:
    """An open connection: frames put into it leave in order, frames that arrive are handed on one by one."""

    def __init__(self, socket: ClientConnection, settings: LinkSettings) -> None:
        self._socket = socket
        self._settings = settings
        self._leaving: asyncio.Queue[ClientFrame] = asyncio.Queue()
        self._heard_at = asyncio.get_running_loop().time()

    def put(self, frame: ClientFrame) -> None:
        """Send a frame after those already put."""
        self._leaving.put_nowait(frame)

    def cut(self) -> None:
        """End the TCP connection at once, without a farewell."""
        self._socket.transport.abort()

    async def serve(self, take: Callable[[ServerFrame], None]) -> None:
        """Carry frames both ways until the connection ends.

        Args:
            take: called with every frame that arrives.

        Raises:
            SeatStopped: when it ended with a code after which connecting again is wrong.
            LinkLost: when it ended in any other way.
        """
        carriers = [asyncio.create_task(self._pump()), asyncio.create_task(self._beat())]
        try:
            await self._read(take)
        except ConnectionClosed as error:
            _stop_on(self._socket.close_code)
            raise LinkLost(str(error)) from error
        finally:
            for carrier in carriers:
                carrier.cancel()
            await asyncio.gather(*carriers, return_exceptions=True)
            await self._socket.close()

    async def _read(self, take: Callable[[ServerFrame], None]) -> None:
        while True:
            message = await self._socket.recv()
            self._heard_at = asyncio.get_running_loop().time()
            frame = read_frame(message)
            if frame is not None:
                take(frame)

    async def _pump(self) -> None:
        while True:
            frame = await self._leaving.get()
            await self._socket.send(encode_frame(frame), text=True)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(self._settings.heartbeat_s)
            if asyncio.get_running_loop().time() - self._heard_at >= self._settings.dead_after_s:
                return self.cut()
            self.put(PingFrame())

"""The smallest client of a room that is still a real one: RFC 6455 over an asyncio transport, nothing decoded twice.

A thousand of these must not be what a measurement measures. Frames of a client are masked with the key zero, which is
a mask like any other and leaves the octets as they are.
"""

import asyncio
import base64
import os
import re
import socket
from collections.abc import Callable
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
_VERSION = re.compile(rb'"version":(\d+)')
_COMMAND = re.compile(rb'"command_id":"([^"]*)"')


class Refused(Exception):
    """The server did not open the socket; the text is the first line of its answer."""


def frame(payload: bytes, opcode: int = TEXT, *, final: bool = True) -> bytes:
    """One masked frame of a client."""
    size = len(payload)
    head = bytes([opcode | (0x80 if final else 0)])
    if size < 126:
        return head + bytes([0x80 | size]) + b"\0\0\0\0" + payload
    if size < 1 << 16:
        return head + b"\xfe" + size.to_bytes(2, "big") + b"\0\0\0\0" + payload
    return head + b"\xff" + size.to_bytes(8, "big") + b"\0\0\0\0" + payload


def command(command_id: str, body: str) -> bytes:
    """The frame of one command."""
    return frame(f'{{"kind":"command","command_id":"{command_id}","command":{body}}}'.encode())


def resume(after: int | None) -> bytes:
    """The frame that asks for what changed after a version."""
    return frame(f'{{"kind":"resume","after":{"null" if after is None else after}}}'.encode())


def version_in(payload: bytes) -> int:
    """The version that an `ack`, a `view` or `changes` names near its beginning or, in a large view, at its end."""
    found = _VERSION.search(payload, 0, 200) or _VERSION.search(payload)
    return int(found[1]) if found else 0


def command_in(payload: bytes) -> str:
    """The id of the command that an `ack` or a `refusal` answers; empty if it names none."""
    found = _COMMAND.search(payload)
    return found[1].decode() if found else ""


class RoomSocket(asyncio.Protocol):
    """One socket. What arrives goes to `on_text`; `closed` is set when the connection is gone."""

    def __init__(self, on_text: Callable[["RoomSocket", bytes], None]) -> None:
        self.on_text = on_text
        self.transport: Any = None
        self.version = 0
        self.close_code: int | None = None
        self.closed = asyncio.Event()
        self.received = 0
        self._rest = b""
        self._whole: bytes = b""
        self._opened: asyncio.Future[None] | None = None

    async def open(self, address: tuple[str, int], path: str, token: str, *, small_buffer: bool = False) -> None:
        """Connect and shake hands.

        Raises:
            Refused: the server does not open a socket here.
            OSError: there is no connection.
        """
        loop = asyncio.get_running_loop()
        self._opened = loop.create_future()
        plain = socket.socket()
        plain.setblocking(False)
        if small_buffer:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        try:
            await loop.sock_connect(plain, address)
            self.transport, _ = await loop.create_connection(lambda: self, sock=plain)
        except BaseException:
            plain.close()
            raise
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {address[0]}:{address[1]}",
            "Upgrade: websocket",
            "Connection: Upgrade",
        ]
        lines += [f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13", "Accept-Language: en"]
        lines += [f"Authorization: Bearer {token}"] if token else []
        self.transport.write("\r\n".join([*lines, "", ""]).encode())
        await self._opened

    def send(self, octets: bytes) -> None:
        """Write frames that are already made."""
        self.transport.write(octets)

    def abort(self) -> None:
        """Let the connection go without a word."""
        if self.transport is not None:
            self.transport.abort()

    def connection_lost(self, error: Exception | None) -> None:
        """The end, whoever wanted it."""
        if self._opened is not None and not self._opened.done():
            self._opened.set_exception(error or ConnectionResetError("closed during the handshake"))
        self.closed.set()

    def data_received(self, data: bytes) -> None:
        """Take the whole frames out of what has come so far."""
        data = self._rest + data if self._rest else data
        at = 0
        if self._opened is not None and not self._opened.done():
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._rest = data
                return
            self._greet(data[:end])
            at = end + 4
        at = self._take_frames(data, at)
        self._rest = data[at:]

    def _greet(self, head: bytes) -> None:
        assert self._opened is not None
        if head.startswith(b"HTTP/1.1 101"):
            self._opened.set_result(None)
        else:
            self._opened.set_exception(Refused(head.split(b"\r\n")[0].decode(errors="replace")))

    def _take_frames(self, data: bytes, at: int) -> int:
        limit = len(data)
        while limit - at >= 2:
            size, begin = data[at + 1] & 0x7F, at + 2
            if size > 125:
                width = 2 if size == 126 else 8
                size, begin = int.from_bytes(data[begin : begin + width], "big"), begin + width
            if begin + size > limit:
                break
            self._take(data[at], data[begin : begin + size])
            at = begin + size
        return at

    def _take(self, first: int, payload: bytes) -> None:
        opcode, final = first & 0x0F, first & 0x80
        if opcode in (0, TEXT, BINARY):
            self._whole += payload
            if final:
                payload, self._whole = self._whole, b""
                self.received += len(payload)
                self.on_text(self, payload)
        elif opcode == PING:
            self.transport.write(frame(payload, PONG))
        elif opcode == CLOSE:
            self.close_code = int.from_bytes(payload[:2], "big") if len(payload) >= 2 else 1005
            self.transport.write(frame(payload[:2], CLOSE))
            self.transport.close()

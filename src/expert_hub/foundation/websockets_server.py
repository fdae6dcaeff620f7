"""The server's WebSocket protocol, with a short way out for frames that a thousand sockets get.

An ASGI application sends a dictionary through every layer of the framework, and the server frames the text anew for
each socket. A room that tells a thousand sockets the same spends most of its time there. The extension
`expert_hub.direct` in the scope of a WebSocket writes a finished frame at once, if the other side reads, and gives the
next message without the wrappers of the framework. Where the extension is missing (another server, a relay's channel)
everything goes the ordinary way.
"""

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.exceptions import InvalidState

EXTENSION = "expert_hub.direct"
_TEXT = b"\x81"
_WAITING = 8
"""Messages that may wait for the application before reading stops."""


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """One connection; without compression, so that a frame is its text and a head."""

    def handle_connect(self, event: Any) -> None:
        """Offer the extension to the application."""
        super().handle_connect(event)
        if not self.close_sent:
            # The application has not run yet: its task begins with the next turn of the loop.
            self.scope["extensions"][EXTENSION] = {"write": self.write_text, "receive": self.receive}

    def send_receive_event_to_app(self) -> None:
        """Hand a message on; text that is not UTF-8 ends the connection with 1007.

        The server itself would log a traceback for such text: a stranger must not be able to fill the log. It would
        also stop reading after every message; here a few may wait, so that most cost no system call for that.
        """
        octets, self.frames = b"".join(self.frames), []
        if self.close_sent:
            return
        if self.curr_msg_data_type == "text":
            try:
                self.queue.put_nowait({"type": "websocket.receive", "text": octets.decode()})
            except UnicodeDecodeError:
                self._refuse_text()
                return
        else:
            self.queue.put_nowait({"type": "websocket.receive", "bytes": octets})
        if not self.read_paused and self.queue.qsize() >= _WAITING:
            self.read_paused = True
            self.transport.pause_reading()

    def _refuse_text(self) -> None:
        try:
            self.conn.send_close(1007)
        except InvalidState:
            # It is closing already.
            self.transport.close()
        else:
            self.handle_parser_exception()

    def write_text(self, text: bytes) -> bool:
        """Write one message now.

        Args:
            text: the message in UTF-8.

        Returns:
            False if the other side has to read first; nothing was written then.

        Raises:
            ClientDisconnected: the connection is over.
        """
        if self.disconnected or self.close_sent or self.transport.is_closing():
            raise ClientDisconnected
        if not self.writable.is_set() or not self.handshake_complete:
            return False
        self.transport.write(_head(len(text)) + text)
        return True


def _head(size: int) -> bytes:
    if size < 126:
        return _TEXT + bytes((size,))
    if size < 1 << 16:
        return _TEXT + b"\x7e" + size.to_bytes(2, "big")
    return _TEXT + b"\x7f" + size.to_bytes(8, "big")

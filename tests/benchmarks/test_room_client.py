import pytest

from benchmarks.room_client import CLOSE, PONG, RoomSocket, command, command_in, frame, resume, version_in


class Wire:
    def __init__(self):
        self.written = b""
        self.open = True

    def write(self, octets):
        self.written += octets

    def close(self):
        self.open = False


def from_server(payload, opcode=1):
    """The same frame without the mask."""
    masked = frame(payload, opcode)
    at = masked.index(b"\0\0\0\0", len(masked) - len(payload) - 4)
    return bytes([masked[0], masked[1] & 0x7F]) + masked[2:at] + payload


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_of_every_size_come_out_whole_however_they_are_cut(size):
    texts = []
    socket = RoomSocket(lambda _, payload: texts.append(payload))
    socket.transport = Wire()
    octets = from_server(b"x" * size) + from_server(b"end")
    cuts = range(1, 16) if size < 1_000 else (1, 2, 5, 9, 60_000)
    for cut in cuts:
        socket.data_received(octets[:cut])
        socket.data_received(octets[cut:])
    assert texts == [b"x" * size, b"end"] * len(cuts)


def test_pings_are_answered_and_a_close_is_remembered():
    socket = RoomSocket(lambda *_: None)
    socket.transport = wire = Wire()
    socket.data_received(from_server(b"hi", 9) + from_server((4408).to_bytes(2, "big") + b"silent", CLOSE))
    assert wire.written == frame(b"hi", PONG) + frame((4408).to_bytes(2, "big"), CLOSE)
    assert (socket.close_code, wire.open) == (4408, False)


def test_frames_read_like_the_protocol_wants_them():
    assert command("c1", '{"type":"archive"}').endswith(
        b'{"kind":"command","command_id":"c1","command":{"type":"archive"}}'
    )
    assert resume(None).endswith(b'{"kind":"resume","after":null}')
    assert resume(7).endswith(b'{"kind":"resume","after":7}')
    assert version_in(b'{"kind":"ack","command_id":"c1","version":12}') == 12
    assert command_in(b'{"kind":"ack","command_id":"c1","version":12}') == "c1"
    assert (version_in(b'{"kind":"pong"}'), command_in(b'{"kind":"pong"}')) == (0, "")

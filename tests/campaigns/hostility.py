"""Frames that no honest client sends, by a seed: what is inside a frame is wrong, or the frame itself."""

import json
from collections.abc import Callable
from random import Random

from benchmarks.room_client import BINARY, CLOSE, PING, PONG, TEXT, command, frame

_WORDS = ("kind", "command", "resume", "ping", "v", "after", "command_id", "type", "enter_score", "\u0000", "评委", "𝄞")


def _broken_json(rng: Random) -> bytes:
    whole = json.dumps({"kind": rng.choice(_WORDS), rng.choice(_WORDS): rng.choice(_WORDS)})
    return frame(whole[: rng.randrange(len(whole))].encode())


def _wrong_values(rng: Random) -> bytes:
    values = (None, True, -1, 1e400, 2**80, "", "x" * 5_000, [], {}, ["a"] * 50, {"a": {"b": []}})
    body = {rng.choice(_WORDS): rng.choice(values) for _ in range(rng.randrange(1, 5))}
    return frame(json.dumps({"kind": rng.choice(("command", "resume", "ping")), **body}).encode())


def _wrong_command(rng: Random) -> bytes:
    kinds = ("enter_score", "submit_sheet", "archive", "check_in", "sign_report", "open_check_in", "dance", "")
    body = {"type": rng.choice(kinds), rng.choice(_WORDS): rng.choice(_WORDS)}
    return command(rng.choice(("h", "\\u0000", "x" * 65, "\\ud800", "", "h2")), json.dumps(body))


def _wrong_version(rng: Random) -> bytes:
    return frame(json.dumps({"kind": "ping", "v": rng.choice((0, 2, -1, 10**30, "1", None, 1.0))}).encode())


def _deep(rng: Random) -> bytes:
    opening = rng.choice(("[", '{"a":', '{"kind":"command","command_id":"d","command":['))
    return frame((opening * rng.choice((60, 1_000, 5_000)))[:60_000].encode())


def _huge(rng: Random) -> bytes:
    return frame(b'{"kind":"ping","x":"' + b"x" * rng.choice((60_000, 65_537, 300_000)) + b'"}')


def _binary(rng: Random) -> bytes:
    return frame(rng.randbytes(rng.randrange(200)), BINARY)


def _bad_text(rng: Random) -> bytes:
    return frame(b'{"kind":"ping","x":"' + rng.choice((b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80")) + b'"}')


def _flood(rng: Random) -> bytes:
    return frame(b'{"kind":"ping"}') * rng.randrange(20, 100)


def _fragments(rng: Random) -> bytes:
    whole = b'{"kind":"ping"}'
    parts = [frame(whole[:5], TEXT, final=False)]
    parts += [frame(b"", 0, final=False)] * rng.randrange(20)
    parts += [frame(b"!", PING)] if rng.random() < 0.5 else []
    parts.append(rng.choice((frame(whole[5:], 0), frame(whole, TEXT), frame(b"\xff", 0, final=False))))
    return b"".join(parts)


def _control(rng: Random) -> bytes:
    kind = rng.choice((PING, PONG, CLOSE, 3, 7, 11, 15, 0))
    return frame(rng.randbytes(rng.choice((0, 1, 2, 20, 125, 126, 200))), kind, final=rng.random() < 0.8)


def _bad_frame(rng: Random) -> bytes:
    unmasked = b"\x81\x05hello"
    reserved = bytes([0x81 | rng.choice((0x40, 0x20, 0x10))]) + frame(b"{}")[1:]
    endless = b"\x81\xff" + b"\xff" * 8 + b"\0\0\0\0"
    return rng.choice((unmasked, reserved, endless, rng.randbytes(rng.randrange(1, 300)), b"GET / HTTP/1.1\r\n\r\n"))


KINDS: tuple[Callable[[Random], bytes], ...] = (
    _broken_json,
    _wrong_values,
    _wrong_command,
    _wrong_version,
    _deep,
    _huge,
    _binary,
    _bad_text,
    _flood,
    _fragments,
    _control,
    _bad_frame,
)


def hostile_frame(rng: Random) -> tuple[str, bytes]:
    """The name of a kind and the octets of one hostile frame, or of several that belong together."""
    kind = rng.choice(KINDS)
    return kind.__name__.strip("_"), kind(rng)

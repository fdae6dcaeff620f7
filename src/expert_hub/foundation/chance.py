"""Randomness as an argument: the only place of the service that makes any."""

import hashlib
import secrets
from typing import Protocol, TypeVar, runtime_checkable

T = TypeVar("T")


@runtime_checkable
class Chance(Protocol):
    """Source of secrets and identifiers."""

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""


class SystemChance:
    """The operating system's generator."""

    def octets(self, count: int) -> bytes:
        """`count` random bytes."""
        return secrets.token_bytes(count)


class SeededChance:
    """A repeatable stream for tests; never for a running hub."""

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._block = 0

    def octets(self, count: int) -> bytes:
        """The next `count` bytes of the stream."""
        out = b""
        while len(out) < count:
            out += hashlib.sha256(f"{self._seed}:{self._block}".encode()).digest()
            self._block += 1
        return out[:count]


class BufferedChance:
    """Takes randomness in blocks, so that many small values cost one system call; for one thread only."""

    def __init__(self, source: Chance, block: int = 1 << 16) -> None:
        self._source = source
        self._block = block
        self._kept = b""
        self._used = 0

    def octets(self, count: int) -> bytes:
        """`count` random bytes, none of them given twice."""
        if len(self._kept) - self._used < count:
            self._kept, self._used = self._source.octets(max(self._block, count)), 0
        self._used += count
        return self._kept[self._used - count : self._used]


_LETTERS = "23456789abcdefghijkmnpqrstuvwxyz"
"""32 signs without 0, 1, l and o, which people confuse when they read a code aloud."""


def new_id(chance: Chance) -> str:
    """An identifier of 32 hexadecimal characters (128 bits)."""
    return chance.octets(16).hex()


def new_code(chance: Chance, length: int = 16) -> str:
    """A secret that a person can type: five bits a character."""
    return "".join(_LETTERS[octet & 31] for octet in chance.octets(length))


def shuffled(items: list[T], chance: Chance) -> list[T]:
    """A uniformly random order of the items (Fisher-Yates over rejection-sampled 64-bit numbers)."""
    out = list(items)
    for last in range(len(out) - 1, 0, -1):
        pick = _below(last + 1, chance)
        out[last], out[pick] = out[pick], out[last]
    return out


def _below(bound: int, chance: Chance) -> int:
    limit = (1 << 64) - (1 << 64) % bound
    while True:
        number = int.from_bytes(chance.octets(8), "big")
        if number < limit:
            return number % bound

"""Seed and stream: domain-separated SHA-256, a counter stream, and unbiased choices from it. Standard library only."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

Item = TypeVar("Item")
_WORD = 8
_RANGE = 1 << 64


def h(tag: str, *parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts, the tag first.

    Args:
        tag: purpose of the digest, so that equal parts under another purpose give another digest.
        *parts: byte strings; each is preceded by its length as 8 bytes, big end first.

    Returns:
        32 bytes.

    Source: FIPS 180-4; XD-1, paragraph "h(tag, x1, ...)"
    """
    digest = hashlib.sha256()
    for part in (tag.encode("utf-8"), *parts):
        digest.update(len(part).to_bytes(_WORD, "big"))
        digest.update(part)
    return digest.digest()


class Stream:
    """Endless 64-bit words from a seed: block i is ``h("stream", seed, i)``, cut into four words, big end first.

    Args:
        seed: any bytes; the same seed gives the same words for ever and on every machine.

    Source: XD-1, step ORDER
    """

    __slots__ = ("_block", "_counter", "_offset", "_seed")

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._counter = 0
        self._block = b""
        self._offset = 0

    def word(self) -> int:
        """Return the next word, an integer in [0, 2**64)."""
        if self._offset == len(self._block):
            self._block = h("stream", self._seed, self._counter.to_bytes(_WORD, "big"))
            self._counter += 1
            self._offset = 0
        start, self._offset = self._offset, self._offset + _WORD
        return int.from_bytes(self._block[start : self._offset], "big")

    def below(self, bound: int) -> int:
        """Return an integer in [0, bound), every value equally likely.

        Words at or above the largest multiple of ``bound`` are thrown away: a plain remainder favours small values.

        Raises:
            ValueError: bound outside 1..2**64.
        """
        if not 1 <= bound <= _RANGE:
            raise ValueError("bound must lie in 1..2**64")
        limit = _RANGE - _RANGE % bound
        while (word := self.word()) >= limit:
            pass
        return word % bound

    def weighted(self, cumulative: Sequence[int]) -> int:
        """Return index i with probability proportional to its integer weight.

        Args:
            cumulative: running sums of the weights, not decreasing, the last one in 1..2**64.
        """
        return bisect_right(cumulative, self.below(cumulative[-1]))

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """Return the items in a uniformly random order (Fisher and Yates, from the last place down)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.below(last + 1)
            result[last], result[other] = result[other], result[last]
        return result


def running_sums(weights: Sequence[int]) -> list[int]:
    """Return the running sums that ``Stream.weighted`` takes.

    Source: engineering choice
    """
    return list(accumulate(weights))

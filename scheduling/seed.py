"""Seed and stream: domain-separated SHA-256, a counter stream, and unbiased choices from it. Standard library only."""

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

_WORD = 8
_WORD_BITS = 64


def h(tag: str, *parts: bytes) -> bytes:
    """SHA-256 over length-prefixed parts, the tag first.

    Args:
        tag: purpose of the digest, so that equal parts under another purpose give another digest.
        *parts: byte strings; each is preceded by its length as 8 bytes, big end first.

    Returns:
        32 bytes.

    Source: FIPS 180-4; XD-1 section 1
    """
    digest = hashlib.sha256()
    for part in (tag.encode("utf-8"), *parts):
        digest.update(len(part).to_bytes(_WORD, "big"))
        digest.update(part)
    return digest.digest()


def u64(number: int) -> bytes:
    """Return a number in [0, 2**64) as 8 bytes, big end first.

    Source: XD-1 section 1
    """
    return number.to_bytes(_WORD, "big")


class Stream:
    """Endless 64-bit words from a seed: block i is ``h("stream", seed, i)``, cut into four words, big end first.

    Args:
        seed: any bytes; the same seed gives the same words for ever and on every machine.

    Source: XD-1 section 1
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
            self._block = h("stream", self._seed, u64(self._counter))
            self._counter += 1
            self._offset = 0
        start, self._offset = self._offset, self._offset + _WORD
        return int.from_bytes(self._block[start : self._offset], "big")

    def below(self, bound: int) -> int:
        """Return an integer in [0, bound), every value equally likely.

        Words are joined where one is not enough, the first one most significant. Values at or above the largest
        multiple of ``bound`` are thrown away: a plain remainder favours small values.

        Raises:
            ValueError: bound below 1.
        """
        if bound < 1:
            raise ValueError("bound must be at least 1")
        words = max(1, -(-(bound - 1).bit_length() // _WORD_BITS))
        limit = (1 << words * _WORD_BITS) // bound * bound
        while (value := self._joined(words)) >= limit:
            pass
        return value % bound

    def _joined(self, words: int) -> int:
        value = 0
        for _ in range(words):
            value = value << _WORD_BITS | self.word()
        return value

    def weighted(self, cumulative: Sequence[int]) -> int:
        """Return index i with probability proportional to its integer weight.

        Args:
            cumulative: running sums of the weights, not decreasing, the last one at least 1.
        """
        return bisect_right(cumulative, self.below(cumulative[-1]))


def running_sums(weights: Sequence[int]) -> list[int]:
    """Return the running sums that ``Stream.weighted`` takes.

    Source: engineering choice
    """
    return list(accumulate(weights))

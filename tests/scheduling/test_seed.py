import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.seed import Stream, h, running_sums, u64


def test_digest_is_sha256_over_length_prefixed_parts() -> None:
    plain = b"\0\0\0\0\0\0\0\3tag" + b"\0\0\0\0\0\0\0\1x" + b"\0\0\0\0\0\0\0\0"
    assert h("tag", b"x", b"") == hashlib.sha256(plain).digest()


@given(st.lists(st.binary(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_moving_a_boundary_between_parts_changes_the_digest(left: list[bytes], right: list[bytes]) -> None:
    assert (h("t", *left) == h("t", *right)) == (left == right)


def test_stream_is_the_documented_sequence_of_words() -> None:
    stream, block = Stream(b"seed"), h("stream", b"seed", bytes(8))
    words = [stream.word() for _ in range(5)]
    assert words[:4] == [int.from_bytes(block[start : start + 8], "big") for start in (0, 8, 16, 24)]
    assert words[4] == int.from_bytes(h("stream", b"seed", bytes(7) + b"\1")[:8], "big")


class _Words(Stream):
    def __init__(self, words: list[int]) -> None:
        super().__init__(b"")
        self.words = words

    def word(self) -> int:
        return self.words.pop(0)


def test_words_beyond_the_largest_multiple_are_thrown_away() -> None:
    assert _Words([2**64 - 1, 7]).below(3) == 1
    assert _Words([2**64 - 2]).below(3) == 2


@given(st.integers(1, 2**200), st.binary(max_size=8))
def test_choice_lies_below_its_bound(bound: int, seed: bytes) -> None:
    assert 0 <= Stream(seed).below(bound) < bound


@pytest.mark.parametrize("bound", [0, -1])
def test_bound_outside_the_range_is_refused(bound: int) -> None:
    with pytest.raises(ValueError, match="bound"):
        Stream(b"").below(bound)


def test_weighted_choice_follows_the_weights_and_never_takes_weight_zero() -> None:
    stream = Stream(b"w")
    counts = Counter(stream.weighted(running_sums([1, 0, 3])) for _ in range(8000))
    assert set(counts) == {0, 2}
    assert abs(counts[0] - 2000) < 4 * (8000 * 0.25 * 0.75) ** 0.5


def test_bounds_above_a_word_join_words_the_first_most_significant() -> None:
    assert _Words([1, 5]).below(2**64 + 1) == (2**64 + 5) % (2**64 + 1)
    assert _Words([7]).below(2**64) == 7
    assert u64(258) == bytes(6) + b"\1\2"

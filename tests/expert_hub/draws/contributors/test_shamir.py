from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_hub.draws.contributors import shamir
from expert_hub.foundation.chance import SeededChance


class FixedChance:
    """Gives the octets it was told."""

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def octets(self, count: int) -> bytes:
        taken, self._octets = self._octets[:count], self._octets[count:]
        assert len(taken) == count
        return taken


def test_a_share_by_hand_in_the_field_of_aes() -> None:
    # 0x53 + 0xCA x; FIPS 197 gives 0x57 * 0x13 = 0xFE, and 0x53 * 0xCA = 1.
    assert shamir.split(b"\x00", 2, 0x13, FixedChance(b"\x57"))[0x12] == b"\xfe"
    assert shamir.split(b"\x00", 2, 0xCA, FixedChance(b"\x53"))[0xC9] == b"\x01"


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=9), st.integers(1, 5), st.integers(0, 3), st.text(max_size=5))
def test_any_threshold_of_shares_gives_the_secret(secret: bytes, threshold: int, more: int, seed: str) -> None:
    shares = dict(enumerate(shamir.split(secret, threshold, threshold + more, SeededChance(seed)), start=1))
    for some in combinations(shares, threshold):
        assert shamir.join({x: shares[x] for x in some}) == secret


@pytest.mark.parametrize("x", [1, 2, 255])
def test_one_share_of_two_is_uniform_whatever_the_secret(x: int) -> None:
    for secret in (0, 1, 0x53, 255):
        seen = {shamir.split(bytes([secret]), 2, max(x, 2), FixedChance(bytes([drawn])))[x - 1] for drawn in range(256)}
        assert len(seen) == 256


def test_the_largest_number_of_holders() -> None:
    shares = shamir.split(b"secret", 3, 255, SeededChance("many"))
    assert shamir.join({1: shares[0], 128: shares[127], 255: shares[254]}) == b"secret"


@pytest.mark.parametrize(("threshold", "count"), [(0, 3), (4, 3), (2, 256), (-1, 3)])
def test_impossible_plans_are_mistakes_of_the_program(threshold: int, count: int) -> None:
    with pytest.raises(ValueError, match="threshold"):
        shamir.split(b"x", threshold, count, SeededChance("x"))


@pytest.mark.parametrize("shares", [{}, {0: b"a"}, {256: b"a"}, {1: b"a", 2: b"bc"}])
def test_shares_that_do_not_belong_together_are_mistakes_of_the_program(shares: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="shares"):
        shamir.join(shares)

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_hub.draws.contributors.sealed_box import open_sealed, seal
from expert_hub.draws.errors import SealedBoxUnreadable, SealingKeyInvalid
from expert_hub.foundation.chance import SeededChance

KEY = X25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SEALED = seal(PUBLIC, b"plain", "test", SeededChance("box"))


@settings(deadline=None)
@given(st.binary(max_size=200), st.text(max_size=10), st.text(max_size=10))
def test_what_is_sealed_opens_with_its_key(plain: bytes, context: str, seed: str) -> None:
    sealed = seal(PUBLIC, plain, context, SeededChance(seed))
    assert open_sealed(KEY, sealed, context) == plain
    assert len(sealed) == len(plain) + 48


def test_sealing_twice_shows_no_equality() -> None:
    chance = SeededChance("twice")
    first, second = seal(PUBLIC, b"same", "test", chance), seal(PUBLIC, b"same", "test", chance)
    assert first[:32] != second[:32]
    assert first[32:] != second[32:]


@pytest.mark.parametrize("place", range(len(SEALED)))
def test_any_changed_byte_is_noticed(place: int) -> None:
    changed = bytearray(SEALED)
    changed[place] ^= 1
    with pytest.raises(SealedBoxUnreadable):
        open_sealed(KEY, bytes(changed), "test")


def test_another_key_another_purpose_or_a_piece_does_not_open() -> None:
    other = X25519PrivateKey.from_private_bytes(bytes(32))
    for key, sealed, context in (
        (other, SEALED, "test"),
        (KEY, SEALED, "text"),
        (KEY, SEALED[:-1], "test"),
        (KEY, SEALED[:40], "test"),
        (KEY, b"", "test"),
        (KEY, bytes(60), "test"),
    ):
        with pytest.raises(SealedBoxUnreadable):
            open_sealed(key, sealed, context)


@pytest.mark.parametrize("recipient", [b"", bytes(31), bytes(33), bytes(32), b"\x01" + bytes(31)])
def test_what_is_no_key_or_a_weak_one_gets_nothing_sealed(recipient: bytes) -> None:
    with pytest.raises(SealingKeyInvalid):
        seal(recipient, b"plain", "test", SeededChance("weak"))

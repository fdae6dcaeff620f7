"""Ed25519 against the vectors of RFC 8032, against another implementation, and against signatures that are no good."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.verify_draw import is_party_signed, is_signed
from tests.scheduling.transcripts.world import h, key

ORDER = 2**252 + 27742317777372353535851937790883648493
# RFC 8032, section 7.1: key, message, signature
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
        "387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
        "4a7c15e9716ed28dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
        "454d4423643ce80e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e030"
        "3dca179c138ac17ad9bef1177331a704",
    ),
]
# the points of small order, in every encoding that a careless decoder takes
SMALL_ORDER = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_a_vector_of_the_standard_is_good(public, message, signature):
    assert is_signed(bytes.fromhex(public), bytes.fromhex(message), bytes.fromhex(signature))


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_a_number_above_the_order_is_refused(public, message, signature):
    raw = bytes.fromhex(signature)
    larger = int.from_bytes(raw[32:], "little") + ORDER
    assert not is_signed(bytes.fromhex(public), bytes.fromhex(message), raw[:32] + larger.to_bytes(32, "little"))


@pytest.mark.parametrize("public", SMALL_ORDER)
@pytest.mark.parametrize("first", ["01" + "00" * 31, "00" * 32, "ec" + "ff" * 30 + "7f"])
def test_a_key_of_small_order_signs_nothing(public, first):
    assert not any(
        is_signed(bytes.fromhex(public), bytes([number]), bytes.fromhex(first) + bytes(32)) for number in range(9)
    )


def test_a_key_of_small_order_would_sign_for_a_careless_verifier():
    """The identity as key and as first half, nought as second: the equation holds for every message."""
    neutral = bytes.fromhex(SMALL_ORDER[0])
    Ed25519PublicKey.from_public_bytes(neutral).verify(neutral + bytes(32), b"anything")
    assert not is_signed(neutral, b"anything", neutral + bytes(32))


def other_says(public, message, signature):
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 5), st.binary(max_size=40), st.integers(0, 96 * 8 - 1), st.booleans())
def test_another_implementation_agrees(number, message, bit, changed):
    signer = key(f"agree {number}")
    both = bytearray(signer.public + signer.raw(message))
    if changed:
        both[bit // 8] ^= 1 << bit % 8
    public, signature = bytes(both[:32]), bytes(both[32:])
    assert is_signed(public, message, signature) == other_says(public, message, signature) == (not changed)


@pytest.mark.parametrize(("key_size", "size"), [(31, 64), (33, 64), (32, 63), (32, 65), (0, 0)])
def test_wrong_sizes_are_refused(key_size, size):
    assert not is_signed(bytes(key_size), b"", bytes(size))


def test_a_party_signs_in_a_context():
    digest = h("x")
    signature = key("centre").sign("commit", digest)
    public = key("centre").public.hex()
    assert is_party_signed(public, "commit", digest, signature)
    assert not is_party_signed(public, "outcome", digest, signature)
    assert not is_party_signed(public, "commit", h("y"), signature)
    assert not is_party_signed(key("supervisor").public.hex(), "commit", digest, signature)

"""Beacon rounds: published ones of two chains, the vectors of RFC 9380, many encodings and rounds that are wrong."""

import pytest
from py_ecc.bls.hash_to_curve import hash_to_G1, hash_to_G2
from py_ecc.bls.point_compression import compress_G1, compress_G2, decompress_G2
from py_ecc.optimized_bls12_381 import (
    FQ,
    FQ2,
    G1,
    G2,
    add,
    b,
    b2,
    curve_order,
    field_modulus,
    is_on_curve,
    multiply,
    normalize,
)

from scheduling.verify_draw import SCHEMES, hashed_point, is_genuine, point_of
from tests.scheduling.transcripts.world import Beacon, hashlib

QUICKNET = "bls-unchained-g1-rfc9380"
CHAINED = "pedersen-bls-chained"
QUICKNET_KEY = (
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
)
QUICKNET_ROUND = (
    657413,
    "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
    None,
)
DEFAULT_KEY = "868f005eb8e6e4ca0a47c8a77ceaa5309a47978a7c71bc5cce96366b5d7a569937c529eeda66c7293784a9402801af31"
DEFAULT_ROUND = (
    3311596,
    "a696b9409ababce45749c3a4ec369074453dd4a79967734e1390d969c8ad8d98897d217b9121e92c8ddebbddda8d92f9"
    "00e3bd6bf9deb166863b1a19390d743f82774001487594c5c09e581db7365f02b70a2c8cc41ce32446ef08e4890c4754",
    "8ed588f2a7716fb1349e2d9803da5db0005e98a83783c353d4a08f183236a9ad91d70ddb01266f4b7c576983db464b43"
    "0e65680b9e0098552758afd6c1e6afcb77e3f62fe1b93d42d1cb63abbb2205512fe12fbf74ea9c5ac3b8f5c1e283a1d8",
)
PUBLISHED = {QUICKNET: (QUICKNET_KEY, *QUICKNET_ROUND), CHAINED: (DEFAULT_KEY, *DEFAULT_ROUND)}
RANDOMNESS = {
    QUICKNET: "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
    CHAINED: "647c07b2abbf7ff2afb4d670214f565e5cd9f9c91bfdcecb59a21f3c78d73920",
}


@pytest.mark.parametrize("scheme", PUBLISHED)
def test_a_published_round_is_genuine(scheme):
    assert is_genuine(scheme, *PUBLISHED[scheme])
    signature = bytes.fromhex(PUBLISHED[scheme][2])
    assert hashlib.sha256(signature).hexdigest() == RANDOMNESS[scheme]


@pytest.mark.parametrize("scheme", PUBLISHED)
@pytest.mark.parametrize("step", [-1, 1])
def test_it_is_not_that_of_another_round(scheme, step):
    public, number, signature, previous = PUBLISHED[scheme]
    assert not is_genuine(scheme, public, number + step, signature, previous)


@pytest.mark.parametrize("scheme", PUBLISHED)
@pytest.mark.parametrize("place", [1, 40, 95])
def test_a_changed_signature_is_refused(scheme, place):
    public, number, signature, previous = PUBLISHED[scheme]
    changed = signature[:place] + ("0" if signature[place] != "0" else "1") + signature[place + 1 :]
    assert not is_genuine(scheme, public, number, changed, previous)


def test_the_other_root_of_a_signature_is_refused():
    public, number, signature, previous = PUBLISHED[QUICKNET]
    other = bytes([bytes.fromhex(signature)[0] ^ 0x20]).hex() + signature[2:]
    assert point_of(bytes.fromhex(other)) is not None
    assert not is_genuine(QUICKNET, public, number, other, previous)


def test_the_previous_signature_belongs_to_the_chained_scheme_alone():
    public, number, signature, previous = PUBLISHED[CHAINED]
    assert not is_genuine(CHAINED, public, number, signature, None)
    assert not is_genuine(CHAINED, public, number, signature, previous[:-1] + "9")
    assert not is_genuine(QUICKNET, *PUBLISHED[QUICKNET][:3], previous)


def test_a_round_is_not_good_under_another_scheme():
    """The schemes with signatures on G1 differ in the domain alone."""
    assert not is_genuine("bls-unchained-on-g1", *PUBLISHED[QUICKNET])
    assert not is_genuine(CHAINED, *PUBLISHED[QUICKNET])
    assert not is_genuine(QUICKNET, *PUBLISHED[CHAINED])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_round_of_a_chain_of_the_own_is_genuine_under_its_key(scheme):
    chain = Beacon("federated", f"own {scheme}", scheme)
    said = chain.sign(5)
    assert is_genuine(scheme, chain.public_key, 5, said["signature"], said["previous"])
    other = Beacon("federated", "another", scheme)
    assert not is_genuine(scheme, other.public_key, 5, said["signature"], said["previous"])


# RFC 9380, J.9.1 and J.10.1


def test_hashing_to_a_point_follows_the_standard():
    point = hashed_point(b"", b"QUUX-V01-CS02-with-BLS12381G1_XMD:SHA-256_SSWU_RO_", on_g1=True)
    assert [int(part) for part in normalize(point)] == [
        0x052926ADD2207B76CA4FA57A8734416C8DC95E24501772C814278700EED6D1E4E8CF62D9C09DB0FAC349612B759E79A1,
        0x08BA738453BFED09CB546DBB0783DBB3A5F1F566ED67BB6BE0E8C67E2E81A4CC68EE29813BB7994998F3EAE0C9C6A265,
    ]
    point = hashed_point(b"", b"QUUX-V01-CS02-with-BLS12381G2_XMD:SHA-256_SSWU_RO_", on_g1=False)
    assert [[int(part) for part in pair.coeffs] for pair in normalize(point)] == [
        [
            0x0141EBFBDCA40EB85B87142E130AB689C673CF60F1A3E98D69335266F30D9B8D4AC44C1038E9DCDD5393FAF5C41FB78A,
            0x05CB8437535E20ECFFAEF7752BADDF98034139C38452458BAEEFAB379BA13DFF5BF5DD71B72418717047F5B0F37DA03D,
        ],
        [
            0x0503921D7F6A12805E72940B963C0CF3471C7B2A524950CA195D11062EE75EC076DAF2D4BC358C4B190C0C98064FDD92,
            0x12424AC32561493F3FE3C260708A12B7C620E7BE00099A974E259DDC7D1F6395C3C811CDD19F1E8DBF3E9ECFDCBAB8D6,
        ],
    ]


@pytest.mark.parametrize("number", range(8))
def test_another_implementation_hashes_alike(number):
    message, domain = b"x" * number * 13, b"domain %d" % number
    assert normalize(hashed_point(message, domain, on_g1=True)) == normalize(
        hash_to_G1(message, domain, hashlib.sha256)
    )
    assert normalize(hashed_point(message, domain, on_g1=False)) == normalize(
        hash_to_G2(message, domain, hashlib.sha256)
    )


# encodings


def on_g1(point):
    return compress_G1(point).to_bytes(48, "big")


def on_g2(point):
    high, low = compress_G2(point)
    return high.to_bytes(48, "big") + low.to_bytes(48, "big")


@pytest.mark.parametrize("factor", range(1, 12))
def test_an_encoding_is_read_as_it_was_written(factor):
    for base, encode in ((G1, on_g1), (G2, on_g2)):
        for point in (multiply(base, factor), multiply(base, curve_order - factor)):
            assert normalize(point_of(encode(point))) == normalize(point)


def outside_g1():
    """A point of the curve that is not in the group of prime order."""
    x = next(x for x in range(1, 99) if pow(x**3 + 4, (field_modulus - 1) // 2, field_modulus) == 1)
    point = (FQ(x), FQ(pow(x**3 + 4, (field_modulus + 1) // 4, field_modulus)), FQ(1))
    assert is_on_curve(point, b)
    return point


def outside_g2():
    """The encoding of a point of the twisted curve: hardly any is in the group of prime order."""
    tried = (bytes([0x80]) + bytes(94) + bytes([number]) for number in range(1, 99))
    return next(encoded for encoded in tried if decoded_carelessly(encoded))


def decoded_carelessly(encoded):
    try:
        point = decompress_G2((int.from_bytes(encoded[:48], "big"), int.from_bytes(encoded[48:], "big")))
    except ValueError:
        return None
    assert is_on_curve(point, b2)
    return point


def test_points_outside_the_group_of_prime_order_are_refused():
    assert point_of(on_g1(outside_g1())) is None
    assert point_of(on_g1(add(outside_g1(), multiply(G1, 7)))) is None
    assert point_of(outside_g2()) is None


GOOD_1, GOOD_2 = on_g1(multiply(G1, 5)), on_g2(multiply(G2, 5))


def plus_modulus(encoded, start):
    """The same coordinate, not reduced."""
    value = int.from_bytes(encoded[start : start + 48], "big") + field_modulus
    return encoded[:start] + (value % 2**384).to_bytes(48, "big") + encoded[start + 48 :]


@pytest.mark.parametrize(
    "encoded",
    [
        b"",
        GOOD_1[:47],
        GOOD_1 + b"\x00",
        GOOD_2[:95],
        bytes([0xC0]) + bytes(47),
        bytes([0xC0]) + bytes(95),
        bytes([0xE0]) + bytes(47),
        bytes([GOOD_1[0] & 0x7F]) + GOOD_1[1:],
        bytes([GOOD_1[0] | 0x40]) + GOOD_1[1:],
        bytes([GOOD_2[0] & 0x7F]) + GOOD_2[1:],
        GOOD_2[:48] + bytes([GOOD_2[48] | 0x80]) + GOOD_2[49:],
        plus_modulus(GOOD_2, 48),
        bytes([0x80]) + b"\xff" * 47,
        bytes([0x9F]) + b"\xff" * 47,
        bytes([0x9F]) + b"\xff" * 95,
        bytes(48),
        bytes(96),
    ],
)
def test_an_encoding_that_is_not_canonical_is_refused(encoded):
    assert point_of(encoded) is None


def test_the_modulus_itself_is_no_coordinate():
    zero = FQ2([0, 0])
    assert zero == FQ2([field_modulus, 0])
    assert point_of((field_modulus + (1 << 383)).to_bytes(48, "big")) is None


def test_an_abscissa_without_a_point_is_refused():
    """Of G1 and G2; where the square to find is real, too."""
    absent = next(x for x in range(1, 99) if pow(x**3 + 4, (field_modulus - 1) // 2, field_modulus) != 1)
    assert point_of(((1 << 383) + absent).to_bytes(48, "big")) is None
    tried = [bytes([0x80]) + bytes(94) + bytes([number]) for number in range(1, 20)]
    assert [one for one in tried if decoded_carelessly(one) is None] != []
    assert [point_of(one) for one in tried] == [None] * len(tried)


@pytest.mark.parametrize("im_part", range(2, 12))
def test_a_real_square_is_no_trap(im_part):
    """x^3 + 4 + 4i is real where 3 a^2 b - b^3 = -4; such a point is not in the group, and nothing breaks on it."""
    square = (im_part**3 - 4) * pow(3 * im_part, -1, field_modulus) % field_modulus
    re_part = pow(square, (field_modulus + 1) // 4, field_modulus)
    encoded = ((1 << 383) + im_part).to_bytes(48, "big") + re_part.to_bytes(48, "big")
    assert point_of(encoded) is None

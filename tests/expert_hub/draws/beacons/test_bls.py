import subprocess
import sys

import pytest
from py_ecc.bls.point_compression import compress_G1, compress_G2, decompress_G1, decompress_G2
from py_ecc.fields import optimized_bls12_381_FQ as FQ
from py_ecc.optimized_bls12_381 import G1, G2, curve_order, field_modulus, multiply

from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.bls import Group, NotAPoint

TAG = b"TAG"
SECRET = 0x1234567890ABCDEF


def with_flags(raw: bytes, flags: int) -> bytes:
    """The same coordinate under other flags (the three highest bits)."""
    return bytes([raw[0] & 0x1F | flags << 5]) + raw[1:]


def outside_the_subgroup() -> bytes:
    """A point on the curve over the base field whose order is not the prime one: the first by its coordinate."""
    for x in range(1, 100):
        try:
            point = decompress_G1((1 << 383) + x)
        except ValueError:
            continue
        assert point[0] == FQ(x)
        return ((1 << 383) + x).to_bytes(48, "big")
    raise AssertionError


GENERATOR = int(compress_G1(G1)).to_bytes(48, "big")
BAD_ON_G1 = {
    "empty": b"",
    "short": GENERATOR[:-1],
    "long": GENERATOR + b"\x00",
    "infinity": b"\xc0" + bytes(47),
    "infinity with a sign": b"\xe0" + bytes(47),
    "zeroes": bytes(48),
    "not marked as compressed": with_flags(GENERATOR, 0),
    "marked as infinity": with_flags(GENERATOR, 6),
    "coordinate of the size of the field": (field_modulus + (1 << 383)).to_bytes(48, "big"),
    "not on the curve": (1 | 1 << 383).to_bytes(48, "big"),
    "outside the subgroup": outside_the_subgroup(),
}


@pytest.mark.parametrize("group", Group)
def test_what_is_signed_verifies_and_nothing_else_does(group: Group) -> None:
    key = bls.public_key_of(group, SECRET)
    signature = bls.sign(group, TAG, SECRET, b"message")
    assert (len(signature), len(key)) == (group.point_bytes, group.other.point_bytes)
    assert bls.verify(group, TAG, key, b"message", signature)
    assert not bls.verify(group, TAG, key, b"massage", signature)
    assert not bls.verify(group, b"GAT", key, b"message", signature)
    assert not bls.verify(group, TAG, bls.public_key_of(group, SECRET + 1), b"message", signature)
    other_sign = bytes([signature[0] ^ 0x20]) + signature[1:]
    assert not bls.verify(group, TAG, key, b"message", other_sign)


def test_keys_and_points_are_those_of_the_standard_generators() -> None:
    assert bls.public_key_of(Group.G2, 5) == int(compress_G1(multiply(G1, 5))).to_bytes(48, "big")
    high, low = compress_G2(multiply(G2, 5))
    assert bls.public_key_of(Group.G1, 5) == high.to_bytes(48, "big") + low.to_bytes(48, "big")


@pytest.mark.parametrize("raw", BAD_ON_G1.values(), ids=BAD_ON_G1)
def test_bad_points_are_refused_as_signature_and_as_key(raw: bytes) -> None:
    with pytest.raises(NotAPoint):
        bls.point_of(Group.G1, raw)
    with pytest.raises(NotAPoint):
        bls.verify(Group.G1, TAG, bls.public_key_of(Group.G1, SECRET), b"", raw)
    assert not bls.is_point(Group.G1, raw)
    assert bls.is_point(Group.G1, GENERATOR)


def test_bad_points_of_the_second_group_are_refused() -> None:
    good = bls.public_key_of(Group.G1, SECRET)
    assert bls.is_point(Group.G2, good)
    modulus = int(field_modulus).to_bytes(48, "big")
    for raw in (
        good[:48],
        b"\xc0" + bytes(95),
        with_flags(good, 0),
        good[:48] + with_flags(good[48:], 4),
        good[:48] + modulus,
        with_flags(modulus, 4) + good[48:],
        bytes([0x80]) + bytes(94) + b"\x01",
        good[:-1] + bytes([good[-1] ^ 1]),
    ):
        assert not bls.is_point(Group.G2, raw), raw.hex()


def test_a_point_of_the_second_curve_outside_the_subgroup_is_refused() -> None:
    on_the_curve = 0
    for x in range(1, 12):
        raw = bytes([0x80]) + bytes(47) + x.to_bytes(48, "big")
        try:
            decompress_G2((int.from_bytes(raw[:48], "big"), x))
        except ValueError:
            continue
        on_the_curve += 1
        with pytest.raises(NotAPoint, match="subgroup"):
            bls.point_of(Group.G2, raw)
    assert on_the_curve


def test_secrets_lie_between_one_and_the_order() -> None:
    assert bls.secret_from(bytes(48)) == 1
    assert bls.secret_from((curve_order - 2).to_bytes(48, "big")) == curve_order - 1
    assert bls.secret_from((curve_order - 1).to_bytes(48, "big")) == 1


def test_the_import_leaves_the_recursion_limit_alone() -> None:
    program = (
        "import sys; sys.setrecursionlimit(777); import expert_hub.draws.beacons.bls; print(sys.getrecursionlimit())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "777"

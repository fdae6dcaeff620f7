"""BLS signatures on the curve BLS12-381 in plain Python: what a randomness beacon signs with.

Points are read strictly: right length, the one canonical encoding, on the curve, in the subgroup of prime order, not
infinity. A verification takes about a quarter of a second, so callers run it in a thread. Signing is not constant in
time: it is for a beacon whose messages are public and come at fixed instants, not for secrets of persons.
Source: draft-irtf-cfrg-bls-signature-05; RFC 9380; Zcash encoding of points.
"""

import hashlib
import sys
from enum import StrEnum
from functools import lru_cache
from typing import Any

# The import below raises the limit to 100,000 for the whole process. Readers of untrusted JSON rely on the limit:
# without it a deeply nested text overflows the stack of the interpreter instead of being refused.
_RECURSION_LIMIT = sys.getrecursionlimit()

from py_ecc.bls.hash_to_curve import hash_to_field_FQ2, hash_to_G1, map_to_curve_G2  # noqa: E402
from py_ecc.bls.point_compression import compress_G1, compress_G2, decompress_G1, decompress_G2  # noqa: E402
from py_ecc.bls.typing import G1Compressed, G2Compressed  # noqa: E402
from py_ecc.fields import optimized_bls12_381_FQ12 as FQ12  # noqa: E402
from py_ecc.optimized_bls12_381.constants import H_EFF_G2  # noqa: E402
from py_ecc.optimized_bls12_381.optimized_curve import G1, G2, add, curve_order, double, is_inf, neg  # noqa: E402
from py_ecc.optimized_bls12_381.optimized_pairing import final_exponentiate, pairing  # noqa: E402

sys.setrecursionlimit(_RECURSION_LIMIT)

Point = tuple[Any, Any, Any]
_FIELD_BYTES = 48


class Group(StrEnum):
    """Where the signatures lie; the keys lie on the other group."""

    G1 = "G1"
    G2 = "G2"

    @property
    def point_bytes(self) -> int:
        """Length of a compressed point of this group."""
        return _FIELD_BYTES if self is Group.G1 else 2 * _FIELD_BYTES

    @property
    def other(self) -> "Group":
        """The group of the keys."""
        return Group.G2 if self is Group.G1 else Group.G1


class NotAPoint(ValueError):
    """Bytes that are not the canonical encoding of a point of the subgroup other than infinity."""


def verify(group: Group, tag: bytes, key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of `message` under `key`.

    Args:
        group: group of the signature.
        tag: domain separation tag of the hash to the curve.
        key: compressed point of the other group.
        message: any bytes.
        signature: compressed point of `group`.

    Raises:
        NotAPoint: key or signature.
    """
    public, signed = _key_point(group.other, key), point_of(group, signature)
    hashed = _hash_to(group, message, tag)
    if group is Group.G1:
        product = pairing(neg(G2), signed, False) * pairing(public, hashed, False)
    else:
        product = pairing(signed, neg(G1), False) * pairing(hashed, public, False)
    return bool(final_exponentiate(product) == FQ12.one())


def sign(group: Group, tag: bytes, secret: int, message: bytes) -> bytes:
    """The one signature of a message.

    Args:
        group: group of the signature.
        tag: domain separation tag.
        secret: scalar in [1, order).
        message: any bytes.

    Returns:
        a compressed point of `group`.
    """
    return _compress(group, _times(_hash_to(group, message, tag), secret))


def public_key_of(group: Group, secret: int) -> bytes:
    """The key that verifies signatures of `secret` on `group`: a compressed point of the other group."""
    return _compress(group.other, _times(G1 if group is Group.G2 else G2, secret))


def secret_from(octets: bytes) -> int:
    """A scalar in [1, order) from 48 random bytes; the bias is below 2**-125."""
    return int.from_bytes(octets, "big") % (curve_order - 1) + 1


def point_of(group: Group, raw: bytes) -> Point:
    """Read a compressed point strictly.

    Raises:
        NotAPoint: wrong length, other encoding, not on the curve, outside the subgroup, or infinity.
    """
    if len(raw) != group.point_bytes:
        raise NotAPoint(f"{group.point_bytes} bytes expected")
    high, low = int.from_bytes(raw[:_FIELD_BYTES], "big"), int.from_bytes(raw[_FIELD_BYTES:], "big")
    try:
        point: Point = (
            decompress_G1(G1Compressed(high)) if group is Group.G1 else decompress_G2(G2Compressed((high, low)))
        )
    except ValueError as error:
        raise NotAPoint(str(error)) from None
    if is_inf(point):
        raise NotAPoint("infinity")
    if not is_inf(_times(point, curve_order)):
        raise NotAPoint("outside the subgroup")
    return point


def is_point(group: Group, raw: bytes) -> bool:
    """Whether the bytes are a point that `verify` takes as a key."""
    try:
        _key_point(group, raw)
    except NotAPoint:
        return False
    return True


# Keys are few and public, and used again and again.
_key_point = lru_cache(maxsize=32)(point_of)


def _compress(group: Group, point: Point) -> bytes:
    if group is Group.G1:
        return int(compress_G1(point)).to_bytes(_FIELD_BYTES, "big")
    return b"".join(int(half).to_bytes(_FIELD_BYTES, "big") for half in compress_G2(point))


def _hash_to(group: Group, message: bytes, tag: bytes) -> Point:
    if group is Group.G1:
        return hash_to_G1(message, tag, hashlib.sha256)  # type: ignore[arg-type]
    first, second = hash_to_field_FQ2(message, 2, tag, hashlib.sha256)  # type: ignore[arg-type]
    return _times(add(map_to_curve_G2(first), map_to_curve_G2(second)), H_EFF_G2)


def _times(point: Point, scalar: int) -> Point:
    # Not the library's `multiply`, which calls itself once per bit. The scalar is at least 1.
    result = point
    for bit in bin(scalar)[3:]:
        result = double(result)
        if bit == "1":
            result = add(result, point)
    return result

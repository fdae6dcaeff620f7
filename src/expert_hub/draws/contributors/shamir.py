"""Sharing a secret among n holders so that any k give it back and fewer learn nothing.

Byte by byte over GF(256): share x of a byte is the value at x of a polynomial of degree k - 1 whose value at 0 is the
byte and whose other coefficients are random. Source: Shamir 1979; field as in FIPS 197.
"""

from collections.abc import Mapping

from expert_hub.foundation.chance import Chance

MAX_SHARES = 255
_POLYNOMIAL = 0x11B


def split(secret: bytes, threshold: int, count: int, chance: Chance) -> list[bytes]:
    """The shares at x = 1, 2 ... `count`, each as long as the secret.

    Raises:
        ValueError: not 1 <= threshold <= count <= 255.
    """
    if not 1 <= threshold <= count <= MAX_SHARES:
        raise ValueError("1 <= threshold <= count <= 255")
    coefficients = [secret, *(chance.octets(len(secret)) for _ in range(threshold - 1))]
    return [_value_at(coefficients, x) for x in range(1, count + 1)]


def join(shares: Mapping[int, bytes]) -> bytes:
    """The secret from exactly as many shares as its threshold; other numbers give another value.

    Args:
        shares: by x, 1..255, all of one length.

    Raises:
        ValueError: no share, x out of range, or different lengths.
    """
    if (
        not shares
        or not all(1 <= x <= MAX_SHARES for x in shares)
        or len({len(share) for share in shares.values()}) > 1
    ):
        raise ValueError("shares of one length, by x in 1..255")
    secret = bytes(len(next(iter(shares.values()))))
    for x, share in shares.items():
        weight = _weight(x, shares)
        secret = bytes(octet ^ _times(weight, part) for octet, part in zip(secret, share, strict=True))
    return secret


def _value_at(coefficients: list[bytes], x: int) -> bytes:
    value = bytes(len(coefficients[0]))
    for octets in reversed(coefficients):
        value = bytes(_times(octet, x) ^ added for octet, added in zip(value, octets, strict=True))
    return value


def _weight(x: int, shares: Mapping[int, bytes]) -> int:
    """The Lagrange coefficient of x at 0; minus is exclusive or in this field."""
    weight = 1
    for other in shares:
        if other != x:
            weight = _times(weight, _times(other, _inverse(other ^ x)))
    return weight


def _times(left: int, right: int) -> int:
    # Without tables and branches, so that the time does not tell the factors.
    product = 0
    for _ in range(8):
        product ^= left & -(right & 1)
        right >>= 1
        left = (left << 1) ^ (_POLYNOMIAL & -(left >> 7))
    return product


def _inverse(value: int) -> int:
    # value ** 254, because value ** 255 is 1.
    power = 1
    for _ in range(7):
        value = _times(value, value)
        power = _times(power, value)
    return power

"""Decimal text in, decimal text out: the only arithmetic of this kernel besides exact fractions."""

import re
from decimal import ROUND_HALF_UP, Context, Decimal

# 50 digits keep a quotient of two amounts far enough from every rounding point: the nearest a non-terminating
# quotient can come to one is the reciprocal of its denominator, and amounts have fewer than 20 digits.
EXACT = Context(prec=50, rounding=ROUND_HALF_UP)
_PLAIN = re.compile(r"-?\d{1,15}(\.\d{1,6})?\Z", re.ASCII)


def parse_decimal(text: str) -> Decimal | None:
    """Read plain decimal text: no exponent, no sign but minus, at most 15 digits before and 6 after the point.

    Args:
        text: for instance "12.50".

    Returns:
        The value, or None when the text is anything else.

    Source: engineering choice
    """
    return Decimal(text) if _PLAIN.match(text) else None


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round to `places` decimals, halves away from zero.

    Args:
        value: an exact value, or a quotient taken in the context `EXACT`.
        places: decimals to keep, 0 or more.

    Returns:
        The rounded value with exactly `places` decimals; 58.835 becomes 58.84, -0.004 becomes 0.00.

    Source: engineering choice
    """
    rounded = value.quantize(Decimal(1).scaleb(-places), context=EXACT)
    # A small negative value would print as -0.00.
    return rounded if rounded else rounded.copy_abs()


def plain(value: Decimal) -> str:
    """Write a value without exponent, with the decimals it has.

    Args:
        value: any finite value.

    Returns:
        Text that `parse_decimal` reads back to an equal value.

    Source: engineering choice
    """
    return format(value, "f")

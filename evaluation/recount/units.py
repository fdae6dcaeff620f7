"""Arithmetic of the second computation: fractions, and whole numbers of units such as hundredths."""

from collections.abc import Iterable
from fractions import Fraction


def nearest(value: Fraction, places: int) -> int:
    """Round to whole units.

    Args:
        value: any fraction.
        places: decimals of the unit.

    Returns:
        value x 10^places as the nearest whole number, halves away from zero.

    Source: engineering choice
    """
    scaled = abs(value) * Fraction(10) ** places
    units: int = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return units if value >= 0 else -units


def show(units: int, places: int) -> str:
    """Write whole units as decimal text.

    Args:
        units: number of units.
        places: decimals of the unit.

    Returns:
        Text with exactly `places` decimals; 5 hundredths are "0.05".

    Source: engineering choice
    """
    sign = "-" if units < 0 else ""
    digits = str(abs(units)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits


def average(values: Iterable[Fraction]) -> Fraction:
    """Take the arithmetic mean.

    Args:
        values: at least one fraction.

    Returns:
        The exact mean.

    Source: engineering choice
    """
    total, count = Fraction(0), 0
    for value in values:
        total, count = total + value, count + 1
    return total / count

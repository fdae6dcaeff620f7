from fractions import Fraction

import pytest

from evaluation.recount.units import average, nearest, show


@pytest.mark.parametrize(
    ("value", "places", "printed"),
    [
        ("58.835", 2, "58.84"),
        ("-0.02485", 4, "-0.0249"),
        ("0.004", 2, "0.00"),
        ("0.05", 2, "0.05"),
        ("7.5", 0, "8"),
        ("-7.5", 0, "-8"),
    ],
)
def test_head_of_chapter_5_halves_are_rounded_away_from_zero(value, places, printed):
    assert show(nearest(Fraction(value), places), places) == printed


def test_a_mean_is_exact():
    assert average(map(Fraction, (40, 44, 47))) == Fraction(131, 3)

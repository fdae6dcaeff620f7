from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.decimals import EXACT, parse_decimal, plain, round_half_up


def test_head_of_chapter_5_58_835_prints_58_84():
    assert plain(round_half_up(Decimal("58.835"), 2)) == "58.84"
    assert plain(round_half_up(Decimal("-58.835"), 2)) == "-58.84"


def test_head_of_chapter_5_sub_scores_are_rounded_and_the_total_is_their_sum():
    printed = [round_half_up(Decimal(text), 2) for text in ("44.426", "18.426", "28.226")]
    assert [plain(value) for value in printed] == ["44.43", "18.43", "28.23"]
    assert plain(sum(printed, Decimal(0))) == "91.09"
    assert plain(round_half_up(Decimal("44.426") + Decimal("18.426") + Decimal("28.226"), 2)) == "91.08"


@pytest.mark.parametrize(
    "text", ["", " ", "1e3", "1,5", "+1", ".5", "5.", "NaN", "Infinity", "1_0", "１", "1\n", "1" * 16, "0.1234567"]
)
def test_anything_but_plain_decimals_is_not_a_number(text):
    assert parse_decimal(text) is None


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15) + 1, max_value=10**15 - 1, places=6))
def test_plain_text_reads_back_to_the_same_value(value):
    assert parse_decimal(plain(value)) == value


@given(st.integers(1, 10**15), st.integers(1, 10**15))
def test_rounding_a_quotient_equals_rounding_the_exact_fraction(numerator, denominator):
    rounded = round_half_up(EXACT.divide(Decimal(numerator), Decimal(denominator)), 2)
    assert int(rounded * 100) == (200 * numerator + denominator) // (2 * denominator)


def test_a_small_negative_value_rounds_to_a_plain_zero():
    assert plain(round_half_up(Decimal("-0.004"), 2)) == "0.00"

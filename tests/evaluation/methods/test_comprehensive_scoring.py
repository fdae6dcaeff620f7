from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.decimals import plain
from evaluation.errors import PriceMalformed
from evaluation.methods.comprehensive_scoring import price_scores, reviewed_price


def scores(prices, full):
    found = price_scores({str(number): Decimal(price) for number, price in enumerate(prices)}, Decimal(full))
    return [plain(score) for score in found.values()]


def test_o87_art_55_example_1_price_scores():
    assert reviewed_price(Decimal(920000), Decimal("0.10")) == 828000
    assert scores([1000000, 828000, 880000], 30) == ["24.84", "30.00", "28.23"]


def test_o87_art_55_example_2_price_scores():
    assert scores([900000, 1000000, 900000], 30) == ["30.00", "27.00", "30.00"]


def test_c214_example_3_consultation_price_scores():
    assert scores([82, 88, 95, 105], 40) == ["40.00", "37.27", "34.53", "31.24"]


def test_no_bid_no_score():
    assert price_scores({}, Decimal(30)) == {}


@pytest.mark.parametrize(("quote", "deduction"), [("0", "0"), ("-1", "0"), ("1", "1"), ("1", "-0.1")])
def test_senseless_prices_are_errors(quote, deduction):
    with pytest.raises(PriceMalformed):
        reviewed_price(Decimal(quote), Decimal(deduction))


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=9), st.integers(1, 60))
def test_the_lowest_price_has_full_marks_and_order_follows_price(prices, full):
    found = price_scores({str(n): Decimal(price) for n, price in enumerate(prices)}, Decimal(full))
    by_price = [found[str(n)] for n in sorted(range(len(prices)), key=prices.__getitem__)]
    assert by_price[0] == full
    assert by_price == sorted(by_price, reverse=True)
    assert all(0 <= score <= full for score in by_price)

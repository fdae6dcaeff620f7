import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.errors import PriceMalformed, TotalsDisagree
from evaluation.methods import low_price
from evaluation.methods.low_price import (
    LowPrice,
    LowPriceShares,
    find_low_prices,
    low_price_limits,
    print_limit,
    shares_of,
)

LP2 = LowPriceShares("0.50", "0.50", "0.45")
EXAMPLES = [
    (("41", "78", "80", "89"), "100", ("36.00", "39.00", "45.00"), ["ceiling"]),
    (("30", "70", "72", "75"), "90", ("30.875", "35.00", "40.50"), ["mean", "next", "ceiling"]),
    (("36", "70", "72", "75"), "90", ("31.625", "35.00", "40.50"), ["ceiling"]),
]


def by_bid(prices):
    return {f"b{n}": price for n, price in enumerate(prices)}


@pytest.mark.parametrize(("prices", "ceiling", "limits", "triggers"), EXAMPLES)
def test_5_4_worked_examples(prices, ceiling, limits, triggers):
    assert tuple(map(print_limit, low_price_limits(by_bid(prices), LP2, ceiling).values())) == limits
    found = find_low_prices(by_bid(prices), LP2, ceiling)
    assert [(item.bid_id, item.trigger) for item in found] == [("b0", trigger) for trigger in triggers]


def test_a_finding_names_price_and_limit():
    assert find_low_prices(by_bid(("41", "78", "80", "89")), LP2, "100") == (LowPrice("b0", "ceiling", "41", "45.00"),)


def test_a_price_equal_to_the_limit_is_not_below_it():
    assert find_low_prices(by_bid(("45", "46", "47")), LP2, "100") == ()


def test_o12_21_without_shares_the_committee_judges(rules):
    assert find_low_prices(by_bid(("1", "100", "100")), shares_of(rules), "100") == ()
    assert shares_of(replace(rules, low_price_next="0.50")) == LowPriceShares(next="0.50")


def test_two_paths_that_differ_are_an_error(monkeypatch):
    monkeypatch.setattr(low_price, "recount_low_prices", lambda *_: set())
    with pytest.raises(TotalsDisagree):
        find_low_prices(by_bid(("41", "78")), LP2, "100")


def test_senseless_amounts_are_errors():
    with pytest.raises(PriceMalformed):
        find_low_prices({"A": "0"}, LP2)


PRICES = st.lists(st.integers(1, 400).map(lambda cents: f"{cents // 100}.{cents % 100:02}"), max_size=7)


@given(PRICES.filter(lambda p: "0.00" not in p), st.none() | st.integers(1, 9).map(str), st.booleans())
@settings(deadline=None)
def test_both_paths_agree_and_a_higher_price_never_triggers_where_a_lower_does_not(prices, ceiling, judged):
    shares = replace(LP2, mean=None) if judged else LP2
    found = find_low_prices(by_bid(prices), shares, ceiling)
    limits = low_price_limits(by_bid(prices), shares, ceiling)
    assert len({item.bid_id for item in found if item.trigger == "next"}) <= 1
    assert all(item.trigger in limits for item in found)

from evaluation.recount.low_price import recount_low_prices

SHARES = ("0.50", "0.50", "0.45")


def test_5_4_example_2_on_the_second_path():
    quotes = {"a": "30", "b": "70", "c": "72", "d": "75"}
    assert recount_low_prices(quotes, SHARES, "90") == {("a", "mean"), ("a", "next"), ("a", "ceiling")}


def test_two_equal_lowest_prices_have_no_next():
    assert recount_low_prices({"a": "1", "b": "1", "c": "9"}, (None, "0.50", None), None) == set()

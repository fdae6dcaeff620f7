from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.errors import PriceMalformed
from evaluation.methods.price_repair import PricedItem, PriceStatement, repair_price, settle

PROCUREMENT = ("summary", "words", "decimal", "unit")
ENGINEERING = ("words", "unit", "chinese_text")


def items(*lines):
    return tuple(PricedItem(f"item {n}", quantity, unit) for n, (quantity, unit) in enumerate(lines, start=1))


def rules_used(repaired):
    return [step.rule for step in repaired.steps]


def test_o87_art_59_example_1_words_over_figures():
    repaired = repair_price(PriceStatement(figures="1520000", words="1250000"), PROCUREMENT)
    assert (repaired.price, rules_used(repaired)) == ("1250000.00", ["words"])


def test_o87_art_59_example_2_unit_prices_hold_against_a_wrong_sum():
    statement = PriceStatement(figures="26500", items=items(("10", "1200"), ("5", "3000")))
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, rules_used(repaired)) == ("27000.00", ["unit"])


def test_o87_art_59_example_3_displaced_point_in_the_unit_price():
    statement = PriceStatement(figures="12500", opening="12500", items=items(("100", "1250")))
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, repaired.items[0].unit_price) == ("12500.00", "125.00")
    assert rules_used(repaired) == ["decimal"]


def test_o87_art_59_opening_summary_stands_over_the_file_and_its_words():
    statement = PriceStatement(figures="100", opening="120", words="110")
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, rules_used(repaired)) == ("120.00", ["summary"])


def test_o87_art_59_a_displaced_point_among_other_lines_keeps_the_total():
    statement = PriceStatement(figures="15500", items=items(("100", "12.5"), ("1", "3000")))
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, repaired.items[0].unit_price) == ("15500.00", "125.00")


def test_a_unit_price_keeps_digits_that_rounding_would_lose():
    statement = PriceStatement(figures="12.5", items=items(("100", "1.25")))
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, repaired.items[0].unit_price) == ("12.50", "0.125")


def test_two_lines_that_could_both_be_displaced_make_none_evident():
    statement = PriceStatement(figures="110", items=items(("1", "10"), ("1", "10")))
    repaired = repair_price(statement, PROCUREMENT)
    assert (repaired.price, rules_used(repaired)) == ("20.00", ["unit"])


def test_o12_art_19_words_over_figures_and_unit_over_total_except_an_evident_slip():
    slip = repair_price(PriceStatement(figures="12500", items=items(("100", "1250"))), ENGINEERING)
    assert (slip.price, rules_used(slip)) == ("12500.00", ["decimal"])
    unit = repair_price(PriceStatement(figures="26500", items=items(("10", "1200"), ("5", "3000"))), ENGINEERING)
    assert (unit.price, rules_used(unit)) == ("27000.00", ["unit"])


def test_o12_art_19_the_chinese_text_prevails():
    repaired = repair_price(PriceStatement(figures="100", chinese_text="105"), ENGINEERING)
    assert (repaired.price, rules_used(repaired)) == ("105.00", ["chinese_text"])


def test_o87_art_59_an_unconfirmed_repair_makes_the_bid_invalid():
    repaired = repair_price(PriceStatement(figures="1520000", words="1250000"), PROCUREMENT)
    assert repaired.needs_confirmation
    assert settle(repaired, True) == "1250000.00"
    assert settle(repaired, False) is None


@pytest.mark.parametrize("figures", ["", "0", "-5", "1e5"])
def test_senseless_amounts_are_errors(figures):
    with pytest.raises(PriceMalformed):
        repair_price(PriceStatement(figures=figures), PROCUREMENT)


AMOUNTS = st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2).map(str)


@given(st.lists(st.tuples(st.integers(1, 999).map(str), AMOUNTS), min_size=1, max_size=5))
def test_a_consistent_price_is_left_alone_and_counts_without_confirmation(lines):
    total = sum((Decimal(quantity) * Decimal(unit) for quantity, unit in lines), Decimal(0))
    repaired = repair_price(PriceStatement(figures=str(total), words=str(total), items=items(*lines)), PROCUREMENT)
    assert repaired.steps == ()
    assert settle(repaired, False) == str(total)


@given(
    AMOUNTS,
    st.none() | AMOUNTS,
    st.none() | AMOUNTS,
    st.lists(st.tuples(st.integers(1, 999).map(str), AMOUNTS), max_size=4),
)
def test_a_second_repair_changes_nothing(figures, words, opening, lines):
    first = repair_price(
        PriceStatement(figures=figures, words=words, opening=opening, items=items(*lines)), PROCUREMENT
    )
    again = repair_price(PriceStatement(figures=first.price, items=first.items), PROCUREMENT)
    assert (again.price, again.items, again.steps) == (first.price, first.items, ())

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.refusals import ScoreMalformed, ScoreOffStep, ScoreOutOfRange
from evaluation.setup import CriterionSetup
from evaluation.sheets import check_value, entered_criteria, is_in_range, missing_items, step_of

HALVES = CriterionSetup("T", "technical", "Solution", "subjective", "12", "1", "0.5")
PASS = CriterionSetup("F", "business", "Certificate", "pass_fail", "3")
PRICE = CriterionSetup("P", "price", "Price", "formula", "30")


@pytest.mark.parametrize("text", ["1", "1.5", "12", "12.00", "7.50"])
def test_er_11_values_on_the_step_counted_from_the_lowest(text, rules):
    assert check_value(HALVES, text, rules) == Decimal(text)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [("0.5", ScoreOutOfRange), ("12.5", ScoreOutOfRange), ("1.25", ScoreOffStep), ("1e0", ScoreMalformed)],
)
def test_er_11_other_values_are_refused(text, refusal, rules):
    with pytest.raises(refusal):
        check_value(HALVES, text, rules)


def test_er_11_pass_fail_takes_its_two_ends_only(rules):
    assert [check_value(PASS, text, rules) for text in ("0", "3")] == [0, 3]
    with pytest.raises(ScoreOffStep):
        check_value(PASS, "1.5", rules)


def test_the_top_of_the_range_is_reachable_on_any_step(rules):
    odd = CriterionSetup("T", "technical", "Solution", "subjective", "10", "0", "3")
    assert check_value(odd, "10", rules) == 10
    with pytest.raises(ScoreOffStep):
        check_value(odd, "8", rules)


def test_the_step_of_the_rules_holds_where_the_criterion_names_none(rules):
    bare = CriterionSetup("T", "technical", "Solution", "subjective", "10")
    assert (step_of(bare, rules), step_of(HALVES, rules), step_of(PASS, rules)) == ("0.01", "0.5", "3")


def test_formula_items_are_the_systems():
    assert entered_criteria([PRICE, HALVES, PASS]) == (HALVES, PASS)
    assert missing_items(["A", "B"], [PRICE, HALVES, PASS], {("A", "T"), ("B", "F"), ("A", "P")}) == 2
    assert missing_items([], [HALVES], set()) == 0


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals(min_value=-5, max_value=20, places=2))
def test_what_is_taken_is_in_range_and_on_the_step(rules, value):
    on_step = is_in_range(HALVES, value) and (value - 1) % Decimal("0.5") == 0
    try:
        assert check_value(HALVES, str(value), rules) == value
        assert on_step
    except (ScoreOutOfRange, ScoreOffStep):
        assert not on_step

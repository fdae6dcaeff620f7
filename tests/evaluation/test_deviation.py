from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evaluation.deviation import check_item, deviation_of, find_alerts, is_uniform
from evaluation.findings import Alert
from evaluation.setup import CriterionSetup

FIFTEEN = CriterionSetup("T", "technical", "Solution", "subjective", "15")
RECORD = CriterionSetup("B", "business", "Record", "objective", "20")
PRICE = CriterionSetup("P", "price", "Price", "formula", "30")


def scores(*values):
    return {f"S{n}": Decimal(str(value)) for n, value in enumerate(values, start=1)}


def test_er_13_example_last_member_differs_8_00_over_4_50_and_third_3_25_is_no_alert(rules):
    example = scores(12, 13, 14, 13, 5)
    assert list(check_item("A", FIFTEEN, example, rules)) == [
        Alert("", "subjective_deviation", False, "A", "T", "S5", "5", "13.00", "8.00", "4.50")
    ]
    assert deviation_of("S3", example) == (Fraction(43, 4), Fraction(13, 4))


def test_er_13_a_deviation_of_exactly_the_limit_is_no_alert(rules):
    assert list(check_item("A", FIFTEEN, scores(10, 10, "14.5"), rules)) == []
    assert [alert.seat_id for alert in check_item("A", FIFTEEN, scores(10, 10, "14.51"), rules)] == ["S3"]


def test_er_13_an_objective_item_scored_differently_blocks(rules):
    assert list(check_item("A", RECORD, scores(18, 18, 17), rules)) == [Alert("", "objective_mismatch", True, "A", "B")]
    assert list(check_item("A", RECORD, scores("18", "18.0", "18.00"), rules)) == []


def test_er_13_a_value_out_of_range_blocks(rules):
    found = list(check_item("A", RECORD, scores(21, 21, 21), rules))
    assert [(alert.kind, alert.blocking, alert.seat_id) for alert in found] == [
        ("out_of_range", True, seat_id) for seat_id in ("S1", "S2", "S3")
    ]


def test_alerts_are_numbered_in_the_order_of_bids_criteria_and_seats(rules):
    sheet = {("A", "T"): "10", ("A", "B"): "18", ("B", "T"): "10", ("B", "B"): "18"}
    odd = {**sheet, ("A", "B"): "17", ("B", "T"): "1", ("B", "B"): "16"}
    found = find_alerts(["A", "B"], [PRICE, FIFTEEN, RECORD], {"S1": sheet, "S2": sheet, "S3": odd}, rules)
    assert [(alert.alert_id, alert.bid_id, alert.criterion_id) for alert in found] == [
        ("A1", "A", "B"),
        ("A2", "B", "T"),
        ("A3", "B", "B"),
    ]


def test_uniform_compares_values_not_text():
    assert is_uniform([Decimal("5"), Decimal("5.00")])
    assert not is_uniform([Decimal("5"), Decimal("5.01")])


VALUES = st.lists(st.decimals(min_value=0, max_value=15, places=2), min_size=3, max_size=9)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES, st.permutations(range(9)))
def test_who_is_outlying_does_not_depend_on_the_order_of_members(rules, values, order):
    members = {f"S{n}": value for n, value in enumerate(values)}
    shuffled = dict(sorted(members.items(), key=lambda item: order[int(item[0][1:])]))
    first = {alert.seat_id for alert in check_item("A", FIFTEEN, members, rules)}
    assert first == {alert.seat_id for alert in check_item("A", FIFTEEN, shuffled, rules)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_an_alert_says_what_the_definition_says(rules, values):
    members = {f"S{n}": value for n, value in enumerate(values)}
    expected = set()
    for seat_id, value in members.items():
        mean = (sum(map(Fraction, values)) - Fraction(value)) / (len(values) - 1)
        if abs(Fraction(value) - mean) > Fraction(9, 2):
            expected.add(seat_id)
    assert {alert.seat_id for alert in check_item("A", FIFTEEN, members, rules)} == expected

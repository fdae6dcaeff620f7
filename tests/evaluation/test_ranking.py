from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from evaluation.findings import BidResult, OpenTie
from evaluation.ranking import Resolution, brand_groups, count_bidders, rank, select_candidates, sort_key
from evaluation.setup import BidSetup


def result(bid_id, total, price="100", technical="0"):
    return BidResult(bid_id, price, price, {"T": total}, technical, total, 0, "open")


def select(results, bids, rules, orders=()):
    places = rank({item.bid_id: sort_key(item, rules) for item in results})
    return select_candidates([replace(item, rank=places[item.bid_id]) for item in results], bids, rules, orders)


def bid(bid_id, brand=None):
    return BidSetup(bid_id, bid_id, "", "100", brand=brand)


def chosen(selection):
    return [(item.place, item.bid_id) for item in selection.candidates]


def test_o87_art_57_equal_keys_share_a_place():
    keys = {"A": (Decimal(2),), "B": (Decimal(1),), "C": (Decimal(1),), "D": (Decimal(3),)}
    assert rank(keys) == {"B": 1, "C": 1, "A": 3, "D": 4}
    assert rank({}) == {}


@given(st.dictionaries(st.text(min_size=1), st.tuples(st.decimals(0, 3, places=0)), min_size=1))
def test_a_place_is_one_more_than_the_number_of_better_bids(keys):
    assert rank(keys) == {name: 1 + sum(other < key for other in keys.values()) for name, key in keys.items()}


def test_parallel_ends_the_sort_key(rules):
    assert sort_key(result("A", "90", "5", "7"), rules) == (Decimal(-90), Decimal(5))
    longer = replace(rules, tie_order=("total_desc", "technical_desc", "price_asc"))
    assert sort_key(result("A", "90", "5", "7"), longer) == (Decimal(-90), Decimal(-7), Decimal(5))


BRANDS = [bid("G", "X"), bid("H", "X"), bid("I", "Y"), bid("J", "Z")]
TOTALS = [result("G", "92"), result("H", "91"), result("I", "90"), result("J", "89")]


def test_o87_art_31_same_brand_three_bidders_counted_and_candidates_g_i_j(rules):
    assert count_bidders(BRANDS, True) == 3
    selection = select(TOTALS, BRANDS, rules)
    assert chosen(selection) == [(1, "G"), (2, "I"), (3, "J")]
    assert {item.bid_id: item.candidacy for item in selection.results}["H"] == "same_brand"
    assert selection.open_ties == ()


def test_without_the_brand_rule_every_bid_counts(rules):
    assert count_bidders(BRANDS, False) == 4
    assert chosen(select(TOTALS, BRANDS, replace(rules, brand_counts_once=False)))[1] == (2, "H")


def test_bids_without_brand_stand_alone():
    assert brand_groups([bid("A"), bid("B", ""), bid("C", "X"), bid("D", "X")], True) == [["A"], ["B"], ["C", "D"]]


def test_o87_art_31_equal_best_totals_of_a_brand_stay_open_whatever_the_price(rules):
    totals = [result("G", "92", "50"), result("H", "92", "60"), result("I", "90"), result("J", "89")]
    assert select(totals, BRANDS, rules).open_ties == (OpenTie("brand", ("G", "H")),)
    settled = select(totals, BRANDS, rules, [Resolution("brand", ("H", "G"))])
    assert chosen(settled) == [(1, "H"), (2, "I"), (3, "J")]
    assert settled.open_ties == ()


def test_a_brand_tie_beyond_the_candidates_needs_no_settling(rules):
    bids = [bid("A"), bid("B"), bid("C"), bid("G", "X"), bid("H", "X")]
    totals = [result("A", "95"), result("B", "94"), result("C", "93"), result("G", "92"), result("H", "92")]
    selection = select(totals, bids, rules)
    assert (selection.open_ties, chosen(selection)) == ((), [(1, "A"), (2, "B"), (3, "C")])


def test_o87_art_68_a_tie_at_a_candidates_place_is_open_until_an_order_is_recorded(rules):
    totals = [result("D", "90"), result("F", "90"), result("E", "80")]
    bids = [bid("D"), bid("E"), bid("F")]
    assert select(totals, bids, rules).open_ties == (OpenTie("place", ("D", "F")),)
    settled = select(totals, bids, rules, [Resolution("place", ("F", "D"))])
    assert (settled.open_ties, chosen(settled)) == ((), [(1, "F"), (2, "D"), (3, "E")])


@pytest.mark.parametrize(("places", "still_open"), [(3, True), (2, False)])
def test_only_ties_that_touch_a_candidates_place_are_open(rules, places, still_open):
    totals = [result("A", "95"), result("B", "94"), result("C", "90"), result("D", "90")]
    selection = select(totals, [bid(name) for name in "ABCD"], replace(rules, candidates_max=places))
    assert bool(selection.open_ties) is still_open


@given(
    lines=st.lists(st.tuples(st.integers(80, 84), st.sampled_from([None, "X", "Y"])), min_size=1, max_size=7),
    data=st.data(),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_settling_every_open_tie_ends_and_names_one_bid_per_brand(rules, lines, data):
    bids = [bid(f"b{n}", brand) for n, (_, brand) in enumerate(lines)]
    totals = [result(f"b{n}", str(total)) for n, (total, _) in enumerate(lines)]
    orders = []
    while (selection := select(totals, bids, rules, orders)).open_ties:
        tie = selection.open_ties[0]
        orders.append(Resolution(tie.kind, tuple(data.draw(st.permutations(tie.bid_ids)))))
        assert len(orders) <= len(lines)
    brands = {item.bid_id: item.brand for item in bids}
    named = [brands[item.bid_id] for item in selection.candidates if brands[item.bid_id]]
    assert len(named) == len(set(named))
    assert len(selection.candidates) == min(3, count_bidders(bids, True))

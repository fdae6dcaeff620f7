"""The sample library is realistic within the limits of the rules."""

from collections import Counter
from datetime import date

from expert_hub.experts.specialities import ancestor_at, shipped_catalogue
from expert_hub.sample.columns import ExpertRow
from expert_hub.sample.employers import CITY_WEIGHTS
from expert_hub.sample.library import library_rows
from expert_hub.sample.parties import BIDS, PROJECT_CODE
from expert_hub.sample.tender import QUOTAS

ON = date(2026, 3, 2)
ROWS = list(library_rows(2000, 1, ON))


def test_el_09_one_to_six_listed_specialities_within_the_limits() -> None:
    catalogue = shipped_catalogue()
    assert {len(row.specialities) for row in ROWS} == {1, 2, 3, 4, 5, 6}
    for row in ROWS:
        assert all(code in catalogue for code in row.specialities)
        assert len(set(row.specialities)) == len(row.specialities)
        assert len({ancestor_at(code, 2) for code in row.specialities}) <= 3
        assert len({ancestor_at(code, 3) for code in row.specialities}) <= 6


def test_el_17_every_city_occurs_and_at_most_three_further_regions() -> None:
    assert {row.region_code for row in ROWS} == set(CITY_WEIGHTS)
    assert max(len(row.extra_regions) for row in ROWS) == 3
    assert all(row.region_code not in row.extra_regions for row in ROWS)


def test_standing_and_term_agree() -> None:
    counts = Counter(row.standing for row in ROWS)
    assert set(counts) == {"admitted", "suspended", "expired", "removed", "under_review"}
    assert counts["admitted"] > 1700
    for row in ROWS:
        assert row.appointed_on < ON
        assert (row.term_ends_on < ON) == (row.standing == "expired")


def test_el_13_dated_relations_lie_on_both_sides_of_the_window() -> None:
    bidders = {party.name for bid in BIDS for party in (bid.bidder, *bid.partners)}
    ties = [relation for row in ROWS for relation in row.relations if relation.organisation in bidders]
    assert len(ties) > 50
    assert {relation.kind for relation in ties} >= {"employment", "director", "kin_of_head", "near_relative"}
    ended = [relation.ends_on for relation in ties if relation.ends_on]
    assert min(ended) < date(2023, 3, 2) < max(ended)
    assert any(not relation.code for relation in ties)
    assert all(relation.ends_on is None or relation.starts_on < relation.ends_on for relation in ties)


def test_participation_in_planning_names_the_project() -> None:
    planned = [relation for row in ROWS for relation in row.relations if relation.kind == "need_planning"]
    assert planned
    assert {relation.code for relation in planned} <= {PROJECT_CODE, ""}


def test_el_15_some_persons_are_registered_twice() -> None:
    rows = Counter(row.identity_number for row in ROWS)
    assert set(rows.values()) == {1, 2}
    twice = [number for number, count in rows.items() if count == 2]
    assert 3 <= len(twice) <= 30
    for number in twice:
        first, second = (row for row in ROWS if row.identity_number == number)
        assert (first.name, first.mobile) == (second.name, second.mobile)
        assert first.library_no != second.library_no
    assert len({row.library_no for row in ROWS}) == 2000


def test_el_12_leave_is_an_interval_around_the_day() -> None:
    leaves = [leave for row in ROWS for leave in row.leave]
    assert any(first <= ON <= last for first, last in leaves)
    assert all(first < last for first, last in leaves)


def test_the_same_seed_gives_the_same_rows_and_another_seed_others() -> None:
    assert list(library_rows(200, 5, ON)) == list(library_rows(200, 5, ON))
    assert list(library_rows(200, 5, ON)) != list(library_rows(200, 6, ON))


def test_150_experts_are_enough_for_every_quota_with_its_alternates() -> None:
    for seed in range(10):
        rows = [row for row in library_rows(150, seed, ON) if _is_free(row)]
        employers = [{row.employer for row in rows if _answers(row, code)} for code in QUOTAS]
        assert min(len(names) for names in employers) >= 6
        assert len(set().union(*employers)) >= 14


def _is_free(row: ExpertRow) -> bool:
    is_on_leave = any(first <= ON <= last for first, last in row.leave)
    born_on = int(row.identity_number[6:10])
    return row.standing == "admitted" and not row.relations and not is_on_leave and ON.year - born_on < 65


def _answers(row: ExpertRow, code: str) -> bool:
    return any(held.startswith(code) for held in row.specialities)

from collections.abc import Callable
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.demand import Quota
from scheduling.eligibility import Eligibility
from scheduling.errors import PoolTooSmallError
from scheduling.feasibility import Shortage, demands, employer_max, ensure_large_enough, shortages
from scheduling.records import CandidateRecord

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
TWO = (Quota("a", "A08", 1), Quota("b", "A09", 2))


def test_pool_that_is_large_enough_has_no_shortage(make_record: Maker, assessed: Assessed) -> None:
    eligibility = assessed([make_record(number) for number in range(4)])
    assert demands(eligibility) == [4]
    assert shortages(eligibility) == ()
    ensure_large_enough(eligibility)


def test_dr_11_a_quota_may_have_a_reserve_of_its_own(make_record: Maker, assessed: Assessed) -> None:
    quotas = (Quota("a", "A08", 1), Quota("b", "A08", 2, alternates=3))
    assert demands(assessed([make_record(0)], quotas=quotas)) == [2, 5]


def test_chapter_3_pool_too_small_names_the_quotas(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number) for number in range(5)] + [make_record(7, specialities=("A09",))]
    with pytest.raises(PoolTooSmallError) as caught:
        ensure_large_enough(assessed(records, quotas=TWO))
    assert caught.value.code == "draw/pool-too-small"
    assert caught.value.facts == {
        "short": 2,
        "quotas": [{"quota_id": "b", "required": 3, "eligible": 1, "short": 2}],
    }
    assert "2" in caught.value.text("zh")


def test_nobody_eligible_at_all(assessed: Assessed) -> None:
    assert shortages(assessed([])) == (Shortage("q1", 4, 0, 4),)


def test_c14_colleagues_fill_one_seat_only(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number, employer_name="同一家") for number in range(4)]
    assert shortages(assessed(records)) == (Shortage("q1", 4, 4, 3),)
    assert shortages(assessed(records, same_employer_max=2)) == (Shortage("q1", 4, 4, 2),)
    without = assessed(records, grounds=("C01",))
    assert (employer_max(without), shortages(without)) == (0, ())


def test_one_person_with_two_specialities_fills_one_seat(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number, specialities=("A08", "A09")) for number in range(4)]
    found = shortages(assessed(records, quotas=TWO))
    assert sum(item.short for item in found) == 1


people = st.tuples(st.sampled_from([("A08",), ("A09",), ("A08", "A09")]), st.integers(0, 3))


@settings(max_examples=80)
@given(st.lists(people, max_size=6), st.integers(1, 2))
def test_flow_agrees_with_trying_every_assignment(
    make_record: Maker, assessed: Assessed, rows: list[tuple[tuple[str, ...], int]], most: int
) -> None:
    records = [
        make_record(number, specialities=codes, employer_name=f"单位{unit}")
        for number, (codes, unit) in enumerate(rows)
    ]
    eligibility = assessed(records, quotas=TWO, alternates_per_quota=0, same_employer_max=most)
    wanted = ("A08", "A09", "A09")
    is_feasible = any(
        all(code in rows[person][0] for code, person in zip(wanted, chosen, strict=True))
        and all([rows[person][1] for person in chosen].count(unit) <= most for unit in range(4))
        for chosen in permutations(range(len(rows)), 3)
    )
    assert (shortages(eligibility) == ()) == is_feasible

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.cells import Row
from scheduling.demand import Limit, Quota, VenueGroup
from scheduling.eligibility import Eligibility
from scheduling.panel_problem import PanelProblem, limit_members, missing_rows, panel_problem, seats_of, with_rows
from scheduling.records import CandidateRecord
from scheduling.refusals import NoAssignmentError

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]
QUOTAS = (Quota("a", "A08", 2), Quota("b", "A09", 1), Quota("c", "B01", 1, ("44",)))
CODES = ("A08", "A09", "B01")


def per_kind(panel: PanelProblem, people: tuple[int, ...]) -> list[int]:
    counts = np.bincount(panel.problem.kinds[list(people)], minlength=len(panel.masks))
    return [int(count) for count in counts]


def keeps(row: Row, seats: list[int]) -> bool:
    return row.low <= sum(seats[kind] for kind in row.places) <= row.high


def can_sit(eligibility: Eligibility, members: tuple[int, ...]) -> bool:
    """Try every way to give the members to the quotas, and count the limits person by person."""
    request = eligibility.request
    places = [[quota for quota in range(len(request.quotas)) if eligibility.mask[quota, index]] for index in members]
    counts = [quota.count for quota in request.quotas]
    is_seated = any([list(way).count(q) for q in range(len(counts))] == counts for way in product(*places))
    return is_seated and all(
        limit.low
        <= sum(bool(limit_members(eligibility.pool, request, limit)[index]) for index in members)
        <= limit.high
        for limit in request.limits
    )


person = st.fixed_dictionaries(
    {
        "specialities": st.lists(st.sampled_from(CODES), min_size=1, max_size=3, unique=True).map(tuple),
        "region_code": st.sampled_from(["440100", "440300", "450100"]),
        "extra_regions": st.sampled_from([(), ("440100",)]),
        "title_level": st.sampled_from(["senior", "intermediate"]),
    }
)
some_limits = st.sampled_from(
    [
        (),
        (Limit("l", "home", ("4401",), 1, 2),),
        (Limit("l", "region", ("4401",), 2, 4), Limit("t", "title", ("senior",), 0, 2)),
        (Limit("v", "venue_group", ("sz",), 1, 4),),
    ]
)


@settings(max_examples=80, deadline=None)
@given(st.lists(person, max_size=7), some_limits)
def test_rows_hold_exactly_for_the_panels_that_can_be_seated(
    make_record: Maker, assessed: Assessed, rows: list[dict[str, object]], limits: tuple[Limit, ...]
) -> None:
    records = [make_record(number, **row) for number, row in enumerate(rows)]
    eligibility = assessed(records, quotas=QUOTAS, limits=limits, venue_groups=(VenueGroup("sz", ("4403", "4501")),))
    panel = panel_problem(eligibility)
    assert panel.is_complete
    for people in combinations(range(len(panel.people)), 4):
        seats = per_kind(panel, people)
        is_panel = all(keeps(row, seats) for row in panel.problem.rows)
        assert is_panel == can_sit(eligibility, tuple(panel.people[list(people)].tolist()))
        if is_panel:
            placed = seats_of(panel, seats)
            assert [sum(many for (_, q), many in placed.items() if q == quota) for quota in range(3)] == [2, 1, 1]


def test_people_alike_in_quotas_and_limits_are_one_kind(make_record: Maker, assessed: Assessed) -> None:
    records = [
        make_record(0),
        make_record(1, standing="suspended"),
        make_record(2, title_level="intermediate"),
        make_record(3, region_code="450000"),
        make_record(4, title_level="intermediate", specialities=("A08", "A09")),
    ]
    quotas = (Quota("a", "A08", 1), Quota("b", "A09", 1))
    panel = panel_problem(assessed(records, quotas=quotas, limits=(Limit("t", "title", ("senior",), 1, 1),)))
    assert panel.people.tolist() == [0, 2, 3, 4]
    assert panel.problem.kinds.tolist() == [1, 0, 1, 2]
    assert (panel.masks, panel.sizes, panel.counts) == ((1, 1, 3), (1, 2, 1), (1, 1))
    assert panel.problem.rows == (Row((0, 1, 2), 2, 2), Row((1,), 1, 1), Row((0, 1), 0, 1))


def test_c13_c14_pairs_and_employers_are_numbered_by_person(make_record: Maker, assessed: Assessed) -> None:
    records = [
        make_record(0, standing="suspended"),
        make_record(1, employer_name="甲院"),
        make_record(2, employer_name="", kin=("e0003",)),
        make_record(3, employer_name="甲院"),
    ]
    problem = panel_problem(assessed(records, same_employer_max=2)).problem
    assert problem.units is not None
    assert problem.units[0] == problem.units[2] >= 0
    assert (problem.units[1], problem.unit_max, problem.edges) == (-1, 2, ((1, 2),))
    assert panel_problem(assessed(records, grounds=("C13",))).problem.units is None


def test_seats_nobody_can_place_are_refused_and_named(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number) for number in range(3)]
    panel = panel_problem(assessed(records, quotas=(Quota("a", "A08", 1), Quota("b", "A0801", 1), Quota("c", "B", 1))))
    with pytest.raises(NoAssignmentError) as caught:
        seats_of(panel, [3])
    assert caught.value.facts == {"seats": 3, "blocked": 2}
    with pytest.raises(NoAssignmentError):
        seats_of(panel, [2])


def test_sixty_quotas_that_overlap_in_a_star_get_their_rows_when_asked(make_record: Maker, assessed: Assessed) -> None:
    codes = [f"A{number:02}" for number in range(60)]
    records = [make_record(n, specialities=("A00", code)) for n, code in enumerate(codes[1:] * 2)]
    records += [make_record(200, specialities=("A00",))]
    quotas = tuple(Quota(code, code, 1) for code in codes)
    panel = panel_problem(assessed(records, quotas=quotas))
    assert not panel.is_complete
    twins = [int(size == 2) for size in panel.sizes]
    seats = [2 * twin if number < 30 else 0 for number, twin in enumerate(twins)]
    broken = missing_rows(panel, seats)
    assert broken
    assert not keeps(broken[0], seats)
    assert broken[0] in with_rows(panel, broken).problem.rows
    assert missing_rows(panel, [1] * 60) == ()


def test_rows_beyond_the_bound_are_found_by_cutting_and_by_asking(make_record: Maker, assessed: Assessed) -> None:
    codes = [f"A{number:02}" for number in range(9)]
    held = [*combinations(codes, 2), *((code,) for code in codes)] * 3
    records = [make_record(n, specialities=codes_of) for n, codes_of in enumerate(held)]
    eligibility = assessed(records, quotas=tuple(Quota(code, code, 1) for code in codes))
    whole, panel = panel_problem(eligibility, most_rows=1_000), panel_problem(eligibility)
    assert (whole.is_complete, len(whole.problem.rows)) == (True, 2**9 - 1)
    assert not panel.is_complete
    assert set(panel.problem.rows) < set(whole.problem.rows)
    assert len(panel.problem.rows) < 120
    same = panel_problem(eligibility)
    assert same.problem.rows == panel.problem.rows


def test_a_pool_of_20_000_is_a_handful_of_classes(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(n, specialities=(CODES[n % 3], CODES[n % 2])) for n in range(20_000)]
    eligibility = assessed(records, quotas=(*QUOTAS[:2], Quota("c", "B01", 1)))
    panel = panel_problem(eligibility)
    assert sum(panel.sizes) == len(panel.people) == 20_000
    assert len(panel.sizes) < 12

from collections.abc import Callable

import numpy as np

from scheduling.concessions import Concession
from scheduling.demand import DirectSelection, Limit, Quota, VenueGroup
from scheduling.eligibility import Eligibility
from scheduling.records import CandidateRecord
from scheduling.supplies import Supply, candidate_cities, enough_people, most_together, supplies

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]


def test_people_are_counted_by_what_it_takes(make_record: Maker, assessed: Assessed) -> None:
    records = [
        make_record(0, specialities=("A0801",)),
        make_record(1, specialities=("A0801", "A08"), region_code="440300", title_level="x"),
        make_record(2, specialities=("A08",), region_code="440300"),
        make_record(3, specialities=("A0802",)),
        make_record(4, specialities=("B01",)),
        make_record(5, standing="suspended"),
    ]
    eligibility = assessed(
        records, quotas=(Quota("a", "A0801", 1, ("4401",)),), limits=(Limit("t", "title", ("senior",), 0, 1),)
    )
    city, ticked, parent = Concession("regions", "a", "4403"), Concession("ancestor", "a"), Concession("parent", "a")
    assert supplies(eligibility) == [
        Supply(0, frozenset(), 1, (1,), (0,)),
        Supply(0, frozenset({ticked, city}), 2, (1,), (1,)),
        Supply(0, frozenset({parent}), 1, (1,), (0,)),
        Supply(0, frozenset({parent, city}), 2, (1,), (1,)),
        Supply(0, frozenset({city}), 1, (0,), (1,)),
    ]
    assert enough_people(eligibility).tolist() == [True, True, True, True, False, False]


def test_c14_colleagues_count_once(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(n, employer_name="同一家" if n < 3 else "") for n in range(5)]
    assert supplies(assessed(records))[0].persons == 3
    assert supplies(assessed(records, same_employer_max=2))[0].persons == 4
    assert supplies(assessed(records, grounds=()))[0].persons == 5
    assert most_together(assessed(records), np.array([True, True, False, False, True])) == 2


def test_venue_groups_and_regions_of_the_request_are_needs_too(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(0, region_code="450100")]
    eligibility = assessed(
        records,
        quotas=(Quota("a", "A0801", 1, venue_group="g"),),
        venue_groups=(VenueGroup("g", ("4403",)),),
        venue_group="g",
        regions=("44",),
    )
    needs = {Concession("venue_group", "a"), Concession("venue_group", ""), Concession("all_regions", "", "4501")}
    assert [supply.way for supply in supplies(eligibility)] == [frozenset(needs)]


def test_cities_of_the_own_province_come_first_then_large_ones(make_record: Maker, assessed: Assessed) -> None:
    places = ["440100", "440300", "440600", "440600", "450100", "450100", "450100", "430100"]
    records = [make_record(number, region_code=place) for number, place in enumerate(places)]
    eligibility = assessed(records, quotas=(Quota("a", "A0801", 1, ("4401",)), Quota("b", "A0801", 1)))
    assert candidate_cities(eligibility, 0) == ["4406", "4403", "4501", "4301"]
    assert candidate_cities(eligibility, 1) == []


def test_a_directly_selected_expert_stays_in_reach(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(0, specialities=("C01",)), make_record(1)]
    eligibility = assessed(records, direct_selection=DirectSelection(("e0000",), "r", "a", "e"))
    assert enough_people(eligibility).tolist() == [True, True]


def test_of_people_alike_as_many_as_there_are_seats_are_enough(make_record: Maker, assessed: Assessed) -> None:
    alike = [make_record(n, employer_name=f"单位{n // 2}" if n < 40 else "") for n in range(60)]
    others = [
        make_record(70, region_code="440300"),
        make_record(71, extra_regions=("440300",)),
        make_record(72, kin=("e0000",)),
        make_record(73, specialities=("B01",)),
        make_record(74, standing="suspended"),
        make_record(75, specialities=("A08",)),
    ]
    eligibility = assessed([*alike, *others], quotas=(Quota("a", "A0801", 3, ("4401",)),))
    kept = np.flatnonzero(enough_people(eligibility)).tolist()
    # Three seats and one alternate: four of sixty; e0000 stays as a relative of e0072.
    assert len([place for place in kept if 0 < place < 60]) == 4
    units = [int(eligibility.pool.unit[place]) for place in kept if 0 < place < 40]
    assert len(set(units)) == len(units)
    names = [eligibility.pool.candidate_ids[place] for place in kept if place == 0 or place >= 60]
    assert names == ["e0000", "e0070", "e0071", "e0072", "e0075"]

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.demand import Quota, VenueGroup
from scheduling.eligibility import Eligibility
from scheduling.errors import InvalidRequestError
from scheduling.records import CandidateRecord, Relation

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]


def test_el_08_ancestor_matches_are_counted_for_the_log(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(0, specialities=("A08",)), make_record(1), make_record(2, specialities=("A",))]
    records.append(make_record(3, specialities=("A08",), standing="suspended"))
    quotas = (Quota("q", "A0801", 1, accept_ancestor=True), Quota("r", "A0801", 1))
    assert assessed(records, quotas=quotas).ancestor_counts() == {"q": 2, "r": 0}


def test_el_17_main_and_extra_regions_by_prefix(make_record: Maker, assessed: Assessed) -> None:
    records = [
        make_record(0, region_code="440100"),
        make_record(1, region_code="450100", extra_regions=("440300",)),
        make_record(2, region_code="450100"),
    ]
    eligibility = assessed(records, quotas=(Quota("q", "A08", 1, ("44",)), Quota("r", "A08", 1, ("4401", "4501"))))
    assert eligibility.mask.tolist() == [[True, True, False], [True, True, True]]


def test_dr_07_one_region_must_please_quota_request_and_venue_group(make_record: Maker, assessed: Assessed) -> None:
    records = [
        make_record(0, region_code="440305"),
        make_record(1, region_code="440100", extra_regions=("440300",)),
        make_record(2, region_code="440100", extra_regions=("450300",)),
        make_record(3, region_code="450305"),
    ]
    groups = (VenueGroup("sz", ("4403", "4503")),)
    quotas = (Quota("q", "A08", 1, ("44",), venue_group="sz"), Quota("r", "A08", 1))
    mask = assessed(records, quotas=quotas, venue_groups=groups).mask.tolist()
    assert mask == [[True, True, False, False], [True, True, True, True]]
    mask = assessed(records, quotas=quotas, venue_groups=groups, venue_group="sz", regions=("45",)).mask.tolist()
    assert mask == [[False, False, False, False], [False, False, True, True]]


def test_c13_relatives_stay_eligible_and_become_a_pair(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(0, kin=("e0001", "e0002")), make_record(1), make_record(2, standing="suspended")]
    assert assessed(records).edges == ((0, 1),)
    assert assessed(records, grounds=("C14",)).edges == ()


def test_invalid_request_is_refused_before_anything_else(assessed: Assessed) -> None:
    with pytest.raises(InvalidRequestError):
        assessed([], quotas=())


def test_cf_08_dry_run_shows_no_count_below_k(make_record: Maker, assessed: Assessed) -> None:
    records = [make_record(number) for number in range(6)]
    records += [make_record(number, standing="suspended") for number in range(10, 15)]
    records += [make_record(number, relations=(Relation("tender_penalty"),)) for number in range(20, 24)]
    assert assessed(records).dry_run_counts(5) == {
        "pool": 15,
        "eligible": {"q1": 6},
        "excluded": {"C16": 5},
        "merged": None,
    }
    assert assessed(records).dry_run_counts(7)["eligible"] == {"q1": None}
    assert assessed(records).dry_run_counts(6)["merged"] == 9


people = st.fixed_dictionaries(
    {
        "standing": st.sampled_from(["admitted", "admitted", "suspended"]),
        "specialities": st.sampled_from([("A0801",), ("A09",), ("A08", "A09"), ("B01",), ()]),
        "region_code": st.sampled_from(["440100", "450000"]),
        "employer_name": st.sampled_from(["甲公司", "某医院", "乙公司", ""]),
        "born_on": st.sampled_from([date(1940, 1, 1), date(1980, 1, 1)]),
    }
)


@settings(max_examples=60)
@given(st.lists(people, max_size=12))
def test_everybody_is_either_eligible_or_excluded_with_a_reason(
    make_record: Maker, assessed: Assessed, rows: list[dict[str, object]]
) -> None:
    records = [make_record(number, **row) for number, row in enumerate(rows)]
    eligibility = assessed(records, quotas=(Quota("q", "A08", 1), Quota("r", "A09", 1, ("44",))))
    excluded = {exclusion.index for exclusion in eligibility.exclusions}
    eligible = set(np.flatnonzero(eligibility.mask.any(axis=0)).tolist())
    assert eligible | excluded == set(range(len(records)))
    assert eligible & excluded == set()

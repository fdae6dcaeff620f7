from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from scheduling.demand import Quota
from scheduling.eligibility import Eligibility
from scheduling.exclusions import Exclusion, RelationTrace, merge_small
from scheduling.parties import MatchedParty
from scheduling.records import CandidateRecord, Relation

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]


def test_cf_02_every_exclusion_names_ground_record_and_key(make_record: Maker, assessed: Assessed) -> None:
    ended = Relation("employment", "", "老甲公司", date(2020, 1, 1), date(2024, 1, 1), "rel-1", "sha256:ab")
    eligibility = assessed(
        [
            make_record(0),
            make_record(1, relations=(ended,), standing="suspended"),
            make_record(2, employer_code="91110000600037341L"),
            make_record(3, specialities=("B01",)),
            make_record(4, region_code="110000"),
        ],
        quotas=(Quota("q", "A08", 1, ("44",)),),
    )
    bidder = MatchedParty("bidder", "91110000600037341L", "甲公司")
    past = RelationTrace("rel-1", "employment", "", "老甲公司", date(2020, 1, 1), date(2024, 1, 1))
    present = RelationTrace(None, "employment", "91110000600037341L", "第2设计院", None, None)
    assert eligibility.exclusions[:] == (
        Exclusion(1, "e0001", "C01", "conflict.window_years", "review", past, bidder, "sha256:ab"),
        Exclusion(1, "e0001", "C16", "conflict.grounds_project", "standing:suspended"),
        Exclusion(2, "e0002", "C01", "conflict.window_years", "", present, bidder),
        Exclusion(3, "e0003", "Q1", "spec.match", ""),
        Exclusion(4, "e0004", "Q2", "expert.extra_regions", ""),
    )
    assert [item.needs_review for item in eligibility.exclusions] == [True, False, False, False, False]
    assert [item.citation for item in eligibility.exclusions.of(1)] == ["政府采购法实施条例 第9条(1)", "domain C16"]
    assert eligibility.exclusions[3].citation == "domain EL-08"
    names, marks = eligibility.exclusions.marks()
    assert (names, marks.tolist()) == (("C01", "C16", "Q1", "Q2"), [0, 3, 1, 4, 8])
    assert eligibility.exclusions.grounds() == [(1, "C01"), (1, "C16"), (2, "C01"), (3, "Q1"), (4, "Q2")]
    assert eligibility.exclusions.of(2) == eligibility.exclusions[2:3]
    assert eligibility.exclusions[-1] == list(eligibility.exclusions)[-1]
    assert eligibility.ground_counts() == {"C01": 2, "C16": 1, "Q1": 1, "Q2": 1}
    assert eligibility.eligible_counts() == {"q": 1}


def test_nobody_excluded_is_an_empty_sequence(make_record: Maker, assessed: Assessed) -> None:
    exclusions = assessed([make_record(0)]).exclusions
    assert (len(exclusions), list(exclusions), exclusions.of(0), exclusions.grounds(), exclusions.persons()) == (
        0,
        [],
        (),
        [],
        {},
    )


@given(st.dictionaries(st.sampled_from(["C01", "C02", "C03"]), st.integers(1, 20)), st.integers(1, 10))
def test_no_number_between_one_and_k_is_ever_shown(counts: dict[str, int], k: int) -> None:
    shown, merged = merge_small(counts, k)
    assert all(count >= k for count in [*shown.values(), *([] if merged is None else [merged])])


def test_cf_02_groups_and_traced_exclusions_are_all(make_record: Maker, assessed: Assessed) -> None:
    people = [
        make_record(0, employer_code="91110000600037341L", standing="suspended"),
        make_record(1, standing="suspended"),
        make_record(2, standing="suspended", specialities=("C01",)),
        make_record(3),
    ]
    found = assessed(people).exclusions
    listed = [(place, group.ground) for group in found.groups() for place in group.members.tolist()]
    listed += [(each.index, each.ground) for each in found.traced()]
    assert sorted(listed) == sorted((each.index, each.ground) for each in found)
    assert sorted(listed) == [(0, "C01"), (0, "C16"), (1, "C16"), (2, "C16"), (2, "Q1")]
    assert [(each.candidate_id, each.ground) for each in found.traced()] == [("e0000", "C01")]
    assert [group.members.tolist() for group in found.groups() if group.ground == "C16"] == [[0, 1, 2]]

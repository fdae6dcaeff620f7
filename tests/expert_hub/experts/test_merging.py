from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from expert_hub.experts.merging import Decision, Profile, Registration, combine, former_employers
from expert_hub.experts.rules import Leave, Relation, Standing, TitleLevel

START = datetime(2026, 1, 1, tzinfo=UTC)
TIES = [Relation("employment", "甲公司", "C1"), Relation("director", "乙公司", "C2", None, date(2025, 1, 1))]
LEAVES = [Leave(date(2026, 3, 1), date(2026, 3, 5)), Leave(date(2026, 4, 1), date(2026, 4, 2))]


def profile(**changes: Any) -> Profile:
    usual: dict[str, Any] = {
        "name": "王伟",
        "mobile_masked": "138****0000",
        "title_level": TitleLevel.SENIOR,
        "employer_name": "甲公司",
        "employer_code": "C1",
        "region_code": "440100",
        "specialities": ("A01",),
        "standing": Standing.ADMITTED,
    }
    return Profile(**(usual | changes))


def registration(number: int, **changes: Any) -> Registration:
    return Registration(
        registration_id=f"r{number}",
        profile=profile(**changes),
        mobile_sealed=b"%d" % number,
        recorded_at=START + timedelta(days=number),
        recorded_row=number,
    )


registrations = st.lists(
    st.builds(
        lambda specialities, standing, relations, leaves, region: {
            "specialities": tuple(sorted(specialities)),
            "standing": standing,
            "relations": tuple(relations),
            "leaves": tuple(leaves),
            "region_code": region,
        },
        st.sets(st.sampled_from(["A01", "A02", "B01"]), min_size=1),
        st.sampled_from(Standing),
        st.lists(st.sampled_from(TIES), unique=True),
        st.lists(st.sampled_from(LEAVES), unique=True),
        st.sampled_from(["440100", "440300"]),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: [registration(number, **each) for number, each in enumerate(found)])


@given(registrations)
def test_merged_person_has_the_union_and_the_strictest_standing(found: list[Registration]) -> None:
    person = combine(found).profile
    assert set(person.specialities) == {code for each in found for code in each.profile.specialities}
    assert set(person.relations) == {tie for each in found for tie in each.profile.relations}
    assert set(person.leaves) == {leave for each in found for leave in each.profile.leaves}
    only_admitted = all(each.profile.standing is Standing.ADMITTED for each in found)
    assert (person.standing is Standing.ADMITTED) == only_admitted


@given(registrations)
def test_order_of_registrations_decides_nothing(found: list[Registration]) -> None:
    assert len({repr(combine(list(order))) for order in permutations(found)}) == 1


@given(registrations)
def test_leaving_a_registration_out_undoes_its_merge(found: list[Registration]) -> None:
    before = combine(found)
    late = registration(9, name="王伟", standing=Standing.REMOVED, specialities=("C01",), region_code="110000")
    merged = combine([*found, late])
    assert merged.profile.standing is Standing.REMOVED
    assert combine([each for each in [*found, late] if each != late]) == before


def test_other_values_come_from_the_registration_recorded_last() -> None:
    person = combine([registration(2, title="教授"), registration(1, title="工程师")])
    assert (person.profile.title, person.mobile_sealed) == ("教授", b"2")


def test_an_employer_that_only_another_library_names_stays_a_conflict() -> None:
    """C01: whoever is merged keeps the labour relations of every library."""
    person = combine([registration(1, employer_name="甲公司", employer_code="C1"), registration(2, employer_name="丙")])
    assert person.profile.relations == (Relation("employment", "甲公司", "C1"),)


def test_a_decision_overrides_what_was_said_before_it_and_not_after() -> None:
    early = registration(1, standing=Standing.SUSPENDED)
    lifted = Decision(Standing.ADMITTED, START + timedelta(days=2))
    assert combine([early], lifted).profile.standing is Standing.ADMITTED
    later = registration(3, standing=Standing.EXPIRED)
    assert combine([early, later], lifted).profile.standing is Standing.EXPIRED
    barred = Decision(Standing.REMOVED, START + timedelta(days=2))
    assert combine([registration(3)], barred).profile.standing is Standing.REMOVED


def test_an_employer_that_disappears_becomes_a_past_relation() -> None:
    """C01: a labour relation bars for three years after its end."""
    on = date(2026, 3, 2)
    before = registration(1, employer_name="甲公司", employer_code="C1")
    assert former_employers(before, profile(title="教授"), on) == ()
    kept = former_employers(before, profile(employer_name="乙公司", employer_code="C2"), on)
    assert kept == (Relation("employment", "甲公司", "C1", None, on),)

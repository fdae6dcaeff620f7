from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.experts.rules import (
    NEXT_STANDINGS,
    SpecialityLimits,
    Standing,
    comparable_name,
    mask_identity,
    mask_mobile,
    speciality_reasons,
    standing_reasons,
    strictest,
)

ON = date(2026, 3, 2)
KNOWN = {"A", "A01", "A02", "A03", "A04", "A0101", "A0102", "A010101", "A010102", "B01", "B0101"}


def test_life_cycle_of_chapter_1() -> None:
    assert {str(before): sorted(after) for before, after in NEXT_STANDINGS.items()} == {
        "applicant": ["removed", "under_review"],
        "under_review": ["admitted", "removed"],
        "admitted": ["expired", "on_leave", "removed", "suspended"],
        "suspended": ["admitted", "expired", "removed"],
        "on_leave": ["admitted", "expired", "removed", "suspended"],
        "expired": ["removed", "under_review"],
        "removed": [],
    }


@given(st.sampled_from(Standing), st.sampled_from(Standing))
def test_a_step_has_a_reason_exactly_when_it_is_not_in_the_life_cycle(before: Standing, after: Standing) -> None:
    reasons = standing_reasons(before, after)
    assert bool(reasons) == (after not in NEXT_STANDINGS[before])
    assert all(reason.code == "experts/standing-not-allowed" and reason.zh and reason.en for reason in reasons)


@given(st.lists(st.sampled_from(Standing), min_size=1))
def test_strictest_is_one_of_them_and_never_admitted_beside_a_bar(standings: list[Standing]) -> None:
    result = strictest(standings)
    assert result in standings
    assert (result is Standing.ADMITTED) == (set(standings) == {Standing.ADMITTED})


@pytest.mark.parametrize(
    ("codes", "limits", "expected"),
    [
        (("A010101", "A010102", "A0102"), SpecialityLimits(1, 2), []),
        (("A01", "A02", "A03"), SpecialityLimits(), []),
        (("A01", "A02", "A03", "B01"), SpecialityLimits(), ["experts/too-many-specialities"]),
        (("A0101", "A0102"), SpecialityLimits(3, 1), ["experts/too-many-specialities"]),
        (("A0199", "X"), SpecialityLimits(), ["experts/unknown-speciality", "experts/unknown-speciality"]),
    ],
)
def test_specialities_are_listed_and_within_limits(
    codes: tuple[str, ...], limits: SpecialityLimits, expected: list[str]
) -> None:
    assert [each.code for each in speciality_reasons(codes, KNOWN, limits)] == expected


def test_masks_keep_length_and_hide_the_middle() -> None:
    assert mask_identity("11010119900307123X") == "110***********123X"
    assert mask_mobile("13812345678") == "138****5678"


def test_names_compare_without_blanks_and_middle_dots() -> None:
    assert comparable_name("买买提 · 艾力") == comparable_name("买买提•艾力")
    assert comparable_name("王伟") != comparable_name("王玮")

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.availability import engagement_findings, latest_birth_with_age, standing_findings
from scheduling.pool import Pool
from scheduling.records import CandidateRecord
from scheduling.request import DrawRequest

CHINA = timezone(timedelta(hours=8))
Reasons = Callable[..., list[str]]


@pytest.fixture(scope="session")
def reasons(make_record: Callable[..., CandidateRecord], make_request: Callable[..., DrawRequest]) -> Reasons:
    def search(request: dict[str, Any] | None = None, **changes: Any) -> list[str]:
        pool, asked = Pool.from_records([make_record(0, **changes)]), make_request(**(request or {}))
        return [finding.note for finding in [*standing_findings(pool, asked), *engagement_findings(pool, asked)]]

    return search


def test_c16_only_admitted_is_drawable(reasons: Reasons) -> None:
    assert reasons() == []
    for standing in ("suspended", "expired", "removed", "debarred", "applicant", ""):
        assert reasons(standing=standing) == [f"standing:{standing}"]


def test_el_12_leave_counts_on_any_day_of_the_evaluation(reasons: Reasons) -> None:
    assert reasons(leaves=((date(2026, 2, 1), date(2026, 3, 2)),)) == []
    assert reasons(leaves=((date(2026, 2, 1), date(2026, 3, 3)),)) == ["leave"]
    assert reasons(leaves=((date(2026, 3, 3), date(2026, 3, 3)),)) == ["leave"]
    assert reasons(leaves=((date(2026, 3, 4), date(2026, 3, 9)),)) == []


def test_c16_term_must_reach_the_last_day(reasons: Reasons) -> None:
    assert reasons(term_ends_on=date(2026, 3, 3)) == []
    assert reasons(term_ends_on=date(2026, 3, 2)) == ["term"]


def test_el_05_age_is_that_of_the_evaluation_date(reasons: Reasons) -> None:
    # Evaluation 2026-03-03; limits 65, and 70 for senior titles.
    assert reasons(title_level="intermediate", born_on=date(1960, 3, 4)) == []
    assert reasons(title_level="intermediate", born_on=date(1960, 3, 3)) == ["age"]
    assert reasons(title_level="senior", born_on=date(1960, 3, 3)) == []
    assert reasons(title_level="senior", born_on=date(1955, 3, 4)) == []
    assert reasons(title_level="full_senior", born_on=date(1955, 3, 3)) == ["age"]
    assert reasons(request={"max_age_senior": None}, born_on=date(1900, 1, 1)) == []


def test_person_born_on_29_february_completes_a_year_on_28_february(reasons: Reasons) -> None:
    assert latest_birth_with_age(66, date(2026, 2, 28)) == date(1960, 2, 29)
    assert latest_birth_with_age(66, date(2026, 2, 27)) == date(1960, 2, 27)
    assert latest_birth_with_age(68, date(2028, 2, 28)) == date(1960, 2, 28)
    assert latest_birth_with_age(65, date(2028, 2, 29)) == date(1963, 2, 28)


@given(st.dates(date(1940, 1, 1), date(2000, 12, 31)), st.dates(date(2025, 1, 1), date(2040, 12, 31)))
def test_age_agrees_with_counting_birthdays(born: date, on: date) -> None:
    had_birthday = (on.month, on.day) >= (born.month, born.day) or (
        (born.month, born.day) == (2, 29) and (on + timedelta(days=1)).day == 1 and on.month == 2
    )
    age = on.year - born.year - (not had_birthday)
    for years in (age, age + 1):
        assert (born <= latest_birth_with_age(years, on)) == (age >= years)


def engagement(start: tuple[int, int, int], end: tuple[int, int, int], city: str = "440100") -> dict[str, Any]:
    instants = [datetime(2026, *moment, tzinfo=CHINA) for moment in (start, end)]
    return {"engagements": ((*instants, city),)}


def test_c17_overlap_is_half_open(reasons: Reasons) -> None:
    assert reasons(**engagement((3, 3, 7), (3, 3, 9))) == []
    assert reasons(**engagement((3, 3, 7), (3, 3, 10))) == ["overlap"]
    assert reasons(**engagement((3, 3, 17), (3, 3, 19))) == []
    assert reasons(request={"grounds": ()}, **engagement((3, 3, 7), (3, 3, 10))) == []


def test_c17_travel_clash_in_another_city_on_the_same_day(reasons: Reasons) -> None:
    guangzhou = {"venue_city": "440106"}
    assert reasons(request=guangzhou, **engagement((3, 3, 18), (3, 3, 20), "440300")) == ["travel"]
    assert reasons(request=guangzhou, **engagement((3, 3, 18), (3, 3, 20), "440100")) == []
    assert reasons(request=guangzhou, **engagement((3, 3, 18), (3, 3, 20), "")) == []
    assert reasons(request=guangzhou, **engagement((3, 2, 18), (3, 3, 0), "440300")) == []
    assert reasons(request=guangzhou, **engagement((3, 4, 0), (3, 4, 3), "440300")) == []
    assert reasons(request={**guangzhou, "travel_clash": False}, **engagement((3, 3, 18), (3, 3, 20), "440300")) == []
    assert reasons(**engagement((3, 3, 18), (3, 3, 20), "440300")) == []

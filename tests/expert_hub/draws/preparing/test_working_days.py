from datetime import date, datetime

import pytest

from expert_hub.draws.preparing.working_days import is_working_day, working_days_before
from expert_hub.foundation.clock import HUB_ZONE

AT = datetime(2026, 10, 9, 15, 0, tzinfo=HUB_ZONE)


@pytest.mark.parametrize(
    ("on", "works"),
    [
        (date(2026, 10, 1), False),
        (date(2026, 3, 2), True),
        (date(2026, 3, 1), False),
        (date(2099, 1, 1), True),
        (date(2099, 1, 3), False),
    ],
)
def test_holidays_are_those_of_the_state_council_and_else_weekends(on: date, works: bool) -> None:
    assert is_working_day(on) is works


@pytest.mark.parametrize(("days", "day"), [(0, date(2026, 10, 9)), (1, date(2026, 10, 8)), (2, date(2026, 9, 30))])
def test_the_days_of_the_national_holiday_do_not_count(days: int, day: date) -> None:
    assert working_days_before(AT, days) == datetime(day.year, day.month, day.day, tzinfo=HUB_ZONE)

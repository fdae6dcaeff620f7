"""Working days of mainland China, as far as the calendar of the State Council is known."""

from datetime import date, datetime, timedelta

import chinese_calendar

from expert_hub.foundation.clock import HUB_ZONE


def is_working_day(on: date) -> bool:
    """True unless the day is a weekend or a holiday; of a year whose holidays are not published, weekends only."""
    try:
        return bool(chinese_calendar.is_workday(on))
    except NotImplementedError:
        return on.weekday() < 5


def working_days_before(at: datetime, days: int) -> datetime:
    """The beginning of the local day that lies a number of working days before an instant, its own day not counted.

    Args:
        at: an aware instant.
        days: 0 or more.

    Source: 民法典 第201条 (the day of the event itself is not counted)
    """
    day = at.astimezone(HUB_ZONE).date()
    while days > 0:
        day -= timedelta(days=1)
        days -= is_working_day(day)
    return datetime(day.year, day.month, day.day, tzinfo=HUB_ZONE)

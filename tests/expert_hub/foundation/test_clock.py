from datetime import UTC, date, datetime, timedelta

from expert_hub.foundation.clock import FixedClock, PacedClock, SystemClock, local_date


def test_the_hub_counts_days_in_shanghai() -> None:
    assert local_date(datetime(2026, 3, 1, 15, 59, tzinfo=UTC)) == date(2026, 3, 1)
    assert local_date(datetime(2026, 3, 1, 16, 0, tzinfo=UTC)) == date(2026, 3, 2)


def test_the_system_clock_is_aware() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_fixed_clock_moves_only_when_told() -> None:
    clock = FixedClock(datetime(2026, 3, 1, tzinfo=UTC))
    assert clock.now() == clock.now()
    clock.move(hours=2)
    assert clock.now() == datetime(2026, 3, 1, 2, tzinfo=UTC)


def test_a_paced_clock_runs_faster_from_its_instant_on_and_a_new_one_goes_on_where_it_was() -> None:
    since = datetime(2026, 3, 1, tzinfo=UTC)
    base = FixedClock(since - timedelta(minutes=1))
    paced = PacedClock(base, since, 10)
    assert paced.now() == base.now()
    base.move(minutes=4)
    assert paced.now() == PacedClock(base, since, 10).now() == since + timedelta(minutes=30)

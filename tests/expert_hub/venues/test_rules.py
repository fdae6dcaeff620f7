from datetime import UTC, datetime

from expert_hub.venues.rules import blocked_time


def test_vn_06_the_turnover_gap_lies_on_both_sides() -> None:
    start, end = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert blocked_time(start, end, 30) == (
        datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
    )

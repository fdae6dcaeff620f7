from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.venues.rules import VenueForm, blocked_time, repeated_labels, workstation_id


def test_vn_06_the_turnover_gap_lies_on_both_sides() -> None:
    start, end = datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 5, tzinfo=UTC)
    assert blocked_time(start, end, 30) == (
        datetime(2026, 3, 2, 0, 30, tzinfo=UTC),
        datetime(2026, 3, 2, 5, 30, tzinfo=UTC),
    )


def _form(**changes: Any) -> VenueForm:
    document = {"id": "gz", "name": "广州", "city_code": "440100", "rooms": [{"name": "A", "workstations": ["A-1"]}]}
    return msgspec.convert({**document, **changes}, VenueForm)


@pytest.mark.parametrize(
    "changes",
    [{"id": "a/b"}, {"id": ""}, {"id": "x" * 32}, {"name": "x" * 129}, {"city_code": "44"}, {"phone": "\x00"}],
)
def test_what_no_column_holds_is_no_venue(changes: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        _form(**changes)


def test_a_label_stands_on_one_door_of_a_venue() -> None:
    rooms = [{"name": name, "workstations": ["1", f"{name}-2"]} for name in ("A", "B")]
    assert repeated_labels(_form(rooms=rooms)) == ["1"]
    assert repeated_labels(_form()) == []


def test_no_two_venues_share_a_workstation() -> None:
    assert workstation_id("gz-1", "2") != workstation_id("gz", "1-2")

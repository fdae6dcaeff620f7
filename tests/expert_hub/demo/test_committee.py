"""What each seat enters, and the ranking as it is shown."""

from decimal import Decimal
from typing import Any

import pytest

from expert_hub.demo.committee import Committee, marks_of, ranking
from expert_hub.sample.scores import MARKS, scores_document
from expert_hub.seat_client.client import SeatClient


@pytest.fixture
def committee() -> Committee:
    members = {f"s{number}": seat() for number in range(1, 8)}
    return Committee(members, seat(), seat(), seat(), scores_document())


def seat() -> SeatClient:
    return SeatClient("ws://127.0.0.1:1/api/v1/rooms/room/socket", "token")


def test_seat_s1_stands_first_in_the_rows_of_marks(committee: Committee) -> None:
    assert [committee.number(seat_id) for seat_id in committee.members] == list(range(7))


def test_every_member_enters_every_item_of_every_bid_that_is_left(committee: Committee) -> None:
    for seat_id in committee.members:
        marks = marks_of(committee, seat_id)
        assert [(bid, item) for bid, item, _ in marks] == [(bid, item) for bid in MARKS for item in MARKS[bid]]
        assert [value for *_, value in marks] == [
            values[committee.number(seat_id)] for items in MARKS.values() for values in items.values()
        ]


def test_the_ranking_shows_bidders_best_first_with_exact_totals() -> None:
    report: dict[str, Any] = {
        "opening_record": [{"bid_id": "B1", "bidder": "甲"}, {"bid_id": "B2", "bidder": "乙"}],
        "ranking": [{"bid_id": "B1", "rank": 2, "total": "84.90"}, {"bid_id": "B2", "rank": 1, "total": "90.00"}],
    }
    assert ranking(report) == [(1, "乙", Decimal("90.00")), (2, "甲", Decimal("84.90"))]
    assert [str(total) for *_, total in ranking(report)] == ["90.00", "84.90"]

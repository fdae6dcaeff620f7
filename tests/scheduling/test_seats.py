from hypothesis import given
from hypothesis import strategies as st

from scheduling.seats import Seat, places_by_quota, scarcity_order, seat_lists, seat_plan


def test_dr_07_scarcest_quota_comes_first() -> None:
    assert scarcity_order([2, 2, 4], [10, 3, 10]) == [1, 2, 0]
    assert scarcity_order([1, 1], [5, 5]) == [0, 1]


def test_dr_11_panel_seats_come_before_alternates() -> None:
    assert seat_plan([1, 2], 1, [9, 6]) == (
        Seat(1, 0, is_alternate=False),
        Seat(1, 1, is_alternate=False),
        Seat(0, 0, is_alternate=False),
        Seat(1, 0, is_alternate=True),
        Seat(0, 0, is_alternate=True),
    )


def test_lists_are_in_the_order_of_quota_and_rank() -> None:
    seats = seat_plan([1, 2], 1, [9, 6])
    assert seat_lists(seats, [11, 12, 13, 14, 15]) == ([[0, 13], [1, 11], [1, 12]], [[0, 15], [1, 14]])
    assert places_by_quota(seats) == [[2, 4], [0, 1, 3]]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 50)), min_size=1, max_size=6), st.integers(0, 3))
def test_every_quota_gets_its_seats_and_alternates(quotas: list[tuple[int, int]], alternates: int) -> None:
    counts = [count for count, _ in quotas]
    seats = seat_plan(counts, alternates, [supply for _, supply in quotas])
    for quota, count in enumerate(counts):
        ranks = [(seat.is_alternate, seat.rank) for seat in seats if seat.quota == quota]
        assert ranks == [(False, rank) for rank in range(count)] + [(True, rank) for rank in range(alternates)]

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.cells import Row
from scheduling.hall import connected_unions, quotas_in
from scheduling.row_search import cut_rows, overfull_set

MASKS = [0b001, 0b010, 0b100, 0b011, 0b110, 0b101, 0b111]


def excess(quotas: int, seats: list[float], counts: list[int]) -> float:
    inside = sum(many for mask, many in zip(MASKS, seats, strict=True) if not mask & ~quotas)
    return inside - sum(counts[quota] for quota in quotas_in(quotas))


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 8), min_size=7, max_size=7),
    st.lists(st.integers(1, 3), min_size=3, max_size=3),
)
def test_a_cut_finds_a_set_exactly_when_one_is_overfull(halves: list[int], counts: list[int]) -> None:
    seats = [half / 2 for half in halves]
    worst = max(excess(quotas, seats, counts) for quotas in range(1, 8))
    found = overfull_set(MASKS, np.array(seats), counts)
    assert bool(found) == (worst > 1e-6)
    if found:
        assert excess(found, seats, counts) == worst


def row_of(quotas: int) -> tuple[Row, ...]:
    places = tuple(kind for kind, mask in enumerate(MASKS) if not mask & ~quotas)
    return (Row(places, 0, len(quotas_in(quotas))),)


def test_cutting_finds_rows_that_known_rows_leave_open_and_ends() -> None:
    whole = Row(tuple(range(7)), 3, 3)
    sizes, counts = [2] * 7, [1, 1, 1]
    found = cut_rows(MASKS, sizes, counts, [whole], row_of)
    possible = {row for quotas in connected_unions(MASKS, 1_000)[0] for row in row_of(quotas)}
    assert set(found) <= possible
    assert len(set(found)) == len(found) > 0
    assert cut_rows(MASKS, sizes, counts, [whole, *possible], row_of) == ()
    # Whatever is still possible with three people alike under one quota is impossible with the rows found.
    worst = [seats for seats in product(range(3), repeat=3) if sum(seats) == 3 and max(seats) > 1]
    for seats in worst:
        assert any(sum(seats[place] for place in row.places if place < 3) > row.high for row in found)


def test_contradicting_rows_yield_nothing() -> None:
    assert cut_rows(MASKS, [1] * 7, [1, 1, 1], [Row(tuple(range(7)), 99, 99)], row_of) == ()

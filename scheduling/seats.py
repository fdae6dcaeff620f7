"""The seats of a draw and the order in which they are filled. Standard library only."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Seat:
    """A place of the assignment.

    Args:
        quota: position of the quota in the request.
        rank: 0, 1, ... among the panel seats, or among the alternates, of that quota.
        is_alternate: reserve place.

    Source: domain DR-07, DR-11
    """

    quota: int
    rank: int
    is_alternate: bool


def scarcity_order(demand: Sequence[int], supply: Sequence[int]) -> list[int]:
    """Return quota positions, the scarcest first: fewest eligible persons per seat, ties by position.

    Args:
        demand: seats per quota, alternates included.
        supply: eligible persons per quota.

    Source: domain DR-07
    """
    return sorted(range(len(demand)), key=lambda quota: (Fraction(supply[quota], max(demand[quota], 1)), quota))


def seat_plan(counts: Sequence[int], alternates: int, supply: Sequence[int]) -> tuple[Seat, ...]:
    """Return all seats in the order of filling: panel seats, scarcest quota first, then alternates likewise.

    Args:
        counts: panel seats per quota.
        alternates: reserve places of each quota.
        supply: eligible persons per quota.

    Source: domain DR-07, DR-11
    """
    order = scarcity_order([count + alternates for count in counts], supply)
    panel = [Seat(quota, rank, is_alternate=False) for quota in order for rank in range(counts[quota])]
    reserve = [Seat(quota, rank, is_alternate=True) for quota in order for rank in range(alternates)]
    return (*panel, *reserve)


def places_by_quota(seats: Sequence[Seat]) -> list[list[int]]:
    """Return the places of the seats of each quota, quotas ascending.

    Source: engineering choice
    """
    return [
        [place for place, seat in enumerate(seats) if seat.quota == quota]
        for quota in sorted({seat.quota for seat in seats})
    ]


def seat_lists(seats: Sequence[Seat], persons: Sequence[int]) -> tuple[list[list[int]], list[list[int]]]:
    """Return panel and alternates as ``[quota, index]`` in the order of quota and rank.

    Source: domain DR-11
    """
    ordered = sorted(zip(seats, persons, strict=True), key=lambda pair: (pair[0].quota, pair[0].rank))
    panel = [[seat.quota, person] for seat, person in ordered if not seat.is_alternate]
    alternates = [[seat.quota, person] for seat, person in ordered if seat.is_alternate]
    return panel, alternates

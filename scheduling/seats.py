"""The order in which quotas are filled. Standard library only."""

from collections.abc import Sequence
from fractions import Fraction


def scarcity_order(demand: Sequence[int], supply: Sequence[int]) -> list[int]:
    """Return quota positions, the scarcest first: fewest eligible persons per seat, ties by position.

    Args:
        demand: seats per quota, alternates included.
        supply: eligible persons per quota.

    Source: domain DR-07
    """
    return sorted(range(len(demand)), key=lambda quota: (Fraction(supply[quota], max(demand[quota], 1)), quota))

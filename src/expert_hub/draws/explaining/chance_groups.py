"""People of a lottery put together by what they have in common, with the range of their chances."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling.cells import Floats


@dataclass(frozen=True, slots=True)
class ChanceGroup:
    """People of one class, or of several that may take the same seats.

    Args:
        quotas: positions of the quotas they may fill; empty for a lottery of two tables.
        people: how many.
        low, high: least and largest chance of one of them, 0 to 1.
        classes: number of classes that were put together; 0 for a part of all people by order of chance.
    """

    quotas: tuple[int, ...]
    people: int
    low: float
    high: float
    classes: int = 1


def merge_alike(groups: Sequence[ChanceGroup]) -> tuple[ChanceGroup, ...]:
    """Put together classes that may take the same seats, most people first."""
    by_quotas: dict[tuple[int, ...], list[ChanceGroup]] = {}
    for group in groups:
        by_quotas.setdefault(group.quotas, []).append(group)
    merged = [together(quotas, items) for quotas, items in by_quotas.items()]
    return tuple(sorted(merged, key=lambda group: (-group.people, group.quotas)))


def merge_rest(shown: Sequence[ChanceGroup], rest: Sequence[ChanceGroup]) -> tuple[ChanceGroup, ...]:
    """The groups that are shown, and all others as one without quotas at the end."""
    return (*shown, together((), rest)) if rest else tuple(shown)


def merge_small_groups(groups: Sequence[ChanceGroup], least: int) -> tuple[ChanceGroup, ...]:
    """Put together the smallest groups until each that is left, and all others together, have `least` people."""
    shown, rest = list(groups), list[ChanceGroup]()
    while shown and (shown[-1].people < least or 0 < sum(item.people for item in rest) < least):
        rest.append(shown.pop())
    return merge_rest(shown, rest)


def tenths(chances: Floats) -> tuple[ChanceGroup, ...]:
    """People in ten parts of equal size, from the least likely to the most likely."""
    parts = np.array_split(np.sort(chances), 10)
    return tuple(replace(group_of(part), classes=0) for part in parts if len(part))


def group_of(chances: Floats) -> ChanceGroup:
    """People of one class of a lottery of two tables, by their chances."""
    return ChanceGroup((), len(chances), float(chances.min()), float(chances.max()))


def together(quotas: tuple[int, ...], items: Sequence[ChanceGroup]) -> ChanceGroup:
    """Groups as one that may take the seats of `quotas`."""
    return ChanceGroup(
        quotas,
        sum(item.people for item in items),
        min(item.low for item in items),
        max(item.high for item in items),
        sum(item.classes for item in items),
    )

"""Seats of kinds given to overlapping quotas: when it is possible, and how. Standard library only.

Let every kind k have a set N(k) of quotas, written as a bit mask, and quota q have c(q) seats. Seats x with
sum x = sum c can be given to the quotas, each seat of kind k to a quota in N(k), exactly when for every set S of quotas
the kinds with N(k) inside S have together at most c(S) seats. Proof: necessity is counting. Sufficiency is Hall's
theorem for the seats: a set P of seats has the quotas S = union of their N(k), and |P| <= seats of kinds inside S <=
c(S); so all seats are placed, and because the sums are equal every quota is full.

Which S matter: only unions of occurring masks, because S and the union of the masks inside S bound the same kinds and
the union has no larger c. Only connected unions: when S falls into two parts and no occurring mask lies across, the row
of S is the sum of the rows of the parts.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """What became of the seats.

    Args:
        placed: seats per (kind, quota), only positive ones.
        blocked: mask of a set of quotas whose kinds want more seats than it has; 0 when all seats are placed.

    Source: domain DR-07
    """

    placed: dict[tuple[int, int], int]
    blocked: int


def connected_unions(masks: Iterable[int], most_steps: int) -> tuple[list[int], bool]:
    """List the connected unions of masks.

    Args:
        masks: bit masks, 0 is left out.
        most_steps: stop after looking at so many pairs of a union and a mask.

    Returns:
        the unions, ascending, and whether these are all.

    Source: engineering choice
    """
    single = sorted(set(masks) - {0})
    found, waiting, steps = set(single), list(single), 0
    while waiting:
        union = waiting.pop()
        steps += len(single)
        if steps > most_steps:
            return sorted(found), False
        fresh = {union | mask for mask in single if mask & union and mask & ~union} - found
        found |= fresh
        waiting += sorted(fresh)
    return sorted(found), True


def assign(masks: Sequence[int], seats: Sequence[int], counts: Sequence[int]) -> Assignment:
    """Give seats to quotas by augmenting paths, the same way on every machine.

    Kinds with few quotas come first, each seat takes the shortest path of re-seated others to a quota with room.
    Complexity O(seats x kinds x quotas). No solver: its versions may differ, and this answer is written down.

    Args:
        masks: quotas per kind as a bit mask.
        seats: seats per kind.
        counts: seats per quota.

    Returns:
        the assignment; with ``blocked`` when it is not complete.

    Source: domain DR-07
    """
    board = _Board(masks, counts)
    order = sorted(range(len(masks)), key=lambda kind: (masks[kind].bit_count(), kind))
    for kind in order:
        for _ in range(seats[kind]):
            blocked = board.place(kind)
            if blocked is not None:
                return Assignment(board.placed(), blocked)
    return Assignment(board.placed(), 0)


def quotas_in(mask: int) -> list[int]:
    """Return the numbers of the bits that are set, ascending.

    Source: engineering choice
    """
    return [number for number in range(mask.bit_length()) if mask >> number & 1]


class _Board:
    """Seats placed so far: per quota the kinds on it and how many of each."""

    def __init__(self, masks: Sequence[int], counts: Sequence[int]) -> None:
        self._quotas = [quotas_in(mask) for mask in masks]
        self._room = list(counts)
        self._on: list[dict[int, int]] = [{} for _ in counts]

    def place(self, kind: int) -> int | None:
        """Place one seat; None when it is placed, else the mask of the full quotas it could reach."""
        came: dict[int, tuple[int, int]] = dict.fromkeys(self._quotas[kind], (-1, kind))
        queue = list(came)
        for quota in queue:
            if self._room[quota]:
                self._room[quota] -= 1
                self._move(quota, came)
                return None
            for other in sorted(self._on[quota]):
                for next_quota in self._quotas[other]:
                    if next_quota not in came:
                        came[next_quota] = (quota, other)
                        queue.append(next_quota)
        return sum(1 << quota for quota in came)

    def _move(self, quota: int, came: dict[int, tuple[int, int]]) -> None:
        while quota >= 0:
            before, kind = came[quota]
            self._on[quota][kind] = self._on[quota].get(kind, 0) + 1
            if before >= 0:
                self._on[before][kind] -= 1
                if not self._on[before][kind]:
                    del self._on[before][kind]
            quota = before

    def placed(self) -> dict[tuple[int, int], int]:
        """Return seats per kind and quota, sorted."""
        found = {(kind, quota): many for quota, on in enumerate(self._on) for kind, many in on.items()}
        return dict(sorted(found.items()))

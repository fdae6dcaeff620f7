"""From an assessed pool to the problem of a lottery: people alike are one kind, quotas and limits become rows.

A kind is what a person may fill and what he counts for: the set of quotas he is eligible for, and which limits he falls
under. Quotas may overlap; rows over kinds say exactly which panels can be given to them (``scheduling.hall``). Where
there are too many rows to list, the most useful ones are taken and ``is_complete`` is False: then a panel in seats per
kind must be shown to ``missing_rows``, and the problem be built again ``with_rows`` it names. That ends, because there
are finitely many and each is new; it is rare, because the rows that were taken are those of ``scheduling.row_search``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from scheduling.cells import Row
from scheduling.columns import Booleans, Integers, owners_of, where_text
from scheduling.demand import Limit
from scheduling.eligibility import Eligibility
from scheduling.feasibility import employer_max
from scheduling.hall import Assignment, assign, connected_unions
from scheduling.pool import Pool
from scheduling.problem import LotteryProblem
from scheduling.refusals import NoAssignmentError
from scheduling.request import DrawRequest
from scheduling.row_search import cut_rows

MOST_STEPS = 400_000
MOST_ROWS = 256


@dataclass(frozen=True, slots=True, eq=False)
class PanelProblem:
    """The problem and the way back to quotas and pool.

    Args:
        problem: kinds, rows, units and edges of the eligible people.
        people: shape (people,): pool index per person, ascending.
        masks: per kind the quotas it may fill, bit q for quota position q.
        sizes: persons per kind.
        counts: seats per quota.
        is_complete: every panel that keeps the rows can be given to the quotas.

    Source: domain DR-07
    """

    problem: LotteryProblem
    people: Integers
    masks: tuple[int, ...]
    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    is_complete: bool


def panel_problem(
    eligibility: Eligibility, *, most_steps: int = MOST_STEPS, most_rows: int = MOST_ROWS
) -> PanelProblem:
    """Return the lottery problem of an assessed pool; panel seats only, without alternates.

    Variables of the problem: seats x_k per kind k, 0 <= x_k <= persons of the kind. Rows: sum x = seats; for sets S of
    quotas: seats of kinds inside S <= seats of S; per limit: low <= seats of the kinds under it <= high. Rows that the
    sizes of the kinds keep anyway are left out. At most one person per employer and the pairs that may not sit together
    are the problem's units and edges. Complexity O(quotas x people) in numpy, plus ``most_steps``.

    Args:
        eligibility: the assessed pool.
        most_steps, most_rows: bounds of the work on sets of quotas.

    Source: domain DR-07, C13, C14; design of the draw, section 2, step 2
    """
    request, pool = eligibility.request, eligibility.pool
    people = np.flatnonzero(eligibility.eligible())
    marks = bits(eligibility.mask, people)
    under = bits(np.array([limit_members(pool, request, limit) for limit in request.limits]), people)
    keys, kinds, sizes = alike(marks, under)
    masks = tuple(int(mask) for mask, _ in keys)
    counts = tuple(quota.count for quota in request.quotas)
    whole = Row(tuple(range(len(masks))), request.seats, request.seats)
    others = [whole, *_limit_rows(request, [limit for _, limit in keys])]
    sets, is_complete = connected_unions(masks, most_steps)
    quota_rows = _quota_rows(sets, masks, sizes, counts)
    if not is_complete or len(quota_rows) > most_rows:
        is_complete, quota_rows = False, _useful_rows(masks, sizes, counts, others)
    rows = [*others, *quota_rows]
    most = employer_max(eligibility)
    problem = LotteryProblem(
        kinds=kinds,
        rows=tuple(rows),
        seats=request.seats,
        units=pool.unit[people] if most else None,
        unit_max=most or 1,
        edges=_edges(eligibility, people),
    )
    return PanelProblem(problem, people, masks, sizes, counts, is_complete)


def seats_of(panel: PanelProblem, seats: Sequence[int]) -> dict[tuple[int, int], int]:
    """Give the seats of a template to the quotas.

    Args:
        panel: the problem.
        seats: seats per kind; together as many as the quotas have.

    Returns:
        seats per (kind, quota position), only positive ones, sorted; the same on every machine.

    Raises:
        NoAssignmentError: some set of quotas is too small for the kinds that can sit nowhere else.

    Source: domain DR-07
    """
    found = _assignment(panel, seats)
    if found.blocked or sum(seats) != sum(panel.counts):
        raise NoAssignmentError(seats=sum(seats), blocked=found.blocked.bit_count())
    return found.placed


def missing_rows(panel: PanelProblem, seats: Sequence[int]) -> tuple[Row, ...]:
    """Return rows of quotas that these seats break; empty when they can be given to the quotas.

    Source: engineering choice
    """
    blocked = _assignment(panel, seats).blocked
    return _quota_rows([blocked], panel.masks, panel.sizes, panel.counts) if blocked else ()


def with_rows(panel: PanelProblem, rows: Sequence[Row]) -> PanelProblem:
    """Return the problem with further rows.

    Source: engineering choice
    """
    return replace(panel, problem=replace(panel.problem, rows=(*panel.problem.rows, *rows)))


def limit_members(pool: Pool, request: DrawRequest, limit: Limit) -> Booleans:
    """Tell who falls under a limit.

    Returns:
        shape (candidates,).

    Source: domain DR-07
    """
    if limit.attribute == "title":
        return where_text(pool.title.texts, limit.values.__contains__)[pool.title.value]
    prefixes = limit.values
    if limit.attribute == "venue_group":
        prefixes = tuple(prefix for name in limit.values for prefix in request.group_regions(name))
    fits = where_text(pool.regions.texts, lambda code: code.startswith(prefixes))
    return fits[pool.home] if limit.attribute == "home" else owners_of(pool.regions, fits, len(pool))


def bits(members: Booleans, people: Integers) -> Integers:
    """Return per person the rows in which it is True, as a bit mask.

    Args:
        members: shape (rows, candidates), at most 62 rows.
        people: candidate indices.

    Source: engineering choice
    """
    marks = np.zeros(len(people), dtype=np.int64)
    for number, row in enumerate(members):
        marks |= row[people].astype(np.int64) << number
    return marks


def alike(marks: Integers, under: Integers) -> tuple[list[tuple[int, int]], Integers, tuple[int, ...]]:
    """Group people by two bit masks.

    Returns:
        the pairs of masks, ascending; the number of the pair per person; the persons per pair.

    Source: design of the draw, section 2, step 2
    """
    held, place = np.unique(marks, return_inverse=True)
    limits, limit_place = np.unique(under, return_inverse=True)
    codes, kinds, sizes = np.unique(place * len(limits) + limit_place, return_inverse=True, return_counts=True)
    keys = [(int(held[code // len(limits)]), int(limits[code % len(limits)])) for code in codes]
    return keys, kinds.astype(np.int64), tuple(int(size) for size in sizes)


def _useful_rows(
    masks: Sequence[int], sizes: Sequence[int], counts: Sequence[int], others: Sequence[Row]
) -> tuple[Row, ...]:
    """Return the rows that say that each quota gets its seats from people who hold it, and those found by cutting."""

    def row_of(quotas: int) -> tuple[Row, ...]:
        return _quota_rows([quotas], masks, sizes, counts)

    whole = (1 << len(counts)) - 1
    first = _quota_rows([whole & ~(1 << quota) for quota in range(len(counts))], masks, sizes, counts)
    return (*first, *cut_rows(masks, sizes, counts, [*others, *first], row_of))


def _quota_rows(
    sets: Sequence[int], masks: Sequence[int], sizes: Sequence[int], counts: Sequence[int]
) -> tuple[Row, ...]:
    rows = []
    for quotas in sets:
        places = tuple(kind for kind, mask in enumerate(masks) if not mask & ~quotas)
        room = sum(count for number, count in enumerate(counts) if quotas >> number & 1)
        if room < min(sum(sizes[kind] for kind in places), sum(counts)):
            rows.append(Row(places, 0, room))
    return tuple(rows)


def _limit_rows(request: DrawRequest, under: Sequence[int]) -> list[Row]:
    return [
        Row(tuple(kind for kind, limits in enumerate(under) if limits >> number & 1), limit.low, limit.high)
        for number, limit in enumerate(request.limits)
    ]


def _edges(eligibility: Eligibility, people: Integers) -> tuple[tuple[int, int], ...]:
    pairs = np.searchsorted(people, np.array(eligibility.edges, dtype=np.int64).reshape(-1, 2))
    return tuple((int(low), int(high)) for low, high in pairs)


def _assignment(panel: PanelProblem, seats: Sequence[int]) -> Assignment:
    return assign(panel.masks, seats, panel.counts)

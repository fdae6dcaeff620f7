"""Whom concessions would bring: people alike in what it takes until they may sit on each quota."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scheduling.columns import Booleans, Integers, owners_of, where_text
from scheduling.concessions import Concession, ancestors, is_near
from scheduling.demand import Quota
from scheduling.eligibility import Eligibility
from scheduling.feasibility import demands, employer_max
from scheduling.pair_conflicts import links
from scheduling.panel_problem import bits, limit_members
from scheduling.pins import Pin, indices_of
from scheduling.request import DrawRequest
from scheduling.specialities import match_of

Way = frozenset[Concession]
MOST_CITIES = 120
LEAST_CITIES = 3


@dataclass(frozen=True, slots=True)
class Supply:
    """People who may sit on a quota under some concessions.

    Args:
        quota: position of the quota.
        way: what must be conceded; an empty set: they may sit there as it is.
        persons: how many of them can sit together at most, employers considered.
        inside, outside: how many of them fall, and do not fall, under each limit.

    Source: engineering choice
    """

    quota: int
    way: Way
    persons: int
    inside: tuple[int, ...]
    outside: tuple[int, ...]


def supplies(eligibility: Eligibility) -> list[Supply]:
    """Return everybody without a ground as supplies, sorted by quota; who has several ways is counted in each.

    Complexity O(quotas x candidates x ways) in numpy.

    Source: domain chapter 3, hard errors
    """
    return [supply for number in range(len(eligibility.request.quotas)) for supply in _of_quota(eligibility, number)]


def enough_people(eligibility: Eligibility, pins: Sequence[Pin] = ()) -> Booleans:
    """Return people who are enough to decide whether a panel exists, whatever is conceded.

    With D seats in all, D people of different employers are enough of those who are alike in skill, home and limits
    (``drawable.reduced_groups``). Whoever serves further regions, has a pair or is selected directly stays in any case;
    whoever has a ground or no skill that could be asked for does not.

    Args:
        eligibility: the assessed pool.
        pins: those it was assessed with.

    Returns:
        shape (candidates,).

    Source: engineering choice
    """
    request, pool = eligibility.request, eligibility.pool
    skilled, key = _skill_keys(eligibility)
    skilled &= ~eligibility.exclusions.barred()
    special = np.zeros(len(pool), dtype=np.bool_)
    special[pool.regions.owner[len(pool) :]] = True
    for link in links(pool, request, skilled, pins):
        special[link.low] = special[link.high] = True
    people = np.flatnonzero(skilled & ~special)
    under = bits(np.array([limit_members(pool, request, limit) for limit in request.limits]), people)
    alike_key = _joined(_joined(key[people], pool.home[people]), under)
    units = pool.unit[people] if employer_max(eligibility) else np.full(len(people), -1)
    kept = skilled & special
    kept[people[_first_of_each(alike_key, units, sum(demands(eligibility)))]] = True
    named = set(request.direct_selection.experts) if request.direct_selection else set()
    kept[list(indices_of(pool, named).values())] = True
    return kept


def _skill_keys(eligibility: Eligibility) -> tuple[Booleans, Integers]:
    """Return who has a skill that could be asked for, and a number that tells people of different skills apart."""
    request, column, size = eligibility.request, eligibility.pool.specialities, len(eligibility.pool)
    skilled, key = np.zeros(size, dtype=np.bool_), np.zeros(size, dtype=np.int64)
    for quota in request.quotas:
        levels = np.array([_skill(code, quota, request.speciality_match) for code in column.texts], dtype=np.int64)
        state = np.zeros(size, dtype=np.int64)
        for bit in (1, 2, 4):
            state |= np.where(owners_of(column, levels & bit > 0, size), bit, 0)
        skilled |= state > 0
        key = _joined(key, state)
    return skilled, key


def _joined(one: Integers, other: Integers) -> Integers:
    """Return numbers, small ones, that are equal exactly where both arrays are."""
    numbers: Integers = np.unique(other, return_inverse=True)[1]
    width = int(numbers.max(initial=0)) + 1
    joined: Integers = np.unique(one * width + numbers, return_inverse=True)[1].astype(np.int64)
    return joined


def _first_of_each(key: Integers, units: Integers, most: int) -> Integers:
    """Return the places of up to ``most`` people of different employers per key."""
    alone = int(units.max(initial=0)) + 1 + np.arange(len(units))
    order = np.lexsort((np.where(units < 0, alone, units), key))
    keys, own = key[order], np.where(units < 0, alone, units)[order]
    is_new = np.ones(len(order), dtype=np.bool_)
    is_new[1:] = (keys[1:] != keys[:-1]) | (own[1:] != own[:-1])
    chosen = order[is_new]
    starts = np.searchsorted(key[chosen], key[chosen])
    return chosen[np.arange(len(chosen)) - starts < most]


def most_together(eligibility: Eligibility, people: Booleans) -> int:
    """Return how many can sit together: all of no employer, few of each employer.

    Args:
        eligibility: the assessed pool.
        people: shape (candidates,).

    Source: domain C14
    """
    limit = employer_max(eligibility)
    if not limit:
        return int(np.count_nonzero(people))
    units = eligibility.pool.unit[people]
    persons = np.bincount(units[units >= 0], minlength=1)
    return int(np.count_nonzero(units < 0) + np.minimum(persons, limit).sum())


def candidate_cities(eligibility: Eligibility, number: int) -> list[str]:
    """Return the cities by which a quota could be widened: those of its own provinces first, large supply first.

    Args:
        eligibility: the assessed pool.
        number: position of the quota.

    Source: engineering choice
    """
    request, pool = eligibility.request, eligibility.pool
    quota = request.quotas[number]
    if not quota.regions and not request.regions:
        return []
    wanted = where_text(pool.specialities.texts, lambda code: bool(_skill(code, quota, request.speciality_match)))
    skilled = owners_of(pool.specialities, wanted, len(pool)) & ~eligibility.exclusions.barred()
    held = np.bincount(pool.regions.value[skilled[pool.regions.owner]], minlength=len(pool.regions.texts))
    counts: Counter[str] = Counter()
    for code, many in zip(pool.regions.texts, held.tolist(), strict=True):
        if many and not _is_inside(code, quota, request):
            counts[code[:4]] += many
    ranked = sorted(counts, key=lambda city: (not is_near(city, quota, request), -counts[city], city))
    return ranked[: max(LEAST_CITIES, MOST_CITIES // len(request.quotas))]


def _is_inside(code: str, quota: Quota, request: DrawRequest) -> bool:
    return all(code.startswith(prefixes) for prefixes in (quota.regions, request.regions) if prefixes)


def _skill(code: str, quota: Quota, speciality_match: str) -> int:
    """Return 1 for a match as it is, 2 with the ancestor ticked, 4 with the parent asked for, or a sum of 2 and 4."""
    match = match_of(code, quota, speciality_match)
    if match:
        return 1
    broader = ancestors(quota.speciality)
    ticked = 2 if code in broader else 0
    if len(broader) < 2:
        return ticked
    is_under = code == broader[0] or (speciality_match == "self_or_descendant" and code.startswith(broader[0]))
    return ticked + (4 if is_under else 0)


def _of_quota(eligibility: Eligibility, number: int) -> list[Supply]:
    pool, request = eligibility.pool, eligibility.request
    barred = eligibility.exclusions.barred()
    inside = [limit_members(pool, request, limit) for limit in request.limits]
    found = []
    for way, members in sorted(_ways(eligibility, number).items(), key=lambda item: sorted(item[0])):
        people = members & ~barred
        if people.any():
            found.append(
                Supply(
                    number,
                    way,
                    most_together(eligibility, people),
                    tuple(int(np.count_nonzero(people & mine)) for mine in inside),
                    tuple(int(np.count_nonzero(people & ~mine)) for mine in inside),
                )
            )
    return found


def _ways(eligibility: Eligibility, number: int) -> dict[Way, Booleans]:
    """Return who may sit on a quota by which way; whoever may sit there as it is has no other way."""
    found: dict[Way, Booleans] = {}
    places = _places(eligibility, number)
    for skill, skilled in _skills(eligibility, number):
        for place, placed in places:
            found[skill | place] = skilled & placed
    free = found.get(frozenset())
    return found if free is None else {way: members & ~free if way else free for way, members in found.items()}


def _skills(eligibility: Eligibility, number: int) -> list[tuple[Way, Booleans]]:
    request, pool = eligibility.request, eligibility.pool
    quota, column = request.quotas[number], pool.specialities
    levels = np.array([_skill(code, quota, request.speciality_match) for code in column.texts], dtype=np.int64)
    concessions: tuple[tuple[int, tuple[Concession, ...]], ...] = (
        (1, ()),
        (2, (Concession("ancestor", quota.quota_id),)),
        (4, (Concession("parent", quota.quota_id),)),
    )
    return [(frozenset(way), owners_of(column, levels & bit > 0, len(pool))) for bit, way in concessions]


def _places(eligibility: Eligibility, number: int) -> list[tuple[Way, Booleans]]:
    request, pool = eligibility.request, eligibility.pool
    cities = frozenset(candidate_cities(eligibility, number))
    needs = [_need(code, request, request.quotas[number], cities) for code in pool.regions.texts]
    ways = sorted({need for need in needs if need is not None}, key=sorted)
    return [
        (way, owners_of(pool.regions, np.array([need == way for need in needs], dtype=np.bool_), len(pool)))
        for way in ways
    ]


def _need(code: str, request: DrawRequest, quota: Quota, cities: frozenset[str]) -> Way | None:
    city, need = code[:4], set()
    if not _is_inside(code, quota, request) and city not in cities:
        return None
    if quota.regions and not code.startswith(quota.regions):
        need.add(Concession("regions", quota.quota_id, city))
    if request.regions and not code.startswith(request.regions):
        need.add(Concession("all_regions", "", city))
    if quota.venue_group and not code.startswith(request.group_regions(quota.venue_group)):
        need.add(Concession("venue_group", quota.quota_id))
    if request.venue_group and not code.startswith(request.group_regions(request.venue_group)):
        need.add(Concession("venue_group", ""))
    return frozenset(need)

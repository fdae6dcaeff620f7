"""Grounds C16 and C17: who may not be drawn now (standing, leave, term, age) and whose time is taken."""

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np

from scheduling.columns import Booleans, Integers, microseconds
from scheduling.conflicts import Finding, bare_finding
from scheduling.pool import Pool
from scheduling.records import ADMITTED
from scheduling.request import LOCAL_ZONE, DrawRequest

_DAY = 86_400_000_000
_ZONE = (LOCAL_ZONE.utcoffset(None) or timedelta()) // timedelta(microseconds=1)


def latest_birth_with_age(years: int, on: date) -> date:
    """Return the latest date of birth of a person who has completed ``years`` on day ``on``.

    A person born on 29 February completes a year on 28 February where the year has no 29th.

    Source: 民法典 第202条; domain EL-05
    """
    year = on.year - years
    month_days = calendar.monthrange(year, on.month)[1]
    is_month_end = on.day == calendar.monthrange(on.year, on.month)[1]
    return date(year, on.month, month_days if is_month_end and on.month == 2 else min(on.day, month_days))


def standing_findings(pool: Pool, request: DrawRequest) -> list[Finding]:
    """Find who is not drawable on the days of the evaluation (C16).

    Returns:
        findings with the notes ``standing:<standing>``, ``leave``, ``term`` and ``age``.

    Source: domain C16, EL-05, EL-12
    """
    first, last = request.first_day.toordinal(), request.last_day.toordinal()
    found = [
        bare_finding("C16", f"standing:{standing}", np.flatnonzero(pool.standing.value == number))
        for number, standing in enumerate(pool.standing.texts)
        if standing != ADMITTED
    ]
    away = (pool.leaves.starts <= last) & (pool.leaves.ends >= first)
    found.append(bare_finding("C16", "leave", np.unique(pool.leaves.owner[away])))
    found.append(bare_finding("C16", "term", np.flatnonzero(pool.term_ends < last)))
    return _some([*found, *_age_findings(pool, request)])


def engagement_findings(pool: Pool, request: DrawRequest) -> list[Finding]:
    """Find whose accepted seats overlap the evaluation, or lie in another city on one of its days (C17).

    Intervals are half-open: a seat that ends when this one starts is no overlap. A place that is not known on either
    side is no clash.

    Returns:
        findings with the notes ``overlap`` and ``travel``; nothing unless C17 is in force.

    Source: domain C17
    """
    if "C17" not in request.grounds:
        return []
    taken = pool.engagements
    start, end = microseconds(request.evaluation_starts_at), microseconds(request.evaluation_ends_at)
    overlap = (taken.starts < end) & (taken.ends > start)
    found = [bare_finding("C17", "overlap", np.unique(taken.owner[overlap]))]
    if request.travel_clash and request.venue_city:
        away = _other_city(taken.cities, request.venue_city)[taken.city]
        same_day = (_day(taken.starts) <= _day(np.int64(end - 1))) & (_day(taken.ends - 1) >= _day(np.int64(start)))
        found.append(bare_finding("C17", "travel", np.unique(taken.owner[away & same_day & ~overlap])))
    return _some(found)


def _age_findings(pool: Pool, request: DrawRequest) -> list[Finding]:
    levels = [number for number, title in enumerate(pool.title.texts) if title in request.senior_titles]
    senior = np.isin(pool.title.value, levels)
    groups: tuple[tuple[int | None, str, Booleans], ...] = (
        (request.max_age, "expert.max_age", ~senior),
        (request.max_age_senior, "expert.max_age_senior", senior),
    )
    found = []
    for limit, rule_key, group in groups:
        if limit is not None:
            too_old = latest_birth_with_age(limit + 1, request.first_day).toordinal()
            found.append(bare_finding("C16", "age", np.flatnonzero(group & (pool.born <= too_old)), rule_key))
    return found


def _other_city(cities: Iterable[str], venue_city: str) -> Booleans:
    here = _city(venue_city)
    return np.fromiter((bool(city) and _city(city) != here for city in cities), dtype=np.bool_)


def _city(code: str) -> str:
    # Four digits of GB/T 2260 name the city; districts of one city are no journey.
    return code[:4] if code.isdecimal() else code


def _day(instants: Integers | np.int64) -> Integers:
    return np.asarray((instants + _ZONE) // _DAY, dtype=np.int64)


def _some(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.owners.size]

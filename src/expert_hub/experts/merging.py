"""One person, many registrations (EL-15): the values of a registration and the function that makes the person.

Merging by identity number keeps every registration as it was recorded; the person is computed from them.
"""

from collections.abc import Sequence
from datetime import date, datetime

import msgspec

from expert_hub.experts.rules import Leave, Relation, Standing, TitleLevel, strictest


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one library says about a person, without identity number and without mobile number in clear."""

    name: str
    mobile_masked: str
    title: str = ""
    title_level: TitleLevel
    employer_name: str
    employer_code: str = ""
    region_code: str
    extra_regions: tuple[str, ...] = ()
    specialities: tuple[str, ...]
    standing: Standing
    appointed_on: date | None = None
    term_ends_on: date | None = None
    relations: tuple[Relation, ...] = ()
    leaves: tuple[Leave, ...] = ()


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """One person's membership in one library (入库登记) as last recorded.

    `recorded_at` and `recorded_row` order registrations; `former_employers` are those that earlier versions named.
    """

    registration_id: str
    profile: Profile
    mobile_sealed: bytes
    recorded_at: datetime
    recorded_row: int
    former_employers: tuple[Relation, ...] = ()


class Decision(msgspec.Struct, frozen=True):
    """The last change of standing decided in this hub."""

    standing: Standing
    at: datetime


class Person(msgspec.Struct, frozen=True):
    """The one person behind all registrations."""

    profile: Profile
    mobile_sealed: bytes


def combine(registrations: Sequence[Registration], decision: Decision | None = None) -> Person:
    """Make the person from every registration.

    Specialities, service regions, relations and leave are united; the strictest standing counts; all other values come
    from the registration recorded last. Nothing is kept but the registrations, so leaving one out undoes its merge.
    A decision overrides what libraries said before it; what they say later counts beside it.

    Args:
        registrations: at least one, any order.
        decision: the last change of standing decided in this hub.

    Source: domain EL-15 (union of conflicts, strictest status, reversible).
    """
    ordered = sorted(registrations, key=_recorded, reverse=True)
    latest = ordered[0]
    standing = _combined_standing(ordered, decision)
    if len(ordered) == 1 and not latest.former_employers:
        profile = latest.profile
        if standing is not profile.standing:
            profile = msgspec.structs.replace(profile, standing=standing)
        return Person(profile, latest.mobile_sealed)
    profiles = [registration.profile for registration in ordered]
    regions = {region for each in profiles for region in (each.region_code, *each.extra_regions)}
    profile = msgspec.structs.replace(
        latest.profile,
        standing=standing,
        extra_regions=tuple(sorted(regions - {latest.profile.region_code})),
        specialities=tuple(sorted({code for each in profiles for code in each.specialities})),
        relations=_united_relations(ordered),
        leaves=tuple(sorted({leave for each in profiles for leave in each.leaves}, key=_leave_key)),
    )
    return Person(profile, latest.mobile_sealed)


def former_employers(before: Registration, after: Profile, on: date) -> tuple[Relation, ...]:
    """What must stay known about employers when a registration is replaced by a newer version.

    A labour relation bars for years after its end, so the employer that disappears becomes a past relation.

    Args:
        before: the registration as it stood.
        after: what the library says now.
        on: day of the new version, taken as the end of the old employment.

    Source: domain C01, EL-13.
    """
    kept = before.former_employers
    left = before.profile
    if (left.employer_code, left.employer_name) == (after.employer_code, after.employer_name):
        return kept
    ended = Relation("employment", left.employer_name, left.employer_code, None, on)
    return (*(each for each in kept if _organisation(each) != _organisation(ended)), ended)


def _recorded(registration: Registration) -> tuple[datetime, int, str]:
    return registration.recorded_at, registration.recorded_row, registration.registration_id


def _combined_standing(registrations: Sequence[Registration], decision: Decision | None) -> Standing:
    if decision is None:
        return strictest(each.profile.standing for each in registrations)
    later = [each.profile.standing for each in registrations if each.recorded_at > decision.at]
    return strictest([decision.standing, *later])


def _united_relations(ordered: Sequence[Registration]) -> tuple[Relation, ...]:
    present = ordered[0].profile
    united = {relation for each in ordered for relation in (*each.profile.relations, *each.former_employers)}
    for each in ordered[1:]:
        other = Relation("employment", each.profile.employer_name, each.profile.employer_code)
        if _organisation(other) != (present.employer_code, present.employer_name):
            united.add(other)
    return tuple(sorted(united, key=_relation_key))


def _organisation(relation: Relation) -> tuple[str, str]:
    return relation.org_code, relation.org_name


def _relation_key(relation: Relation) -> tuple[str, str, str, str, str]:
    return (
        relation.kind,
        relation.org_code,
        relation.org_name,
        str(relation.starts_on or ""),
        str(relation.ends_on or ""),
    )


def _leave_key(leave: Leave) -> tuple[date, date]:
    return leave.starts_on, leave.ends_on

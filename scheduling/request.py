"""The frozen demand of a draw: quotas, parties, avoid list, times, and the values of its rule pack.

Every number the law sets arrives here from the rule pack; nothing has a legal default.
"""

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from scheduling.canonical import encode
from scheduling.demand import (
    AvoidedOrganisation,
    Committee,
    DirectSelection,
    Limit,
    Party,
    Quota,
    VenueGroup,
)
from scheduling.seed import h

__all__ = [
    "GROUNDS",
    "LOCAL_ZONE",
    "AvoidedOrganisation",
    "Committee",
    "DirectSelection",
    "DrawRequest",
    "Limit",
    "Party",
    "Quota",
    "VenueGroup",
    "instant_text",
    "request_digest",
    "request_document",
]
GROUNDS = tuple(f"C{number:02d}" for number in range(1, 20))
# Fixed offset instead of a zone file: mainland China has had no summer time since 1991, and a kernel reads no files.
LOCAL_ZONE = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """Everything that decides who may be drawn and how many.

    Args:
        request_id: identity of the request.
        quotas: at least one, unless all seats are selected directly.
        parties: known organisations; bidders may still be secret at draw time (CF-03).
        bid_deadline: day from which windows are measured back.
        evaluation_starts_at, evaluation_ends_at: aware instants, half-open interval.
        alternates_per_quota: ordered reserve of each quota, 0 or more.
        grounds: conflict grounds in force, codes C01 to C19; C16 always applies.
        window_years: look-back window in whole years.
        same_employer_max: experts of one legal person on a panel (C14).
        max_age, max_age_senior: completed years, inclusive; None where the pack sets no limit.
        speciality_match: ``self_or_descendant`` or ``exact``.
        pack_hash: hex digest of the rule pack.
        avoid: avoid list.
        project_refs: codes of the project, the lot and the lots it repeats, for C12, C18 and C19.
        venue_city: GB/T 2260 code of the city of the host venue, for the travel clash of C17.
        travel_clash: whether a seat in another city on the same day is a clash.
        senior_titles: title levels that take ``max_age_senior``.
        requested_by, supervised_by: opaque ids of the two officers; may not be the same.
        draw_opens_at: instant before which nothing may be committed; None when there is no window.
        k_anonymity: smallest count of excluded persons that is shown before publication (CF-08).
        regions, venue_group: hold for every quota beside its own.
        venue_groups: named sets of regions.
        limits: least and most panel seats per region, venue group or title.
        alternates_min: least reserve of a quota; the value of the pack.
        co_service_max, co_service_days: two experts who sat together more often than this within so many days before
            the evaluation do not sit together again; ``co_service_max`` None switches it off.
        committee: the committee as a whole; None where nothing about it is asked.
        direct_selection: experts named instead of drawn; None for none.

    Source: domain DR-07, DR-09, DR-10, DR-11
    """

    request_id: str
    quotas: tuple[Quota, ...]
    parties: tuple[Party, ...]
    bid_deadline: date
    evaluation_starts_at: datetime
    evaluation_ends_at: datetime
    alternates_per_quota: int
    grounds: tuple[str, ...]
    window_years: int
    same_employer_max: int
    max_age: int | None
    max_age_senior: int | None
    speciality_match: str
    pack_hash: str
    avoid: tuple[AvoidedOrganisation, ...] = ()
    project_refs: tuple[str, ...] = ()
    venue_city: str = ""
    travel_clash: bool = True
    senior_titles: tuple[str, ...] = ("senior", "full_senior")
    requested_by: str = ""
    supervised_by: str = ""
    draw_opens_at: datetime | None = None
    k_anonymity: int = 5
    regions: tuple[str, ...] = ()
    venue_group: str = ""
    venue_groups: tuple[VenueGroup, ...] = ()
    limits: tuple[Limit, ...] = ()
    alternates_min: int = 0
    co_service_max: int | None = None
    co_service_days: int = 0
    committee: Committee | None = None
    direct_selection: DirectSelection | None = None

    @property
    def seats(self) -> int:
        """Panel seats that are drawn."""
        return sum(quota.count for quota in self.quotas)

    def alternates_of(self, quota: Quota) -> int:
        """Return the ordered reserve of a quota."""
        return self.alternates_per_quota if quota.alternates is None else quota.alternates

    def group_regions(self, name: str) -> tuple[str, ...]:
        """Return the region prefixes of a venue group of this request."""
        return next(group.regions for group in self.venue_groups if group.name == name)

    @property
    def first_day(self) -> date:
        """Local day on which the evaluation starts."""
        return self.evaluation_starts_at.astimezone(LOCAL_ZONE).date()

    @property
    def last_day(self) -> date:
        """Local day of the last moment of the evaluation."""
        return (self.evaluation_ends_at - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()


def request_document(request: DrawRequest) -> dict[str, Any]:
    """Return the request as canonical-ready builtins; it holds no name and no id of an expert.

    Every field of the request and of its parts is in it, under its own name; experts who are selected directly appear
    as digests under the salt of the selection.

    Source: XD-1, step COMMIT
    """
    return {field.name: _plain(getattr(request, field.name)) for field in fields(request)}


def _plain(value: Any) -> Any:
    if isinstance(value, DirectSelection):
        digests = sorted(h("direct", value.salt.encode(), expert.encode()).hex() for expert in value.experts)
        shown = {field.name: _plain(getattr(value, field.name)) for field in fields(value) if field.name != "salt"}
        return {**shown, "experts": digests}
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return instant_text(value)
    return value.isoformat() if isinstance(value, date) else value


def request_digest(request: DrawRequest) -> bytes:
    """Return the 32-byte digest of the request.

    Source: XD-1, step COMMIT
    """
    return h("request", encode(request_document(request)))


def instant_text(instant: datetime) -> str:
    """Return an aware instant as RFC 3339 text in UTC, seconds only where no fraction is needed.

    Source: RFC 3339
    """
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")

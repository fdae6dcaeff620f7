"""The frozen demand of a draw: quotas, parties, avoid list, times, and the values of its rule pack.

Every number the law sets arrives here from the rule pack; nothing has a legal default.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from scheduling.canonical import encode
from scheduling.errors import InvalidRequestError
from scheduling.seed import h

GROUNDS = tuple(f"C{number:02d}" for number in range(1, 20))
PARTY_ROLES = ("bidder", "procuring_entity", "agency", "competent_department", "supervising_department", "designer")
SPECIALITY_MATCHES = ("self_or_descendant", "exact")
MAX_QUOTAS = 60
# Fixed offset instead of a zone file: mainland China has had no summer time since 1991, and a kernel reads no files.
LOCAL_ZONE = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats for one speciality and region set.

    Args:
        quota_id: unique in the request.
        speciality: CN-316 code, a letter and 0 to 3 groups of two digits.
        count: panel seats, at least 1.
        regions: prefixes of GB/T 2260 codes ("44" is the province, "4401" the city); empty means anywhere.
        accept_ancestor: also take experts of a broader code; the requester ticks it and it is part of the request.

    Source: domain DR-07, EL-08
    """

    quota_id: str
    speciality: str
    count: int
    regions: tuple[str, ...] = ()
    accept_ancestor: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that has a part in the tender.

    Args:
        role: one of ``PARTY_ROLES``; members and controllers of a bidding consortium come as ``bidder`` too.
        code: unified social credit code, empty when unknown.
        name: present name.
        former_names: earlier names.

    Source: domain CF-03, CF-04
    """

    role: str
    code: str
    name: str
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AvoidedOrganisation:
    """An entry of the requester's avoid list; each needs a reason.

    Source: domain C15
    """

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """Everything that decides who may be drawn and how many.

    Args:
        request_id: identity of the request.
        quotas: at least one.
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

    Source: domain DR-07, DR-10, DR-11
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

    @property
    def first_day(self) -> date:
        """Local day on which the evaluation starts."""
        return self.evaluation_starts_at.astimezone(LOCAL_ZONE).date()

    @property
    def last_day(self) -> date:
        """Local day of the last moment of the evaluation."""
        return (self.evaluation_ends_at - timedelta(microseconds=1)).astimezone(LOCAL_ZONE).date()


def request_document(request: DrawRequest) -> dict[str, Any]:
    """Return the request as canonical-ready builtins; it holds no name of an expert.

    Source: XD-1, step COMMIT
    """
    return {
        "request_id": request.request_id,
        "quotas": [
            {
                "quota_id": quota.quota_id,
                "speciality": quota.speciality,
                "count": quota.count,
                "regions": list(quota.regions),
                "accept_ancestor": quota.accept_ancestor,
            }
            for quota in request.quotas
        ],
        "parties": [
            {"role": party.role, "code": party.code, "name": party.name, "former_names": list(party.former_names)}
            for party in request.parties
        ],
        "avoid": [{"code": item.code, "name": item.name, "reason": item.reason} for item in request.avoid],
        "bid_deadline": request.bid_deadline.isoformat(),
        "evaluation_starts_at": instant_text(request.evaluation_starts_at),
        "evaluation_ends_at": instant_text(request.evaluation_ends_at),
        "alternates_per_quota": request.alternates_per_quota,
        "grounds": list(request.grounds),
        "window_years": request.window_years,
        "same_employer_max": request.same_employer_max,
        "max_age": request.max_age,
        "max_age_senior": request.max_age_senior,
        "senior_titles": list(request.senior_titles),
        "speciality_match": request.speciality_match,
        "pack_hash": request.pack_hash,
        "project_refs": list(request.project_refs),
        "venue_city": request.venue_city,
        "travel_clash": request.travel_clash,
        "requested_by": request.requested_by,
        "supervised_by": request.supervised_by,
        "k_anonymity": request.k_anonymity,
        "draw_opens_at": None if request.draw_opens_at is None else instant_text(request.draw_opens_at),
    }


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


def ensure_valid(request: DrawRequest) -> None:
    """Refuse a request that contradicts itself.

    Raises:
        InvalidRequestError: with every reason found, not only the first.

    Source: domain chapter 3, hard errors
    """
    reasons = [*_quota_faults(request), *_party_faults(request), *_value_faults(request), *_time_faults(request)]
    if reasons:
        raise InvalidRequestError(reasons=reasons)


def is_speciality_code(code: str) -> bool:
    """Tell whether ``code`` has the form of CN-316: a letter A, B or C and 0 to 3 groups of two digits.

    Source: 发改法规〔2016〕316号 (SP316)
    """
    digits = code[1:]
    return (
        code[:1] in ("A", "B", "C") and len(digits) in (0, 2, 4, 6) and (not digits or digits.isdecimal())
    ) and code.isascii()


def _quota_faults(request: DrawRequest) -> list[str]:
    faults = [] if 1 <= len(request.quotas) <= MAX_QUOTAS else ["number of quotas"]
    ids = [quota.quota_id for quota in request.quotas]
    if len(set(ids)) != len(ids):
        faults.append("quota_id not unique")
    for quota in request.quotas:
        if not 1 <= quota.count <= 100:
            faults.append(f"quota {quota.quota_id}: count outside 1..100")
        if not is_speciality_code(quota.speciality):
            faults.append(f"quota {quota.quota_id}: speciality code")
        if not all(region.isascii() and region.isdecimal() and len(region) <= 6 for region in quota.regions):
            faults.append(f"quota {quota.quota_id}: region code")
    return faults


def _party_faults(request: DrawRequest) -> list[str]:
    faults = [f"party role {party.role}" for party in request.parties if party.role not in PARTY_ROLES]
    faults += ["party without code and name" for party in request.parties if not party.code and not party.name]
    faults += ["avoided organisation without code and name" for item in request.avoid if not item.code + item.name]
    faults += [f"avoided organisation {item.name or item.code}: no reason" for item in request.avoid if not item.reason]
    if request.avoid and "C15" not in request.grounds:
        faults.append("avoid list given but C15 not in force")
    return faults


def _value_faults(request: DrawRequest) -> list[str]:
    faults = [f"ground {ground}" for ground in request.grounds if ground not in GROUNDS]
    if request.speciality_match not in SPECIALITY_MATCHES:
        faults.append("speciality_match")
    if not 0 <= request.alternates_per_quota <= 100:
        faults.append("alternates_per_quota outside 0..100")
    if not 0 <= request.window_years <= 100:
        faults.append("window_years outside 0..100")
    if request.k_anonymity < 1:
        faults.append("k_anonymity below 1")
    if request.same_employer_max < 1:
        faults.append("same_employer_max below 1")
    if not request.pack_hash:
        faults.append("no pack_hash")
    if request.requested_by and request.requested_by == request.supervised_by:
        faults.append("requester is also supervisor")
    return faults


def _time_faults(request: DrawRequest) -> list[str]:
    instants = [request.evaluation_starts_at, request.evaluation_ends_at]
    if request.draw_opens_at is not None:
        instants.append(request.draw_opens_at)
    if any(instant.utcoffset() is None for instant in instants):
        return ["instant without offset"]
    return [] if instants[0] < instants[1] else ["evaluation ends before it starts"]

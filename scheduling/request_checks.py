"""Whether a request is well formed: no contradiction in itself. The law is looked after in ``scheduling.lawful``."""

from collections.abc import Iterable

from scheduling.demand import LIMIT_ATTRIBUTES, PARTY_ROLES, PROCEDURES, TRAITS, Limit, Quota
from scheduling.errors import InvalidRequestError
from scheduling.refusals import RequesterSupervisesError, TooFewAlternatesError
from scheduling.request import GROUNDS, DrawRequest

SPECIALITY_MATCHES = ("self_or_descendant", "exact")
MAX_QUOTAS = 60
MAX_LIMITS = 60
MAX_SEATS = 200


def ensure_valid(request: DrawRequest) -> None:
    """Refuse a request that contradicts itself.

    Raises:
        InvalidRequestError: with every reason found, not only the first.
        RequesterSupervisesError, TooFewAlternatesError: hard errors that the request alone shows.

    Source: domain chapter 3, hard errors
    """
    reasons = [
        *_quota_faults(request),
        *_group_faults(request),
        *_limit_faults(request),
        *_party_faults(request),
        *_value_faults(request),
        *_committee_faults(request),
        *_time_faults(request),
    ]
    if reasons:
        raise InvalidRequestError(reasons=reasons)
    if request.requested_by and request.requested_by == request.supervised_by:
        raise RequesterSupervisesError()
    few = [quota.quota_id for quota in request.quotas if request.alternates_of(quota) < request.alternates_min]
    if few:
        raise TooFewAlternatesError(quotas=few, least=request.alternates_min)


def is_speciality_code(code: str) -> bool:
    """Tell whether ``code`` has the form of CN-316: a letter A, B or C and 0 to 3 groups of two digits.

    Source: 发改法规〔2018〕316号 (SP316)
    """
    digits = code[1:]
    return (
        code[:1] in ("A", "B", "C") and len(digits) in (0, 2, 4, 6) and (not digits or digits.isdecimal())
    ) and code.isascii()


def is_region_prefix(code: str) -> bool:
    """Tell whether ``code`` is 1 to 6 digits, the beginning of a GB/T 2260 code.

    Source: GB/T 2260
    """
    return code.isascii() and code.isdecimal() and len(code) <= 6


def _quota_faults(request: DrawRequest) -> list[str]:
    least = 0 if request.direct_selection else 1
    faults = [] if least <= len(request.quotas) <= MAX_QUOTAS else ["number of quotas"]
    if request.seats > MAX_SEATS:
        faults.append(f"more than {MAX_SEATS} seats")
    faults += _repeated("quota_id", (quota.quota_id for quota in request.quotas))
    groups = {"", *(group.name for group in request.venue_groups)}
    for quota in request.quotas:
        faults += [f"quota {quota.quota_id}: {fault}" for fault in _faults_of_quota(quota, groups)]
    return faults


def _faults_of_quota(quota: Quota, groups: set[str]) -> list[str]:
    tests = (
        (1 <= quota.count <= MAX_SEATS, f"count outside 1..{MAX_SEATS}"),
        (quota.alternates is None or 0 <= quota.alternates <= MAX_SEATS, f"alternates outside 0..{MAX_SEATS}"),
        (is_speciality_code(quota.speciality), "speciality code"),
        (all(map(is_region_prefix, quota.regions)), "region code"),
        (quota.venue_group in groups, "unknown venue group"),
    )
    return [fault for is_kept, fault in tests if not is_kept]


def _group_faults(request: DrawRequest) -> list[str]:
    faults = _repeated("venue group", (group.name for group in request.venue_groups))
    for group in request.venue_groups:
        if not group.name or not group.regions or not all(map(is_region_prefix, group.regions)):
            faults.append(f"venue group {group.name}: name or region code")
    if request.venue_group and request.venue_group not in {group.name for group in request.venue_groups}:
        faults.append("unknown venue group")
    if not all(map(is_region_prefix, request.regions)):
        faults.append("region code")
    return faults


def _limit_faults(request: DrawRequest) -> list[str]:
    faults = [] if len(request.limits) <= MAX_LIMITS else ["number of limits"]
    faults += _repeated("limit_id", (limit.limit_id for limit in request.limits))
    groups = {group.name for group in request.venue_groups}
    for limit in request.limits:
        faults += [f"limit {limit.limit_id}: {fault}" for fault in _faults_of_limit(limit, groups)]
    return faults


def _faults_of_limit(limit: Limit, groups: set[str]) -> list[str]:
    if limit.attribute not in LIMIT_ATTRIBUTES:
        return ["attribute"]
    is_known = {"venue_group": groups.__contains__, "title": bool}.get(limit.attribute, is_region_prefix)
    faults = [] if limit.values and all(map(is_known, limit.values)) else ["values"]
    return faults if 0 <= limit.low <= limit.high <= MAX_SEATS else [*faults, "low and high"]


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
    tests = (
        (request.speciality_match in SPECIALITY_MATCHES, "speciality_match"),
        (0 <= request.alternates_per_quota <= 100, "alternates_per_quota outside 0..100"),
        (request.alternates_min >= 0, "alternates_min below 0"),
        (0 <= request.window_years <= 100, "window_years outside 0..100"),
        (request.k_anonymity >= 1, "k_anonymity below 1"),
        (request.same_employer_max >= 1, "same_employer_max below 1"),
        (request.co_service_max is None or request.co_service_max >= 0, "co_service_max below 0"),
        (0 <= request.co_service_days <= 36_600, "co_service_days outside 0..36600"),
        (bool(request.pack_hash), "no pack_hash"),
    )
    return faults + [fault for is_kept, fault in tests if not is_kept]


def _committee_faults(request: DrawRequest) -> list[str]:
    committee, direct = request.committee, request.direct_selection
    faults = _repeated("directly selected expert", direct.experts) if direct else []
    if committee is None:
        return faults
    tests = (
        (committee.size >= 1 and committee.representatives >= 0, "committee: size or representatives"),
        (committee.procedure in PROCEDURES, "committee: procedure"),
        (set(committee.traits) <= set(TRAITS), "committee: traits"),
        (committee.budget_fen >= 0, "committee: budget"),
    )
    return faults + [fault for is_kept, fault in tests if not is_kept]


def _time_faults(request: DrawRequest) -> list[str]:
    instants = [request.evaluation_starts_at, request.evaluation_ends_at]
    if request.draw_opens_at is not None:
        instants.append(request.draw_opens_at)
    if any(instant.utcoffset() is None for instant in instants):
        return ["instant without offset"]
    return [] if instants[0] < instants[1] else ["evaluation ends before it starts"]


def _repeated(what: str, names: Iterable[str]) -> list[str]:
    listed = list(names)
    return [f"{what} not unique"] if len(set(listed)) != len(listed) else []

"""The hard errors of chapter 3 that a request shows before any expert is looked at: refused, without an override."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from scheduling.committee import CommitteeFloors, check_committee
from scheduling.demand import DIRECT_TRAITS, Committee, DirectSelection
from scheduling.errors import KernelError, TooEarlyError
from scheduling.refusals import (
    AgencyUncheckedError,
    CommitteeMissingError,
    CommitteeTooSmallError,
    DirectIncompleteError,
    DirectNotAllowedError,
    DirectWithoutApproverError,
    EvenCommitteeError,
    ExpertShareError,
    NoMandateError,
    SeatsMismatchError,
    TooManyRepresentativesError,
    UncitedFloorError,
)
from scheduling.request import DrawRequest, instant_text
from scheduling.request_checks import ensure_valid

_COMMITTEE_ERRORS: dict[str, type[KernelError]] = {
    error.code: error
    for error in (
        CommitteeTooSmallError,
        EvenCommitteeError,
        SeatsMismatchError,
        ExpertShareError,
        TooManyRepresentativesError,
    )
}


@dataclass(frozen=True, slots=True)
class CommitteeRules:
    """The values of the rule pack that decide whether a committee and its request are lawful; None: does not apply.

    Args:
        min_members, odd, expert_share: ordinary floors.
        large_min, large_budget_yuan: procurement from this budget, or complex, or of great social effect.
        group_min, group_min_large: negotiation, inquiry and consultation groups; the latter from the open-tender
            threshold.
        sector_min_water: water-conservancy works.
        rep_mandate, rep_max: written mandate, and largest share of the representatives.
        direct_allowed, direct_approver, direct_consent: whether experts may be named, by whose approval, and whether
            the supervising budget unit must consent.
        floors: keys of the pack that nobody may go below.
        citations: citation per key.

    Source: domain DR-01 to DR-06, DR-09, chapter 13
    """

    min_members: int | None
    odd: bool
    expert_share: str
    large_min: int | None = None
    large_budget_yuan: int | None = None
    group_min: int | None = None
    group_min_large: int | None = None
    sector_min_water: int | None = None
    rep_mandate: bool = True
    rep_max: str | None = None
    direct_allowed: bool = False
    direct_approver: str = ""
    direct_consent: bool = False
    floors: tuple[str, ...] = ()
    citations: Mapping[str, str] | None = None


def least_size(committee: Committee, rules: CommitteeRules) -> int:
    """Return the floor of the size that applies to this committee.

    Source: 招标投标法 第37条, 财政部令第87号 第47条, 政府采购法 第38条; domain DR-01 to DR-04
    """
    least = rules.min_members or 0
    if committee.procedure == "group":
        is_large = "above_open_tender_threshold" in committee.traits
        least = (rules.group_min_large if is_large else rules.group_min) or least
    elif _is_large(committee, rules):
        least = max(least, rules.large_min or 0)
    if "water_works" in committee.traits:
        least = max(least, rules.sector_min_water or 0)
    return least


def refusals(request: DrawRequest, rules: CommitteeRules, at: datetime) -> tuple[KernelError, ...]:
    """Return every hard error of a well-formed request.

    Args:
        request: the demand.
        rules: values of the pack that governs the project.
        at: now; the draw may not be asked for before its window opens.

    Source: domain chapter 3, hard errors
    """
    return (*_pack_refusals(request, rules, at), *_committee_refusals(request, rules), *_direct(request, rules))


def ensure_lawful(request: DrawRequest, rules: CommitteeRules, at: datetime) -> None:
    """Refuse a request with a hard error; the first one found is raised.

    Raises:
        InvalidRequestError and the other errors of ``ensure_valid``; any of ``refusals``.

    Source: domain chapter 3, hard errors
    """
    ensure_valid(request)
    for error in refusals(request, rules, at):
        raise error


def _is_large(committee: Committee, rules: CommitteeRules) -> bool:
    threshold = rules.large_budget_yuan
    is_rich = threshold is not None and committee.budget_fen >= 100 * threshold
    return is_rich or not {"complex", "great_social_effect"}.isdisjoint(committee.traits)


def _pack_refusals(request: DrawRequest, rules: CommitteeRules, at: datetime) -> Iterator[KernelError]:
    uncited = [key for key in rules.floors if not (rules.citations or {}).get(key, "").strip()]
    if uncited:
        yield UncitedFloorError(keys=uncited)
    if request.draw_opens_at is not None and at < request.draw_opens_at:
        yield TooEarlyError(opens_at=instant_text(request.draw_opens_at))
    if any(party.role == "agency" for party in request.parties) and "C10" not in request.grounds:
        yield AgencyUncheckedError()


def _committee_refusals(request: DrawRequest, rules: CommitteeRules) -> Iterator[KernelError]:
    committee = request.committee
    if committee is None:
        yield CommitteeMissingError()
        return
    floors = CommitteeFloors(least_size(committee, rules), rules.odd, rules.expert_share, rules.rep_max)
    direct = len(request.direct_selection.experts) if request.direct_selection else 0
    for reason in check_committee(committee.size, committee.representatives, request.quotas, floors, direct):
        yield _COMMITTEE_ERRORS[reason.code](**reason.facts)
    if committee.representatives and rules.rep_mandate and not committee.mandate.strip():
        yield NoMandateError(representatives=committee.representatives)


def _direct(request: DrawRequest, rules: CommitteeRules) -> Iterator[KernelError]:
    direct, committee = request.direct_selection, request.committee
    if direct is None:
        return
    traits = committee.traits if committee else ()
    if not rules.direct_allowed or set(traits).isdisjoint(DIRECT_TRAITS):
        yield DirectNotAllowedError()
    if not direct.approver.strip():
        yield DirectWithoutApproverError(required=rules.direct_approver)
    missing = [name for name in _needed(rules) if not _is_given(direct, name)]
    if missing:
        yield DirectIncompleteError(missing=missing)


def _needed(rules: CommitteeRules) -> tuple[str, ...]:
    return ("experts", "reason", "evidence", "salt", *(("consent",) if rules.direct_consent else ()))


def _is_given(direct: DirectSelection, name: str) -> bool:
    value = getattr(direct, name)
    return bool(value.strip() if isinstance(value, str) else value)

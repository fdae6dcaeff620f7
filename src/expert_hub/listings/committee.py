"""The committee part of a tender form: seats, quotas, wishes about the panel, representatives, direct selection."""

from collections import Counter
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from expert_hub.foundation.codes import normalise
from expert_hub.foundation.texts import Identifier, Line, Name, ShortLine
from scheduling.request_checks import is_region_prefix, is_speciality_code

Fault = dict[str, str]
Seats = Annotated[int, Meta(ge=1, le=99)]
NoOrSomeSeats = Annotated[int, Meta(ge=0, le=99)]
Regions = Annotated[list[Identifier], Meta(max_length=40)]
"""Prefixes of GB/T 2260 codes: "44" is a province, "4401" a city."""

Trait = Literal[
    "complex",
    "highly_specialised",
    "state_required",
    "great_social_effect",
    "above_open_tender_threshold",
    "water_works",
]
LOCAL = "local"
"""Id of the limit that the split into local and guest members becomes."""


class QuotaForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Seats for one speciality and set of region prefixes; `alternates` of its own, else those of the committee."""

    id: Identifier
    speciality: Identifier
    count: Seats
    regions: Regions = []
    accept_ancestor: bool = False
    venue_group: Line = ""
    alternates: NoOrSomeSeats | None = None


class VenueGroupForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The places from which one guest venue is reached."""

    name: Identifier
    regions: Regions


class LimitForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Least and most drawn seats for people with one of some values; without `max` there is no upper limit."""

    id: Identifier
    attribute: Literal["home", "region", "venue_group", "title"]
    values: Annotated[list[Identifier], Meta(max_length=40)]
    min: NoOrSomeSeats = 0
    max: NoOrSomeSeats | None = None


class LocalForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many members are at home in these regions; all others are guests."""

    regions: Regions
    min: NoOrSomeSeats = 0
    max: NoOrSomeSeats | None = None


class AvoidForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An organisation to avoid, with the reason."""

    name: Name
    reason: Name
    uscc: ShortLine = ""

    def __post_init__(self) -> None:
        """One spelling of the code, so that equal parties are equal."""
        msgspec.structs.force_setattr(self, "uscc", normalise(self.uscc))


class DirectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Experts named instead of drawn (DR-09), by id or number in a library; `evidence`, `consent` are references."""

    experts: Annotated[list[Identifier], Meta(min_length=1, max_length=99)]
    reason: Name
    approver: Line = ""
    evidence: Line = ""
    consent: Line = ""


class CommitteeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The committee: its size, the seats of the procuring entity, and who may sit on those of the experts.

    `regions` and `venue_group` hold for every quota beside its own. `mandate` is the reference of the written mandate
    of the representatives. Seats of directly selected experts come on top of those of the quotas.
    """

    size: Seats
    quotas: Annotated[list[QuotaForm], Meta(max_length=50)]
    representatives: NoOrSomeSeats = 0
    mandate: Line = ""
    alternates: NoOrSomeSeats = 2
    procedure: Literal["tender", "group"] = "tender"
    traits: Annotated[list[Trait], Meta(max_length=6)] = []
    regions: Regions = []
    venue_group: Line = ""
    venue_groups: Annotated[list[VenueGroupForm], Meta(max_length=40)] = []
    limits: Annotated[list[LimitForm], Meta(max_length=50)] = []
    local: LocalForm | None = None
    avoid: Annotated[list[AvoidForm], Meta(max_length=500)] = []
    direct: DirectForm | None = None


def committee_faults(committee: CommitteeForm) -> list[Fault]:
    """What contradicts itself in the committee of a form; whether it is lawful is asked when the panel is drawn."""
    return [
        *_quota_faults(committee),
        *_group_faults(committee),
        *_limit_faults(committee),
        *_local_faults(committee),
        *_direct_faults(committee),
    ]


def _fault(where: str, why: str) -> Fault:
    return {"where": f"committee.{where}", "why": why}


def _quota_faults(committee: CommitteeForm) -> list[Fault]:
    faults = _repeated("quotas", (quota.id for quota in committee.quotas))
    if not committee.quotas:
        faults.append(_fault("quotas", "is empty"))
    for quota in committee.quotas:
        where = f"quotas.{quota.id}"
        if not is_speciality_code(quota.speciality):
            faults.append(_fault(f"{where}.speciality", f"{quota.speciality} is not a code of CN-316"))
        faults += _region_faults(f"{where}.regions", quota.regions)
        faults += _unknown_group(where, committee, quota.venue_group)
    return faults


def _group_faults(committee: CommitteeForm) -> list[Fault]:
    faults = _repeated("venue_groups", (group.name for group in committee.venue_groups))
    for group in committee.venue_groups:
        faults += _wanted_regions(f"venue_groups.{group.name}.regions", group.regions)
    faults += _region_faults("regions", committee.regions)
    return faults + _unknown_group("", committee, committee.venue_group)


def _limit_faults(committee: CommitteeForm) -> list[Fault]:
    ids = [limit.id for limit in committee.limits]
    faults = _repeated("limits", [*ids, LOCAL] if committee.local else ids)
    for limit in committee.limits:
        where = f"limits.{limit.id}"
        if limit.attribute in ("home", "region"):
            faults += _wanted_regions(f"{where}.values", limit.values)
        elif not limit.values:
            faults.append(_fault(f"{where}.values", "is empty"))
        if limit.attribute == "venue_group":
            faults += [fault for name in limit.values for fault in _unknown_group(where, committee, name)]
        faults += _bound_faults(where, limit)
    return faults


def _local_faults(committee: CommitteeForm) -> list[Fault]:
    local = committee.local
    if local is None:
        return []
    return [*_wanted_regions("local.regions", local.regions), *_bound_faults("local", local)]


def _direct_faults(committee: CommitteeForm) -> list[Fault]:
    return _repeated("direct.experts", committee.direct.experts) if committee.direct else []


def _bound_faults(where: str, limit: LimitForm | LocalForm) -> list[Fault]:
    is_kept = limit.max is None or limit.min <= limit.max
    return [] if is_kept else [_fault(where, "min is above max")]


def _wanted_regions(where: str, regions: list[str]) -> list[Fault]:
    return _region_faults(where, regions) if regions else [_fault(where, "is empty")]


def _region_faults(where: str, regions: list[str]) -> list[Fault]:
    return [
        _fault(where, f"{code} is not the beginning of a GB/T 2260 code")
        for code in regions
        if not is_region_prefix(code)
    ]


def _unknown_group(where: str, committee: CommitteeForm, name: str) -> list[Fault]:
    if not name or name in {group.name for group in committee.venue_groups}:
        return []
    return [_fault(f"{where}.venue_group".lstrip("."), f"{name} is none of the venue groups")]


def _repeated(where: str, ids: Iterable[str]) -> list[Fault]:
    return [_fault(where, f"the id {name} occurs {times} times") for name, times in Counter(ids).items() if times > 1]

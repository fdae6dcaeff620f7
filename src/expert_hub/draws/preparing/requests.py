"""From a registered tender, its rule pack and the centre's settings to the request that the kernel understands."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from expert_hub.draws.preparing.working_days import working_days_before
from expert_hub.foundation.clock import local_date
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.texts import Name, ShortLine
from expert_hub.listings.committee import LOCAL, CommitteeForm, LimitForm, LocalForm
from expert_hub.listings.rules import BidderForm, ControllerForm, FormerNames, Organisation, TenderForm
from scheduling.demand import AvoidedOrganisation, Committee, Limit, Party, Quota, VenueGroup
from scheduling.lawful import CommitteeRules
from scheduling.request import DrawRequest


class OpenedBidder(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A bidder as the record of the opening has it, with the other members of its consortium and who controls it."""

    name: Name
    uscc: ShortLine = ""
    former_names: FormerNames = []
    consortium: Annotated[list[Organisation], Meta(max_length=50)] = []
    controllers: Annotated[list[ControllerForm], Meta(max_length=50)] = []


class Officers(msgspec.Struct, frozen=True):
    """Who asked for the draw and who supervises it (opaque ids)."""

    requested_by: str
    supervised_by: str = ""


def request_of(draw_id: str, form: TenderForm, pack: RulePack, centre: RulePack, officers: Officers) -> DrawRequest:
    """The request of a draw; every number of the law in it comes from the pack or the centre's settings.

    Directly selected experts are not in it yet: their ids are found in the library.
    """
    committee = form.committee
    return DrawRequest(
        request_id=draw_id,
        quotas=quotas_of(committee),
        parties=(*_parties(form), *(party for bidder in form.bidders for party in bidding_parties(bidder))),
        bid_deadline=local_date(form.lot.bid_deadline),
        evaluation_starts_at=form.lot.evaluation_starts_at,
        evaluation_ends_at=form.lot.evaluation_ends_at,
        alternates_per_quota=committee.alternates,
        alternates_min=pack.value("draw.alternates_min") or 0,
        grounds=_grounds(pack),
        window_years=pack.value("conflict.window_years"),
        same_employer_max=pack.value("conflict.same_employer_max"),
        max_age=centre.value("expert.max_age"),
        max_age_senior=centre.value("expert.max_age_senior"),
        co_service_max=centre.value("expert.co_service_max"),
        co_service_days=centre.value("expert.co_service_days") or 0,
        speciality_match=centre.value("spec.match"),
        pack_hash=pack.sha256,
        avoid=tuple(AvoidedOrganisation(item.uscc, item.name, item.reason) for item in committee.avoid),
        project_refs=(form.project.code, form.lot.code, *form.lot.repeats),
        venue_city=form.project.region_code,
        draw_opens_at=draw_opens_at(form, pack),
        k_anonymity=pack.value("conflict.k_anonymity"),
        requested_by=officers.requested_by,
        supervised_by=officers.supervised_by,
        regions=tuple(committee.regions),
        venue_group=committee.venue_group,
        venue_groups=tuple(VenueGroup(group.name, tuple(group.regions)) for group in committee.venue_groups),
        limits=_limits(committee),
        committee=_committee(form),
    )


def quotas_of(committee: CommitteeForm) -> tuple[Quota, ...]:
    """The quotas of a form as the kernel takes them."""
    return tuple(
        Quota(
            quota_id=item.id,
            speciality=item.speciality,
            count=item.count,
            regions=tuple(item.regions),
            accept_ancestor=item.accept_ancestor,
            venue_group=item.venue_group,
            alternates=item.alternates,
        )
        for item in committee.quotas
    )


def bidding_parties(bidder: BidderForm | OpenedBidder) -> tuple[Party, ...]:
    """A bidder, the other members of its consortium, and who controls it.

    Source: domain CF-03
    """
    return (
        Party("bidder", bidder.uscc, bidder.name, tuple(bidder.former_names)),
        *(_party("consortium_member", member) for member in bidder.consortium),
        *(_party("controller", owner) for owner in bidder.controllers),
    )


def committee_rules(pack: RulePack) -> CommitteeRules:
    """The values of a pack that decide whether a committee and its request are lawful.

    Only government procurement asks for the consent of the supervising budget unit to a direct selection.

    Source: 财政部令第87号 第48条; domain DR-01 to DR-06, DR-09
    """
    return CommitteeRules(
        min_members=pack.value("committee.min_members"),
        odd=pack.value("committee.odd"),
        expert_share=pack.value("committee.expert_share"),
        large_min=pack.value("committee.large_min"),
        large_budget_yuan=pack.value("committee.large_budget_yuan"),
        group_min=pack.value("committee.group_min"),
        group_min_large=pack.value("committee.group_min_large"),
        sector_min_water=pack.value("committee.sector_min_water"),
        rep_mandate=bool(pack.value("committee.rep_mandate")),
        rep_max=pack.value("committee.rep_max"),
        direct_allowed=bool(pack.value("draw.direct_allowed")),
        direct_approver=pack.value("draw.direct_approver") or "",
        direct_consent=pack.category == "government_procurement",
        floors=pack.floors,
        citations={key: pack.rule(key).citation for key in pack.floors},
    )


def draw_opens_at(form: TenderForm, pack: RulePack) -> datetime | None:
    """The instant before which the panel may not be drawn; None where the law sets none.

    It sets none for groups of negotiation, inquiry or consultation, nor for remote evaluation, which is how a lot is
    evaluated unless its form says otherwise.

    Source: 财库〔2016〕198号; domain DR-10
    """
    if form.lot.remote or form.committee.procedure == "group" or not pack.rule("draw.earliest").is_applicable:
        return None
    starts_at, period = form.lot.evaluation_starts_at, pack.duration("draw.earliest")
    if period.unit == "wd":
        return working_days_before(starts_at, period.amount)
    return starts_at - pack.span("draw.earliest")


def _grounds(pack: RulePack) -> tuple[str, ...]:
    keys = ("conflict.grounds", "conflict.grounds_local", "conflict.grounds_project")
    return tuple(sorted({ground for key in keys for ground in pack.value(key) or ()}))


def _parties(form: TenderForm) -> list[Party]:
    project = form.project
    named: list[tuple[str, Organisation | None]] = [
        ("procuring_entity", project.procuring_entity),
        ("agency", project.agency),
        ("competent_department", project.competent_department),
        ("supervising_department", project.supervising_department),
        ("designer", project.designer),
    ]
    return [_party(role, organisation) for role, organisation in named if organisation]


def _party(role: str, organisation: Organisation | ControllerForm) -> Party:
    former = organisation.former_names if isinstance(organisation, Organisation) else []
    return Party(role, organisation.uscc, organisation.name, tuple(former))


def _limits(committee: CommitteeForm) -> tuple[Limit, ...]:
    seats = sum(quota.count for quota in committee.quotas)
    limits = [
        Limit(item.id, item.attribute, tuple(item.values), item.min, _high(item, seats)) for item in committee.limits
    ]
    if committee.local is not None:
        local = committee.local
        limits.append(Limit(LOCAL, "home", tuple(local.regions), local.min, _high(local, seats)))
    return tuple(limits)


def _high(limit: LimitForm | LocalForm, seats: int) -> int:
    return max(seats, limit.min) if limit.max is None else limit.max


def _committee(form: TenderForm) -> Committee:
    committee = form.committee
    return Committee(
        size=committee.size,
        representatives=committee.representatives,
        mandate=committee.mandate,
        procedure=committee.procedure,
        budget_fen=int(form.project.budget_yuan * 100),
        traits=tuple(sorted(set(committee.traits))),
    )

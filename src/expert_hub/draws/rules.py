"""States of a draw, and from a registered tender and its pack to the request that the kernel understands."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

import msgspec

from expert_hub.foundation.clock import local_date
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.listings.rules import Organisation, TenderForm
from scheduling.committee import CommitteeFloors, Reason, check_committee
from scheduling.demand import AvoidedOrganisation, Party, Quota
from scheduling.errors import PoolTooSmallError
from scheduling.request import DrawRequest


class DrawState(StrEnum):
    """Where a draw stands; what comes next is the only thing that can."""

    REQUESTED = "requested"
    DRAWING = "drawing"
    INVITING = "inviting"
    VACANT = "vacant"
    READY = "ready"
    SHORT = "short"
    VOID = "void"


NEXT_STEP = {
    DrawState.REQUESTED: "the supervisor fetches the proposal and signs it",
    DrawState.INVITING: "the invited experts answer",
    DrawState.VACANT: "the supervisor opens the replacement of the empty seats",
    DrawState.READY: "the centre opens the room; the supervisor reads the names after check-in and closes the draw",
    DrawState.SHORT: "the centre asks for a new draw, because nobody is left for an empty seat",
    DrawState.VOID: "the centre asks for a new draw",
}
NEXT_STEP_OF_ROUND = {
    "opened": "the supervisor cosigns the checkpoint before the beacon round",
    "witnessed": "the parties reveal their links",
    "contributed": "the beacon round is published, or carried in by hand",
}
OVER = (DrawState.SHORT, DrawState.VOID)
"""States after which a new attempt may be made."""

ATTESTED = ("absent", "conflict", "unwell", "misconduct", "unreachable")
VACANT_OUTCOMES = ("declined", "no_answer", "withdrawn", *ATTESTED)
"""Outcomes that leave a seat empty; the attested ones need the supervisor's signature."""


class HeldSeat(msgspec.Struct, frozen=True):
    """The newest holder of a seat."""

    seat: int
    outcome: str


def newest_holders(places: Iterable[tuple[int, int | None, str]]) -> list[HeldSeat]:
    """The newest holder of each seat, by seat, from (number of the drawing, seat, outcome)."""
    newest: dict[int, tuple[int, str]] = {}
    for number, seat, outcome in places:
        if seat is not None and number >= newest.get(seat, (-1, ""))[0]:
            newest[seat] = number, outcome
    return [HeldSeat(seat, newest[seat][1]) for seat in sorted(newest)]


def state_of_seats(seats: Sequence[HeldSeat], *, is_drawing: bool) -> DrawState:
    """Where a draw stands: ready as soon as every seat is held by somebody who accepted."""
    if seats and all(seat.outcome == "accepted" for seat in seats):
        return DrawState.READY
    if is_drawing:
        return DrawState.DRAWING
    return DrawState.VACANT if any(seat.outcome in VACANT_OUTCOMES for seat in seats) else DrawState.INVITING


def committee_reasons(form: TenderForm, pack: RulePack) -> tuple[Reason, ...]:
    """What is unlawful about the committee of a form (DR-01, DR-02, DR-05, DR-06)."""
    large = pack.value("committee.large_budget_yuan")
    is_large = large is not None and form.project.budget_yuan >= large
    floors = CommitteeFloors(
        min_members=pack.value("committee.large_min" if is_large else "committee.min_members"),
        odd=pack.value("committee.odd"),
        expert_share=pack.value("committee.expert_share"),
        rep_max=pack.value("committee.rep_max"),
    )
    return check_committee(form.committee.size, form.committee.representatives, quotas_of(form), floors)


def quotas_of(form: TenderForm) -> tuple[Quota, ...]:
    """The quotas of a form as the kernel takes them."""
    return tuple(
        Quota(quota_id=item.id, speciality=item.speciality, count=item.count, regions=tuple(item.regions))
        for item in form.committee.quotas
    )


def shown_shortage(error: PoolTooSmallError, k_anonymity: int) -> PoolTooSmallError:
    """The shortage as the requester may see it: no number of eligible experts below `k_anonymity` (CF-08).

    Two requests that differ in one bidder would otherwise tell whether one of a few experts is tied to it.
    """
    quotas = [
        quota if quota["eligible"] >= k_anonymity else _masked(quota, k_anonymity) for quota in error.facts["quotas"]
    ]
    exact = quotas == error.facts["quotas"]
    return PoolTooSmallError(short=error.facts["short"] if exact else f"≥{len(quotas)}", quotas=quotas)


def _masked(quota: dict[str, Any], k_anonymity: int) -> dict[str, Any]:
    return {**quota, "eligible": f"<{k_anonymity}", "short": "≥1"}


class Officers(msgspec.Struct, frozen=True):
    """Who asked for the draw and who supervises it (opaque ids)."""

    requested_by: str
    supervised_by: str = ""


def request_of(draw_id: str, form: TenderForm, pack: RulePack, centre: RulePack, officers: Officers) -> DrawRequest:
    """The request of a draw; every number of the law in it comes from the pack or the centre's settings.

    `draw_opens_at` stays empty: the window of two working days does not apply to remote evaluation (财库〔2016〕198号).
    """
    return DrawRequest(
        request_id=draw_id,
        quotas=quotas_of(form),
        parties=_parties(form),
        bid_deadline=local_date(form.lot.bid_deadline),
        evaluation_starts_at=form.lot.evaluation_starts_at,
        evaluation_ends_at=form.lot.evaluation_ends_at,
        alternates_per_quota=form.committee.alternates,
        grounds=_grounds(pack),
        window_years=pack.value("conflict.window_years"),
        same_employer_max=pack.value("conflict.same_employer_max"),
        max_age=centre.value("expert.max_age"),
        max_age_senior=centre.value("expert.max_age_senior"),
        speciality_match=centre.value("spec.match"),
        pack_hash=pack.sha256,
        avoid=tuple(AvoidedOrganisation(item.uscc, item.name, item.reason) for item in form.committee.avoid),
        project_refs=(form.project.code, form.lot.code),
        k_anonymity=pack.value("conflict.k_anonymity"),
        requested_by=officers.requested_by,
        supervised_by=officers.supervised_by,
    )


def _grounds(pack: RulePack) -> tuple[str, ...]:
    keys = ("conflict.grounds", "conflict.grounds_local", "conflict.grounds_project")
    return tuple(sorted({ground for key in keys for ground in pack.value(key) or ()}))


def _parties(form: TenderForm) -> tuple[Party, ...]:
    named: list[tuple[str, Organisation | None]] = [
        ("procuring_entity", form.project.procuring_entity),
        ("agency", form.project.agency),
        ("supervising_department", form.project.supervising_department),
    ]
    parties = [Party(role, party.uscc, party.name) for role, party in named if party]
    for bidder in form.bidders:
        parties.append(Party("bidder", bidder.uscc, bidder.name))
        parties += [Party("bidder", member.uscc, member.name) for member in bidder.consortium]
    return tuple(parties)

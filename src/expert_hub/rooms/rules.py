"""From a registered tender, its rule pack and its panel to the setup of a room."""

from collections.abc import Sequence
from typing import Any

import msgspec

from evaluation.setup import BidSetup, CheckSetup, RoomRules, RoomSetup, SeatSetup, VenueSetup
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.identity.rules import Actor, Role
from expert_hub.listings.evaluation_form import criteria_of, groups_of, price_weight, terms_of
from expert_hub.listings.rules import BidderForm, TenderForm


class SeatPlan(msgspec.Struct, frozen=True):
    """Who sits where: one row a seat, experts in the order of the draw, then representatives."""

    tenure_id: str
    account_id: str
    is_expert: bool
    venue_id: str
    workstation: str


class RoomPlan(msgspec.Struct, frozen=True):
    """What a room is made of beside tender and pack; the first venue is the host, `blind_seed` a secret."""

    room_id: str
    venues: Sequence[tuple[str, str]]
    seats: Sequence[SeatPlan]
    blind_seed: str = ""
    is_training: bool = False


def seat_id(position: int) -> str:
    """Name of the seat at a position, from 0: "s1", "s2", …"""
    return f"s{position + 1}"


def alias(position: int) -> str:
    """What the others call the member at a position, from 0 (ER-23)."""
    return f"评委{chr(ord('A') + position)}" if position < 26 else f"评委{position + 1}"


def setup_of(form: TenderForm, pack: RulePack, plan: RoomPlan) -> RoomSetup:
    """The setup of a room; every number of the law in it comes from the pack."""
    return RoomSetup(
        room_id=plan.room_id,
        lot_code=form.lot.code,
        lot_name=form.lot.name,
        project_name=form.project.name,
        procuring_entity=form.project.procuring_entity.name,
        category=form.project.category,
        method=form.evaluation.method,
        starts_at=form.lot.evaluation_starts_at,
        rules=room_rules(form, pack),
        venues=tuple(
            VenueSetup(venue_id, "guest" if position else "host", name)
            for position, (venue_id, name) in enumerate(plan.venues)
        ),
        seats=tuple(_seat(position, seat) for position, seat in enumerate(plan.seats)),
        draw_order=tuple(seat_id(position) for position in range(len(plan.seats))),
        bids=tuple(_bid(bidder, pack) for bidder in form.bidders),
        checks=tuple(CheckSetup(check.id, check.title, check.stage, check.ground) for check in form.checks),
        terms=terms_of(form, pack),
        criteria=criteria_of(form),
        groups=groups_of(form),
        blind_seed=plan.blind_seed,
        is_training=plan.is_training,
    )


def room_rules(form: TenderForm, pack: RulePack) -> RoomRules:
    """The values of the pack that a room needs; the price weight is the tender document's."""
    trim_over = pack.value("agg.trim_over")
    return RoomRules(
        committee_min_members=pack.value("committee.min_members"),
        leader_method=pack.value("leader.method"),
        leader_rep_allowed=pack.value("leader.rep_allowed"),
        leader_max_rounds=pack.value("leader.max_rounds"),
        prelim_grounds=tuple(pack.value("prelim.grounds")),
        prelim_min_valid=pack.value("prelim.min_valid"),
        prelim_below_min=pack.value("prelim.below_min"),
        score_step=pack.value("score.step"),
        score_deviation=pack.value("score.deviation"),
        candidates_max=pack.value("candidates.max"),
        price_weight=price_weight(form),
        tie_order=tuple(pack.value("tie.order")),
        tie_price_basis=pack.value("tie.price_basis"),
        tie_final=pack.value("tie.final"),
        brand_counts_once=bool(pack.value("tie.brand_counts_once")),
        agg_trim_over=trim_over if isinstance(trim_over, int) else None,
        sign_deemed_agreed=pack.value("sign.deemed_agreed"),
        prelim_stages=tuple(pack.value("prelim.stages")),
        clarify_before_reject=pack.value("clarify.before_reject"),
        clarify_unsolicited=pack.value("clarify.unsolicited"),
        correct_types=tuple(pack.value("correct.types")),
        correct_replace_by_mean=pack.value("correct.replace_by_mean"),
        low_price_mean=_share_of_law(pack, "low_price.mean"),
        low_price_next=_share_of_law(pack, "low_price.next"),
        low_price_ceiling=_share_of_law(pack, "low_price.ceiling"),
        price_repair_order=tuple(pack.value("price.repair_order")),
        round_score=pack.value("round.score"),
        round_money=pack.value("round.money"),
        round_deviation=pack.value("round.deviation"),
        **_course_rules(pack),
    )


def _course_rules(pack: RulePack) -> dict[str, Any]:
    """Values about holds, outages, time and names; a category that does not know one has the room's default."""
    given = {
        "room_seal_on_pause": pack.value("room.seal_on_pause"),
        "room_stop_on_defect": pack.value("room.stop_on_defect"),
        "outage_prestart": _minutes(pack, "outage.prestart"),
        "outage_resume": _minutes(pack, "outage.resume"),
        "time_extend_share": pack.value("time.extend_share"),
        "score_blind": pack.value("score.blind"),
        "publish_members": pack.value("publish.members"),
        "publish_members_until": pack.value("publish.members_secret_until"),
    }
    return {name: value for name, value in given.items() if value is not None}


def _minutes(pack: RulePack, key: str) -> int | None:
    return int(pack.span(key).total_seconds()) // 60 if pack.rule(key).is_applicable else None


def _share_of_law(pack: RulePack, key: str) -> str | None:
    """A share of the pack, or none where the pack leaves it to the committee."""
    value = pack.value(key)
    return None if value in (None, "committee_judgement") else str(value)


def _seat(position: int, seat: SeatPlan) -> SeatSetup:
    kind = "expert" if seat.is_expert else "representative"
    return SeatSetup(seat_id(position), seat.tenure_id, alias(position), kind, seat.venue_id, seat.workstation)  # type: ignore[arg-type]


def _bid(bidder: BidderForm, pack: RulePack) -> BidSetup:
    deduction = pack.value("price.policy_deduction") if bidder.small_business else None
    return BidSetup(
        bid_id=bidder.id,
        bidder=bidder.name,
        bidder_code=bidder.uscc,
        quote=str(bidder.quote_yuan),
        deduction=deduction or "0",
        brand=bidder.brand or None,
        opened_price=None if bidder.opened_yuan is None else str(bidder.opened_yuan),
        offered_at=bidder.offered_at,
    )


def part_of(actor: Actor, venues: Sequence[str], entity_code: str) -> str | None:
    """The part that an account without a seat has in a room, or none: then the room does not exist for it.

    Args:
        actor: the account.
        venues: venues of the room, host first.
        entity_code: unified social credit code of the procuring entity.
    """
    if actor.has(Role.HOST_OPERATOR) and actor.venue_id == venues[0]:
        return "host_operator"
    if actor.has(Role.GUEST_OPERATOR) and actor.venue_id in venues[1:]:
        return "guest_operator"
    if actor.has(Role.PROCURING_ENTITY) and actor.organisation_code == entity_code:
        return "procuring_entity"
    return next((str(role) for role in (Role.SUPERVISOR, Role.AUDITOR) if actor.has(role)), None)

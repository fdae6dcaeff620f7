"""Description of one evaluation room: committee, bids, checks, criteria and the rules that govern it.

All amounts, marks and shares are decimal text ("0.30"), never binary floating point.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from evaluation.terms import DocumentTerms


class RoomRules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Values of the rule pack the room needs, under the keys of the pack with `_` for `.`.

    Attributes:
        committee_min_members: least number of seats.
        leader_method: how the leader is found; a room with either value holds a secret ballot.
        leader_rep_allowed: whether a representative of the procuring entity may lead.
        leader_max_rounds: tied rounds after which the order of the draw decides.
        prelim_grounds: codes a vote to reject may name.
        prelim_min_valid: least number of bidders left after the preliminary review.
        prelim_below_min: "stop" ends the tender, "argued_vote" lets the committee decide with reasons.
        score_step: step of a score where the criterion names none.
        score_deviation: share of the marks beyond which a subjective score is called outlying.
        candidates_max: most candidates that may be ranked.
        price_weight: share of the price in the total, from the tender document.
        tie_order: keys of the ranking, first key first.
        tie_price_basis: which price breaks a tie of totals.
        tie_final: how a tie is settled that the ranking leaves open.
        brand_counts_once: whether bids of one brand count as one bidder.
        agg_trim_over: committees larger than this drop one highest and one lowest score per item; None never does.
        sign_deemed_agreed: whether silence without written reasons counts as agreement.
        prelim_stages: stages of the preliminary review that are the committee's; empty gives it every check.
        clarify_before_reject: whether a bidder is asked before a rejection for unclear text, an evident error or a
            suspected low price.
        clarify_unsolicited: whether answers nobody asked for are taken; a room refuses to open with it.
        correct_types: errors that may be corrected after the totals are shown.
        correct_replace_by_mean: whether the mean of the others replaces an abnormal score without a good reason.
        price_repair_order: rules for the repair of inconsistent prices, in their order.
        round_score: places of a printed score.
        round_money: places of an amount of money.
        round_deviation: places of the relative distance of a price from the benchmark.
        low_price_mean: a price below this share of the mean is abnormally low; None leaves it to the committee.
        low_price_next: likewise of the second lowest price.
        low_price_ceiling: likewise of the ceiling.
        room_seal_on_pause: whether a hold is sealed and resumed only with its seal unbroken.
        room_stop_on_defect: whether the committee may stop for a defect of the document or a breach of mandatory rules.
        outage_prestart: minutes an outage may last before the start until the procuring entity decides.
        outage_resume: minutes an outage may last afterwards until the room is sealed for a new committee.
        time_extend_share: share of the members, as "n/m", above which the time must be extended.
        score_blind: whether talk is kept free of scores until all have submitted.
        publish_members: whether names of members are given out at all, "names" or "none".
        publish_members_until: what ends their secrecy: "report" ends it with the report, else publication does.

    Source: engineering choice
    """

    committee_min_members: int
    leader_method: Literal["elect", "elect_or_named"]
    leader_rep_allowed: bool
    leader_max_rounds: int
    prelim_grounds: tuple[str, ...]
    prelim_min_valid: int
    prelim_below_min: Literal["stop", "argued_vote"]
    score_step: str
    score_deviation: str
    candidates_max: int
    price_weight: str
    tie_order: tuple[Literal["total_desc", "price_asc", "technical_desc", "parallel"], ...]
    tie_price_basis: Literal["reviewed", "quote"]
    tie_final: Literal["document_else_draw", "document_else_committee_vote"]
    brand_counts_once: bool
    agg_trim_over: int | None
    sign_deemed_agreed: bool
    prelim_stages: tuple[str, ...] = ()
    clarify_before_reject: bool = False
    clarify_unsolicited: bool = False
    correct_types: tuple[Literal["K1", "K2", "K3", "K4"], ...] = ("K1", "K2", "K3", "K4")
    correct_replace_by_mean: bool = False
    price_repair_order: tuple[Literal["summary", "words", "decimal", "unit", "chinese_text"], ...] = ()
    round_score: int = 2
    round_money: int = 2
    round_deviation: int = 4
    low_price_mean: str | None = None
    low_price_next: str | None = None
    low_price_ceiling: str | None = None
    room_seal_on_pause: bool = True
    room_stop_on_defect: bool = True
    outage_prestart: int = 120
    outage_resume: int = 240
    time_extend_share: str = "1/3"
    score_blind: bool = True
    publish_members: Literal["names", "none"] = "none"
    publish_members_until: str = "winner_determined"


class VenueSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A venue of this evaluation; exactly one is the host. Source: engineering choice."""

    venue_id: str
    side: Literal["host", "guest"]
    name: str


class SeatSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A seat of the committee, its first tenure and its workstation. Source: 电子招标投标办法 第33条."""

    seat_id: str
    tenure_id: str
    alias: str
    kind: Literal["expert", "representative"]
    venue_id: str
    workstation: str


class BidSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A bid as opened.

    Attributes:
        bid_id: identifier of the bid.
        bidder: name of the bidder.
        bidder_code: unified social credit code of the bidder.
        quote: price in yuan the evaluation works with, after lawful repair of inconsistencies.
        deduction: policy deduction as a share, "0" for none.
        brand: brand of the core product, None or empty when the question does not arise.
        opened_price: price read out at bid opening when it differs from `quote`.
        offered_at: instant of the offer in a price competition, None elsewhere.

    Source: 财政部令第87号 第41条
    """

    bid_id: str
    bidder: str
    bidder_code: str
    quote: str
    deduction: str = "0"
    brand: str | None = None
    opened_price: str | None = None
    offered_at: datetime | None = None


class CheckSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A preliminary check and the ground a failure usually has. Source: 财政部令第87号 第50条."""

    check_id: str
    title: str
    stage: str
    ground: str


class CriterionSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A criterion of the tender document.

    Attributes:
        criterion_id: identifier of the criterion.
        group: top of the tree above it: "technical", "business", "price", or "deviation" for quantities of priced
            deviations, which carry no marks.
        title: its name in the document.
        kind: who finds the value and how: members enter all kinds but `formula`; `pass_fail` is `low` or `full`;
            `deduction` is entered as points taken off the total and is not part of the 100.
        full: highest value.
        low: lowest value.
        step: smallest difference between two values; empty takes the step of the rules.
        blind: whether members judge it without knowing whose bid it is.
        parent: id of the group of `RoomSetup.groups` it stands in, empty when it stands in none.

    Source: 政府采购法实施条例 第34条
    """

    criterion_id: str
    group: str
    title: str
    kind: Literal["objective", "subjective", "formula", "pass_fail", "deduction"]
    full: str
    low: str = "0"
    step: str = ""
    blind: bool = False
    parent: str = ""


class GroupSetup(Struct, frozen=True, forbid_unknown_fields=True):
    """A group of criteria; groups stand in groups, and the marks below each add up to its own.

    Attributes:
        group_id: identifier of the group.
        title: its name in the document.
        full: marks of everything below it, deductions and quantities apart.
        parent: id of the group above it, empty at the top.

    Source: 政府采购法实施条例 第34条
    """

    group_id: str
    title: str
    full: str
    parent: str = ""


class RoomSetup(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything a room is opened with; it travels inside the first event and never changes.

    Attributes:
        room_id: identifier of the room.
        lot_code: code of the lot.
        lot_name: name of the lot.
        project_name: name of the project.
        procuring_entity: name of the procuring entity.
        category: category of the transaction, for instance "government_procurement".
        method: evaluation method, a name of `evaluation.methods.registry`.
        starts_at: announced start, an instant with zone.
        rules: values of the rule pack.
        venues: one host venue and any number of guest venues.
        seats: the committee, odd in number.
        draw_order: every seat id once, experts in the order of the draw, then representatives; decides a tied ballot.
        bids: the bids as opened.
        checks: the preliminary checks.
        criteria: the criteria, leaves of the tree; marks sum to 100 where the method scores.
        groups: the groups of the tree, each above its parts; may be empty.
        terms: parameters of the method from the tender document.
        blind_seed: secret from which each tenure's own order of the bids of blind criteria follows.
        is_training: whether the room is one to practise in; every view and the report say so.

    Source: engineering choice
    """

    room_id: str
    lot_code: str
    lot_name: str
    project_name: str
    procuring_entity: str
    category: str
    method: str
    starts_at: datetime
    rules: RoomRules
    venues: tuple[VenueSetup, ...]
    seats: tuple[SeatSetup, ...]
    draw_order: tuple[str, ...]
    bids: tuple[BidSetup, ...]
    checks: tuple[CheckSetup, ...]
    criteria: tuple[CriterionSetup, ...]
    groups: tuple[GroupSetup, ...] = ()
    terms: DocumentTerms = DocumentTerms()
    blind_seed: str = ""
    is_training: bool = False


TRAINING_MARK = "演练 TRAINING"
"""What every view and every page of a room to practise in carries. Source: engineering choice."""

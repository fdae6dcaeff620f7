"""The tender form and the states of a lot.

The form is what a centre registers: one project with one lot, its committee, bids and criteria. Its parts are plain
values; `form_faults` says everything that is wrong with one.
"""

import re
from collections import Counter
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

import msgspec
from msgspec import Meta

from expert_hub.foundation.codes import check_uscc, normalise
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.texts import Identifier, Line, Name, ShortLine, Title
from expert_hub.listings.committee import CommitteeForm, Fault, committee_faults
from expert_hub.listings.evaluation_form import CriterionForm, EvaluationForm, evaluation_faults


class LotState(StrEnum):
    """Steps of a lot (spec chapter 7, the part that is built so far)."""

    REGISTERED = "registered"
    EVALUATING = "evaluating"
    EVALUATED = "evaluated"
    FAILED = "failed"


STEPS: dict[LotState, frozenset[LotState]] = {
    LotState.REGISTERED: frozenset({LotState.EVALUATING}),
    LotState.EVALUATING: frozenset({LotState.EVALUATED, LotState.FAILED}),
    LotState.EVALUATED: frozenset(),
    LotState.FAILED: frozenset(),
}


FormerNames = Annotated[list[Name], Meta(max_length=20)]


class Organisation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A party: name, unified social credit code, and names it had before (CF-04)."""

    name: Name
    uscc: ShortLine
    former_names: FormerNames = []

    def __post_init__(self) -> None:
        """One spelling of the code, so that equal parties are equal."""
        _one_spelling(self)


class ProjectForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The project: who buys what under which rules. Amounts in yuan."""

    code: Identifier
    name: Name
    category: Identifier
    pack: Name
    item_class: ShortLine
    budget_yuan: Decimal
    region_code: Annotated[str, Meta(pattern=r"^([0-9]{2}){1,3}(?![\s\S])")]
    procuring_entity: Organisation
    agency: Organisation | None = None
    competent_department: Organisation | None = None
    supervising_department: Organisation | None = None
    designer: Organisation | None = None
    ceiling_yuan: Decimal | None = None


class LotForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The lot and its instants, aware of their zone; `repeats` are codes of the failed lots that it tenders again.

    `remote`: members sit at several venues.
    """

    code: Identifier
    name: Name
    bid_deadline: datetime
    evaluation_starts_at: datetime
    evaluation_ends_at: datetime
    remote: bool = True
    repeats: Annotated[list[Identifier], Meta(max_length=20)] = []


class ControllerForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A controlling shareholder or actual controller; a natural person has no credit code."""

    name: Name
    uscc: ShortLine = ""

    def __post_init__(self) -> None:
        """One spelling of the code, so that equal parties are equal."""
        _one_spelling(self)


class BidderForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One bid: bidder, quote in yuan, what matters to price policy and same-brand counting, who stands behind it.

    `opened_yuan` is the price that was read out at the opening if it differs; `offered_at` the instant of an offer in a
    price competition.
    """

    id: Identifier
    name: Name
    uscc: ShortLine
    quote_yuan: Decimal
    small_business: bool = False
    brand: Line = ""
    consortium: Annotated[list[Organisation], Meta(max_length=50)] = []
    controllers: Annotated[list[ControllerForm], Meta(max_length=50)] = []
    former_names: FormerNames = []
    opened_yuan: Decimal | None = None
    offered_at: datetime | None = None

    def __post_init__(self) -> None:
        """One spelling of the code, so that equal parties are equal."""
        _one_spelling(self)


class CheckForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One check of the preliminary review and the ground of rejection that it stands for."""

    id: Identifier
    title: Title
    stage: Identifier
    ground: Identifier


class TenderForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a centre registers for one lot."""

    project: ProjectForm
    lot: LotForm
    committee: CommitteeForm
    bidders: Annotated[list[BidderForm], Meta(max_length=500)]
    checks: Annotated[list[CheckForm], Meta(max_length=200)]
    criteria: Annotated[list[CriterionForm], Meta(max_length=200)]
    evaluation: EvaluationForm = msgspec.field(default_factory=EvaluationForm)


def _one_spelling(party: Organisation | ControllerForm | BidderForm) -> None:
    msgspec.structs.force_setattr(party, "uscc", normalise(party.uscc))


# As the evaluation reads amounts: what it could not open a room with is not registered.
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")


def form_faults(form: TenderForm, pack: RulePack) -> list[Fault]:
    """Everything that is wrong with a form under its pack; empty if it may be registered."""
    return [
        *_date_faults(form.lot),
        *_amount_faults(form),
        *_organisation_faults(form),
        *_repeated("bidders", [bidder.id for bidder in form.bidders]),
        *_repeated("checks", [check.id for check in form.checks]),
        *_doubled("criteria", [criterion.id for criterion in form.criteria]),
        *committee_faults(form.committee),
        *_bid_faults(form),
        *_check_faults(form, pack),
        *evaluation_faults(form, pack),
    ]


def _fault(where: str, why: str) -> Fault:
    return {"where": where, "why": why}


def _date_faults(lot: LotForm) -> list[Fault]:
    instants = (lot.bid_deadline, lot.evaluation_starts_at, lot.evaluation_ends_at)
    if any(at.tzinfo is None for at in instants):
        return [_fault("lot", "instants need a time zone, e.g. 2026-03-02T09:00:00+08:00")]
    if any(not 2000 <= at.year <= 2100 for at in instants):
        return [_fault("lot", "instants lie between the years 2000 and 2100")]
    if not lot.bid_deadline <= lot.evaluation_starts_at < lot.evaluation_ends_at:
        return [_fault("lot", "needs bid_deadline <= evaluation_starts_at < evaluation_ends_at")]
    return []


def _amount_faults(form: TenderForm) -> list[Fault]:
    amounts = {
        "project.budget_yuan": form.project.budget_yuan,
        **{f"bidders.{bidder.id}.quote_yuan": bidder.quote_yuan for bidder in form.bidders},
        **{f"bidders.{bid.id}.opened_yuan": bid.opened_yuan for bid in form.bidders if bid.opened_yuan is not None},
    }
    if form.project.ceiling_yuan is not None:
        amounts["project.ceiling_yuan"] = form.project.ceiling_yuan
    return [
        _fault(where, "must be above 0, with at most 15 digits and at most two decimals, without exponent")
        for where, amount in amounts.items()
        if not (_AMOUNT.fullmatch(str(amount)) and amount > 0)
    ]


def _organisation_faults(form: TenderForm) -> list[Fault]:
    parties = {
        "project.procuring_entity": form.project.procuring_entity.uscc,
        **{f"bidders.{bidder.id}": bidder.uscc for bidder in form.bidders},
        **{
            f"bidders.{bidder.id}.consortium.{member.name}": member.uscc
            for bidder in form.bidders
            for member in bidder.consortium
        },
        **{
            f"bidders.{bidder.id}.controllers.{owner.name}": owner.uscc
            for bidder in form.bidders
            for owner in bidder.controllers
            if owner.uscc
        },
    }
    for name in ("agency", "competent_department", "supervising_department", "designer"):
        organisation: Organisation | None = getattr(form.project, name)
        if organisation:
            parties[f"project.{name}"] = organisation.uscc
    return [
        _fault(f"{where}.uscc", f"{code} is not a unified social credit code")
        for where, code in parties.items()
        if check_uscc(code).errors
    ]


def _repeated(where: str, ids: list[str]) -> list[Fault]:
    return _doubled(where, ids) if ids else [_fault(where, "is empty")]


def _doubled(where: str, ids: list[str]) -> list[Fault]:
    return [_fault(where, f"the id {name} occurs {times} times") for name, times in Counter(ids).items() if times > 1]


def _bid_faults(form: TenderForm) -> list[Fault]:
    repeated = Counter(bidder.uscc for bidder in form.bidders)
    return [_fault("bidders", f"{code} bids {times} times") for code, times in repeated.items() if times > 1]


def _check_faults(form: TenderForm, pack: RulePack) -> list[Fault]:
    # Qualification is checked in every tender; where it is not the committee's, the procuring entity decides it.
    stages = list(dict.fromkeys([*pack.value("prelim.stages"), "qualification"]))
    grounds = pack.value("prelim.grounds")
    faults = []
    for check in form.checks:
        if check.stage not in stages:
            faults.append(_fault(f"checks.{check.id}.stage", f"{check.stage} is none of {', '.join(stages)}"))
        if check.ground not in grounds:
            faults.append(_fault(f"checks.{check.id}.ground", f"{check.ground} is none of {', '.join(grounds)}"))
    return faults

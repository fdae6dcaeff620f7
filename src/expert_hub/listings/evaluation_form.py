"""How a tender is evaluated: method, what the document sets for it, the tree of criteria.

The form names one of the methods of `evaluation.methods.registry` that the rule pack allows. What the document leaves
open is the pack's, where the pack knows it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Protocol

import msgspec
from msgspec import Meta

from evaluation.methods.comprehensive_evaluation import TRIM_TABLES
from evaluation.methods.registry import METHODS
from evaluation.setup import BidSetup, CriterionSetup, GroupSetup
from evaluation.setup_checks_method import document_faults, method_number_faults
from evaluation.terms import DeviationTerm, DocumentTerms, TrimRow
from expert_hub.foundation.rule_packs import RulePack
from expert_hub.foundation.texts import Identifier, Line, Name, ShortLine, Title
from expert_hub.listings.committee import Fault

FIRST_METHOD = "comprehensive_scoring"
"""The method of forms that name none: the only one there was when they were written."""
_TABLES = {"none": (), **TRIM_TABLES}
_KINDS = ("objective", "subjective", "formula", "pass_fail", "deduction")
# As the evaluation reads marks: what it could not open a room with is not registered.
_MARK = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
Share = Annotated[str, Meta(max_length=16)]


class CriterionForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One item; `full` marks are decimal texts, all items of a lot that is scored add up to 100.

    Members judge a `blind` one without knowing whose bid it is. Items of the group `deviation` carry no marks: members
    find the quantity that the document prices. `parent` names the group of the tree that the item stands in.
    """

    id: Identifier
    group: Identifier
    title: Title
    kind: Identifier
    full: ShortLine
    step: ShortLine = "0.01"
    low: ShortLine = "0"
    blind: bool = False
    parent: Annotated[str, Meta(max_length=64)] = ""


class GroupForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A group of the tree; the marks below each add up to its own."""

    id: Identifier
    title: Title
    full: ShortLine
    parent: Annotated[str, Meta(max_length=64)] = ""


class TrimRowForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From `least` quotes on, so many of the highest and of the lowest leave the mean."""

    least: Annotated[int, Meta(ge=1, le=1000)]
    high: Annotated[int, Meta(ge=0, le=1000)]
    low: Annotated[int, Meta(ge=0, le=1000)]


class DeviationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The price of a commercial deviation: yuan for one of the quantity found under a criterion; may be negative."""

    criterion: Identifier
    unit_yuan: Line


class EvaluationForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The method and what the document sets for it; amounts in yuan and shares as decimal text, empty if not set.

    Attributes:
        method: a name of `evaluation.methods.registry`.
        reserve_yuan: lowest price at which something is sold.
        band_low: quotes below this share of the ceiling stay out of the benchmark.
        band_high: quotes above this share of the ceiling stay out of the benchmark.
        trim_table: a usual trimming table by name, or empty for that of the pack or the rows of `trim`.
        trim: rows of a trimming table of the document's own.
        k: weight of the mean in the benchmark; the ceiling has the rest.
        f: share by which the benchmark is lowered.
        e_up: points lost per hundredth above the benchmark.
        e_down: points lost per hundredth below the benchmark.
        deviations: prices of commercial deviations.
        groups: the groups of the tree of criteria.

    Source: 财政部令第87号 第53条; 评标委员会和评标方法暂行规定 第29条, 第32条, 第35条
    """

    method: Identifier = FIRST_METHOD
    reserve_yuan: ShortLine = ""
    band_low: Share = ""
    band_high: Share = ""
    trim_table: ShortLine = ""
    trim: Annotated[list[TrimRowForm], Meta(max_length=20)] = []
    k: Share = ""
    f: Share = ""
    e_up: Share = ""
    e_down: Share = ""
    deviations: Annotated[list[DeviationForm], Meta(max_length=100)] = []
    groups: Annotated[list[GroupForm], Meta(max_length=100)] = []


class Priced(Protocol):
    """What a method looks at in a project."""

    @property
    def item_class(self) -> str:
        """Goods, services or another class of the pack."""

    @property
    def ceiling_yuan(self) -> Decimal | None:
        """Highest price of the document."""


class Offer(Protocol):
    """What a method looks at in a bid."""

    @property
    def id(self) -> str:
        """Its id."""

    @property
    def name(self) -> Name:
        """Its bidder."""

    @property
    def uscc(self) -> str:
        """Code of its bidder."""

    @property
    def quote_yuan(self) -> Decimal:
        """Its price."""

    @property
    def offered_at(self) -> datetime | None:
        """When it was offered."""


class Evaluated(Protocol):
    """The parts of a tender form that say how it is evaluated."""

    @property
    def project(self) -> Priced:
        """The project."""

    @property
    def bidders(self) -> Sequence[Offer]:
        """The bids."""

    @property
    def criteria(self) -> Sequence[CriterionForm]:
        """The criteria."""

    @property
    def evaluation(self) -> EvaluationForm:
        """The method and its terms."""


class _Document(msgspec.Struct, frozen=True):
    """What the kernel checks a method by."""

    method: str
    terms: DocumentTerms
    criteria: tuple[CriterionSetup, ...]
    groups: tuple[GroupSetup, ...]
    bids: tuple[BidSetup, ...]


def evaluation_faults(form: Evaluated, pack: RulePack) -> list[Fault]:
    """Everything that is wrong with the method, its terms and the criteria under a pack."""
    entry = METHODS.get(form.evaluation.method)
    allowed = pack.value("method.allowed")
    if entry is None or form.evaluation.method not in allowed:
        citation = pack.rule("method.allowed").citation
        why = f"{form.evaluation.method} is none of {', '.join(allowed)} ({citation})"
        return [_fault("evaluation.method", why)]
    faults = [*_item_faults(form), *_table_faults(form.evaluation)]
    if not faults and entry.is_scored:
        faults = _sum_faults(form) or _price_faults(form, pack)
    return faults or [_fault("evaluation", why) for why in _kernel_faults(form, pack)]


def criteria_of(form: Evaluated) -> tuple[CriterionSetup, ...]:
    """The criteria as a room has them."""
    return tuple(
        CriterionSetup(
            criterion_id=item.id,
            group=item.group,
            title=item.title,
            kind=item.kind,  # type: ignore[arg-type]
            full=item.full,
            low=item.low,
            step=item.step,
            blind=item.blind,
            parent=item.parent,
        )
        for item in form.criteria
    )


def groups_of(form: Evaluated) -> tuple[GroupSetup, ...]:
    """The groups of the tree as a room has them."""
    return tuple(GroupSetup(group.id, group.title, group.full, group.parent) for group in form.evaluation.groups)


def terms_of(form: Evaluated, pack: RulePack) -> DocumentTerms:
    """What the document sets for its method, or else the pack."""
    said, ceiling = form.evaluation, form.project.ceiling_yuan
    has_benchmark = METHODS[said.method].has_benchmark
    unset = DocumentTerms()

    def share(text: str, key: str, otherwise: str) -> str:
        known = pack.value(key) if has_benchmark else None
        return text or (str(known) if known is not None else otherwise)

    return DocumentTerms(
        ceiling=None if ceiling is None else str(ceiling),
        reserve=said.reserve_yuan or None,
        band_low=said.band_low or None,
        band_high=said.band_high or None,
        trim=_trim(said, pack) if has_benchmark else (),
        k=share(said.k, "benchmark.ceiling_mix_k", unset.k),
        f=share(said.f, "benchmark.float_f", unset.f),
        e_up=share(said.e_up, "benchmark.e_up", unset.e_up),
        e_down=share(said.e_down, "benchmark.e_down", unset.e_down),
        deviations=tuple(DeviationTerm(each.criterion, each.unit_yuan) for each in said.deviations),
    )


def price_weight(form: Evaluated) -> str:
    """The share of the price in the total: "0.30"; "0" where nothing is scored by a formula."""
    full = next((item.full for item in form.criteria if item.kind == "formula"), "0")
    return str(Decimal(full).scaleb(-2))


def _fault(where: str, why: str) -> Fault:
    return {"where": where, "why": why}


def _trim(said: EvaluationForm, pack: RulePack) -> tuple[TrimRow, ...]:
    if said.trim:
        return tuple(TrimRow(row.least, row.high, row.low) for row in said.trim)
    return _TABLES[said.trim_table or pack.value("benchmark.trim_table") or "none"]


def _table_faults(said: EvaluationForm) -> list[Fault]:
    if said.trim_table and said.trim:
        return [_fault("evaluation.trim", "a table by name and rows of its own exclude each other")]
    if said.trim_table and said.trim_table not in _TABLES:
        return [_fault("evaluation.trim_table", f"{said.trim_table} is none of {', '.join(_TABLES)}")]
    return []


def _item_faults(form: Evaluated) -> Iterator[Fault]:
    for item in form.criteria:
        if item.kind not in _KINDS:
            yield _fault(f"criteria.{item.id}.kind", f"{item.kind} is none of {', '.join(_KINDS)}")
        yield from _mark_faults(item)


def _sum_faults(form: Evaluated) -> list[Fault]:
    marks = sum(
        (Decimal(item.full) for item in form.criteria if item.kind != "deduction" and item.group != "deviation"),
        Decimal(0),
    )
    return [] if marks == 100 else [_fault("criteria", f"the full marks add up to {marks}, not to 100")]


def _mark_faults(item: CriterionForm) -> Iterator[Fault]:
    full, low, step = _decimal(item.full), _decimal(item.low), _decimal(item.step)
    faults = [
        (not full, "full", "must be a number above 0"),
        (low is None or bool(full and low >= full), "low", "must be a number from 0 to below the full marks"),
        (item.step != "" and not step, "step", "must be a number above 0, or empty"),
    ]
    for is_fault, name, why in faults:
        if is_fault:
            yield _fault(f"criteria.{item.id}.{name}", why)


def _price_faults(form: Evaluated, pack: RulePack) -> list[Fault]:
    priced = [item for item in form.criteria if item.kind == "formula"]
    if len(priced) != 1:
        return [_fault("criteria", f"needs exactly one item of kind formula (the price), has {len(priced)}")]
    keys = {name: f"price.weight_{name}_min" for name in ("goods", "services")}
    weighed = {name: key for name, key in keys.items() if pack.value(key) is not None}
    if not weighed:
        return []
    if form.project.item_class not in weighed:
        return [_fault("project.item_class", f"must be {' or '.join(weighed)}")]
    key = weighed[form.project.item_class]
    least = pack.value(key)
    if Decimal(priced[0].full) < Decimal(least) * 100:
        citation = pack.rule(key).citation
        return [_fault(f"criteria.{priced[0].id}.full", f"the price weighs less than {least} ({citation})")]
    return []


def _kernel_faults(form: Evaluated, pack: RulePack) -> list[str]:
    """What a room would refuse to open with, in the words of the kernel."""
    bids = tuple(
        BidSetup(bid.id, bid.name, bid.uscc, str(bid.quote_yuan), offered_at=bid.offered_at) for bid in form.bidders
    )
    document = _Document(form.evaluation.method, terms_of(form, pack), criteria_of(form), groups_of(form), bids)
    return list(method_number_faults(document)) or list(document_faults(document))


def _decimal(text: str) -> Decimal | None:
    """A number of 0 or more as the room reads it: at most six decimals, ASCII digits, no exponent."""
    return Decimal(text) if _MARK.fullmatch(text) else None

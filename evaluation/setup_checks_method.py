"""Contradictions between a method of evaluation, its criteria and the parameters the document sets for it."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Protocol

from evaluation.decimals import parse_decimal
from evaluation.methods.benchmark_draw import is_honest
from evaluation.methods.registry import METHODS
from evaluation.setup import BidSetup, CriterionSetup, GroupSetup, RoomSetup
from evaluation.terms import DocumentTerms

_SHARES = ("band_low", "band_high", "k", "f")
_POSITIVE = ("ceiling", "reserve")


class Document(Protocol):
    """What a tender document says about its evaluation; a room's description is one. Source: engineering choice."""

    @property
    def method(self) -> str:
        """Name of the method."""

    @property
    def terms(self) -> DocumentTerms:
        """Parameters of the method."""

    @property
    def criteria(self) -> tuple[CriterionSetup, ...]:
        """Leaves of the tree."""

    @property
    def groups(self) -> tuple[GroupSetup, ...]:
        """Groups of the tree."""

    @property
    def bids(self) -> tuple[BidSetup, ...]:
        """The bids as opened."""


def method_number_faults(setup: Document) -> Iterator[str]:
    """Find amounts and shares of the document that are none.

    Args:
        setup: the description.

    Returns:
        Sentences in English.

    Source: 评标委员会和评标方法暂行规定 第32条, 第35条
    """
    terms = setup.terms
    for name in (*_SHARES, *_POSITIVE, "e_up", "e_down"):
        text = getattr(terms, name)
        value = None if text is None else parse_decimal(text)
        if text is not None and (value is None or value < 0):
            yield f"terms: {name} is not a decimal of 0 or more"
        elif value is not None and name in _POSITIVE and not value:
            yield f"terms: {name} is 0"
    for term in terms.deviations:
        if parse_decimal(term.unit_amount) is None:
            yield f"terms: the unit amount of {term.criterion_id} is not a decimal"
    for group in setup.groups:
        value = parse_decimal(group.full)
        if value is None or value <= 0:
            yield f"group {group.group_id}: the marks are not above 0"


def method_faults(setup: RoomSetup) -> Iterator[str]:
    """Find what contradicts the method; every number can be read already.

    Args:
        setup: the description.

    Returns:
        Sentences in English.

    Source: 财政部令第87号 第55条; 评标委员会和评标方法暂行规定 第29条
    """
    entry = METHODS.get(setup.method)
    if entry is None:
        yield f"there is no method {setup.method}"
        return
    if entry.is_scored:
        yield from _mark_faults(setup)
    yield from document_faults(setup)


def document_faults(setup: Document) -> Iterator[str]:
    """Find what contradicts a method that exists, the sum of the marks apart; every number can be read already.

    Args:
        setup: the description.

    Returns:
        Sentences in English.

    Source: 评标委员会和评标方法暂行规定 第29条, 第32条, 第35条
    """
    if not METHODS[setup.method].is_scored:
        yield from _unscored_faults(setup)
    yield from _deviation_faults(setup)
    if setup.method == "price_competition":
        for bid in setup.bids:
            if bid.offered_at is None or bid.offered_at.tzinfo is None:
                yield f"bid {bid.bid_id}: the instant of the offer is missing or has no zone"
    yield from _benchmark_faults(setup.terms)
    yield from _tree_faults(setup)


def _mark_faults(setup: RoomSetup) -> Iterator[str]:
    scored = [item for item in setup.criteria if item.group != "deviation"]
    marks = sum((Decimal(item.full) for item in scored if item.kind != "deduction"), Decimal(0))
    if marks != 100:
        yield f"the marks sum to {marks}, not to 100"
    formula = [Decimal(item.full) for item in scored if item.kind == "formula"]
    weight = Decimal(setup.rules.price_weight) * 100
    if len(formula) > 1 or sum(formula, Decimal(0)) != weight:
        yield f"the price weight of {weight} marks is not the one formula criterion"


def _unscored_faults(setup: Document) -> Iterator[str]:
    for item in setup.criteria:
        if item.group != "deviation":
            yield f"criterion {item.criterion_id}: the method {setup.method} gives no marks"


def _deviation_faults(setup: Document) -> Iterator[str]:
    kinds = {item.criterion_id: item.kind for item in setup.criteria if item.group == "deviation"}
    priced = [term.criterion_id for term in setup.terms.deviations]
    if sorted(kinds) != sorted(priced):
        yield "the priced deviations are not the criteria of the group deviation, each once"
    if kinds and not METHODS[setup.method].has_deviations:
        yield f"the method {setup.method} prices no deviations"
    for criterion_id, kind in kinds.items():
        if kind != "objective":
            yield f"criterion {criterion_id}: the quantity of a deviation is objective"


def _benchmark_faults(terms: DocumentTerms) -> Iterator[str]:
    for name in _SHARES:
        text = getattr(terms, name)
        if text is not None and name != "band_high" and Decimal(text) > 1:
            yield f"terms: {name} is above 1"
    if Decimal(terms.f) == 1:
        yield "terms: f leaves nothing of the benchmark"
    needs_ceiling = terms.band_low is not None or terms.band_high is not None or Decimal(terms.k) != 1
    if needs_ceiling and terms.ceiling is None:
        yield "terms: k and band need a ceiling"
    if terms.band_low and terms.band_high and Decimal(terms.band_low) > Decimal(terms.band_high):
        yield "terms: the band ends below its beginning"
    yield from _trim_faults(terms)
    for draw in terms.draws:
        if draw.name not in ("k", "f") or getattr(terms, draw.name) != draw.value or not is_honest(draw):
            yield f"terms: the draw of {draw.name} does not give {draw.value}"


def _trim_faults(terms: DocumentTerms) -> Iterator[str]:
    for row in terms.trim:
        if min(row.high, row.low) < 0 or row.high + row.low >= row.least:
            yield f"terms: the trimming row from {row.least} quotes on leaves no quote"
    if len({row.least for row in terms.trim}) != len(terms.trim):
        yield "terms: two trimming rows begin at the same number of quotes"


def _tree_faults(setup: Document) -> Iterator[str]:
    groups = {group.group_id: group for group in setup.groups}
    for name, times in Counter(group.group_id for group in setup.groups).items():
        if times > 1:
            yield f"group named twice: {name}"
    parents = {group.parent for group in setup.groups} | {item.parent for item in setup.criteria}
    lost = parents - {""} - groups.keys()
    if lost:
        yield f"unknown groups above criteria: {', '.join(sorted(lost))}"
        return
    for group in setup.groups:
        if _is_circular(group, groups):
            yield f"group {group.group_id} stands in itself"
            return
    for group in setup.groups:
        below = _marks_below(setup, group.group_id)
        if below != Decimal(group.full):
            yield f"group {group.group_id}: the marks below sum to {below}, not to {group.full}"


def _is_circular(group: GroupSetup, groups: dict[str, GroupSetup]) -> bool:
    seen: set[str] = set()
    at: str = group.group_id
    while at and at not in seen:
        seen.add(at)
        at = groups[at].parent
    return bool(at)


def _marks_below(setup: Document, group_id: str) -> Decimal:
    parts = [group.full for group in setup.groups if group.parent == group_id]
    parts += [
        item.full
        for item in setup.criteria
        if item.parent == group_id and item.kind != "deduction" and item.group != "deviation"
    ]
    return sum(map(Decimal, parts), Decimal(0))

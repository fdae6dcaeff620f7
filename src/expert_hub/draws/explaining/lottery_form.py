"""The document of `expert-hub draw lottery`, read with bounds.

Source: docs/protocol/draw.md, section 12.
"""

from collections import Counter
from itertools import chain, pairwise
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from expert_hub.draws.errors import DrawFileUnreadable
from expert_hub.draws.explaining.explanation import figures_from
from expert_hub.draws.explaining.transcript_form import Count, FiguresForm, Some, read_form
from scheduling.fair import FairLottery, fair_from_document
from scheduling.fair_lottery import ACCEPT_SCALE

Weight = Annotated[int, Meta(ge=1, le=2**53)]


class FairClassForm(msgspec.Struct, frozen=True):
    """People who may take the same seats."""

    members: Annotated[list[Count], Meta(min_length=1)]
    weights: list[Weight] | None


class FairLotteryForm(msgspec.Struct, frozen=True):
    """A lottery of two tables."""

    kind: Literal["leximin"]
    people: Annotated[int, Meta(ge=1, le=10_000_000)]
    seats: Annotated[int, Meta(ge=1, le=1000)]
    method: Literal["plain", "rejection"]
    classes: Annotated[list[FairClassForm], Meta(min_length=1)]
    templates: Annotated[
        list[tuple[Weight, Annotated[int, Meta(ge=1, le=ACCEPT_SCALE)], list[tuple[Count, Some]]]], Meta(min_length=1)
    ]
    unit_max: Count
    units: list[Annotated[int, Meta(ge=-1, le=10**9)]] | None
    never: list[Count]
    figures: FiguresForm


def read_fair(content: bytes, file: str) -> FairLottery:
    """Read a lottery of two tables.

    Raises:
        DrawFileUnreadable: it is none, or its parts do not fit together.
    """
    form = read_form(content, FairLotteryForm, file)
    fault = _fault(form)
    if fault:
        raise DrawFileUnreadable(file=file, why=fault)
    figures_from(form.figures, file)
    return fair_from_document(msgspec.to_builtins(form))


def _fault(form: FairLotteryForm) -> str | None:
    sizes = [len(group.members) for group in form.classes]
    persons = Counter(chain.from_iterable(group.members for group in form.classes))
    if max(*persons, *form.never, 0) >= form.people or persons.total() != len(persons):
        return "a class or `never` names somebody who does not exist, or twice"
    if any(group.weights is not None and len(group.weights) != len(group.members) for group in form.classes):
        return "a class does not have one weight per member"
    if form.units is not None and len(form.units) != form.people:
        return "there is not one unit per person"
    if any(one >= other for one, other in pairwise(form.never)) or persons.keys() & set(form.never):
        return "`never` does not ascend, or names members of classes"
    if any(_template_fault(seats, sizes, form.seats) for _, _, seats in form.templates):
        return "a template does not fit the classes or the seats"
    return None


def _template_fault(seats: list[tuple[int, int]], sizes: list[int], total: int) -> bool:
    ascends = all(one[0] < other[0] for one, other in pairwise(seats))
    fits = all(number < len(sizes) and count <= sizes[number] for number, count in seats)
    return not (ascends and fits and sum(count for _, count in seats) == total)

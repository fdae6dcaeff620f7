"""The fair lottery as plain integers, and its canonical document. Standard library only."""

from dataclasses import dataclass
from typing import Any, Literal

Method = Literal["plain", "rejection"]
ACCEPT_SCALE = 1 << 40


@dataclass(frozen=True, slots=True)
class FairClass:
    """People who may take the same seats.

    Args:
        members: numbers of persons, ascending.
        weights: positive integers per member; None when all are alike.

    Source: design of the draw, section 2, step 8
    """

    members: tuple[int, ...]
    weights: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class FairTemplate:
    """Seats per class, with an integer weight.

    Args:
        weight: at least 1.
        seats: (class, seats) ascending by class, seats at least 1.
        accept: chance that members drawn independently by weight are all different and keep the unit rule, in parts of
            ``ACCEPT_SCALE``, 1 to ``ACCEPT_SCALE``; always ``ACCEPT_SCALE`` for ``plain``.

    Source: design of the draw, section 2, step 8
    """

    weight: int
    seats: tuple[tuple[int, int], ...]
    accept: int = ACCEPT_SCALE


@dataclass(frozen=True, slots=True)
class Figures:
    """What the lottery does to people, computed exactly from its integers.

    Args:
        min_probability: of those who are in some feasible panel.
        max_probability: of all.
        upper_bound: no lottery gives everybody who can be drawn more than this (linear programme).
        gini: of the probabilities of all people, 0 when all are equal.
        entropy_bits: Shannon entropy of the panel as a set of persons.
        max_pair_probability: greatest chance of two persons to sit together.
        pair_is_exact: whether that is the chance itself or an upper bound of it.

    Source: design of the draw, section 1
    """

    min_probability: float
    max_probability: float
    upper_bound: float
    gini: float
    entropy_bits: float
    max_pair_probability: float
    pair_is_exact: bool


@dataclass(frozen=True, slots=True)
class FairLottery:
    """A lottery over panels.

    Args:
        people: number of persons of the problem.
        seats: size of a panel.
        method: ``plain``: a template by weight, then per class as many members as it has seats, all choices alike.
            ``rejection``: a template by weight, then per seat a member of its class by weight; where a person or a unit
            comes too often all members are drawn again.
        classes, templates: see their classes; templates ascending by seats.
        units: number of the unit per person, -1 without one; None when units do not matter to the drawing.
        unit_max: most members from one unit.
        never: persons who are in no feasible panel, ascending.
        figures: what is published about it.

    Source: design of the draw, section 2, step 8
    """

    people: int
    seats: int
    method: Method
    classes: tuple[FairClass, ...]
    templates: tuple[FairTemplate, ...]
    units: tuple[int, ...] | None
    unit_max: int
    never: tuple[int, ...]
    figures: Figures


def fair_document(lottery: FairLottery) -> dict[str, Any]:
    """Return the lottery as canonical-ready builtins; figures are text, because no float decides anything.

    Source: RFC 8785; design of the draw, section 2, step 8
    """
    figures = lottery.figures
    return {
        "kind": "leximin",
        "people": lottery.people,
        "seats": lottery.seats,
        "method": lottery.method,
        "classes": [
            {"members": list(group.members), "weights": None if group.weights is None else list(group.weights)}
            for group in lottery.classes
        ],
        "templates": [[item.weight, item.accept, [list(pair) for pair in item.seats]] for item in lottery.templates],
        "unit_max": lottery.unit_max,
        "units": None if lottery.units is None else list(lottery.units),
        "never": list(lottery.never),
        "figures": {
            "min_probability": _text(figures.min_probability),
            "max_probability": _text(figures.max_probability),
            "upper_bound": _text(figures.upper_bound),
            "gini": _text(figures.gini),
            "entropy_bits": _text(figures.entropy_bits),
            "max_pair_probability": _text(figures.max_pair_probability),
            "pair_is_exact": figures.pair_is_exact,
        },
    }


def fair_from_document(document: dict[str, Any]) -> FairLottery:
    """Return the lottery written in ``document``, which ``fair_document`` made.

    Source: engineering choice
    """
    figures = document["figures"]
    numbers = {name: float(value) for name, value in figures.items() if name != "pair_is_exact"}
    return FairLottery(
        people=document["people"],
        seats=document["seats"],
        method=document["method"],
        classes=tuple(
            FairClass(tuple(item["members"]), None if item["weights"] is None else tuple(item["weights"]))
            for item in document["classes"]
        ),
        templates=tuple(
            FairTemplate(weight, tuple((c, x) for c, x in seats), accept)
            for weight, accept, seats in document["templates"]
        ),
        units=None if document["units"] is None else tuple(document["units"]),
        unit_max=document["unit_max"],
        never=tuple(document["never"]),
        figures=Figures(**numbers, pair_is_exact=figures["pair_is_exact"]),
    )


def _text(value: float) -> str:
    return f"{value:.10g}"

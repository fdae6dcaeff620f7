"""The lottery as plain integers: classes, templates, member weights, conflict policy. Standard library only.

A lottery is drawn by taking a template by weight, then for every seat a member of the seat's class by weight, and
rejecting the assignment when it breaks the policy. The uniform draw, an explicit portfolio and a leximin-fair lottery
are all written in this form.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import lcm
from typing import Any, Literal

from scheduling.seats import Seat, places_by_quota

Kind = Literal["uniform", "portfolio"]
Redraw = Literal["all", "members"]
MAX_TRIES = 1_000_000


@dataclass(frozen=True, slots=True)
class LotteryClass:
    """Candidates that may fill the same seats.

    Args:
        members: candidate indices, ascending.
        weights: positive integers per member; None when all are alike.

    Source: design of the draw, section 2
    """

    members: tuple[int, ...]
    weights: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """A class for every seat, with an integer weight.

    Source: design of the draw, section 2
    """

    weight: int
    classes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What an assignment may not contain, and what happens when it does.

    Args:
        employer_max: most persons of one employer over all seats; 0 for no limit.
        edges: pairs of indices that may not sit together, smaller first, sorted.
        redraw: after a rejection draw the template again (``all``) or keep it (``members``).
        permute: at the end shuffle the persons over the seats of each quota.
        max_tries: give up after so many rejections.

    Source: domain C13, C14
    """

    employer_max: int
    edges: tuple[tuple[int, int], ...]
    redraw: Redraw
    permute: bool
    max_tries: int = MAX_TRIES


@dataclass(frozen=True, slots=True)
class Lottery:
    """A complete lottery over assignments.

    Args:
        kind: how it was made; the verifier knows the exact rule of each kind.
        seats: in the order in which they are filled, the scarcest quota first, all panel seats before alternates.
        classes, templates, policy: see their classes.
        units: employer key per candidate index, empty where there is none.

    Source: domain DR-11, design of the draw, section 2
    """

    kind: Kind
    seats: tuple[Seat, ...]
    classes: tuple[LotteryClass, ...]
    templates: tuple[Template, ...]
    policy: Policy
    units: tuple[str, ...]

    @property
    def candidates(self) -> int:
        """Number of persons with a place in at least one class."""
        return len({member for group in self.classes for member in group.members})


def uniform_lottery(
    members: Sequence[Sequence[int]], seats: tuple[Seat, ...], policy: Policy, units: tuple[str, ...]
) -> Lottery:
    """Return the lottery in which every feasible ordered assignment is equally likely.

    Classes are the eligible sets of the quotas and may overlap; one template; no weights. Redrawing everything after a
    rejection leaves all accepted assignments equally likely.

    Args:
        members: per quota position the eligible indices, ascending.
        seats, policy, units: as in ``Lottery``.

    Source: domain DR-08
    """
    return Lottery(
        kind="uniform",
        seats=seats,
        classes=tuple(LotteryClass(tuple(group)) for group in members),
        templates=(Template(1, tuple(seat.quota for seat in seats)),),
        policy=policy,
        units=units,
    )


def lottery_document(lottery: Lottery) -> dict[str, Any]:
    """Return the lottery as canonical-ready builtins; employers are left to the leaves of the pool.

    Source: design of the draw, section 2, step 8
    """
    return {
        "kind": lottery.kind,
        "candidates": lottery.candidates,
        "seats": [[seat.quota, seat.rank, int(seat.is_alternate)] for seat in lottery.seats],
        "classes": [
            {"members": list(group.members), "weights": None if group.weights is None else list(group.weights)}
            for group in lottery.classes
        ],
        "templates": [[template.weight, list(template.classes)] for template in lottery.templates],
        "policy": {
            "employer_max": lottery.policy.employer_max,
            "edges": [list(edge) for edge in lottery.policy.edges],
            "redraw": lottery.policy.redraw,
            "permute": lottery.policy.permute,
            "max_tries": lottery.policy.max_tries,
        },
        "inclusion": inclusion_document(lottery),
    }


def lottery_from_document(document: dict[str, Any], units: tuple[str, ...]) -> Lottery:
    """Return the lottery written in ``document``; its structure has been checked before.

    Source: engineering choice
    """
    policy = document["policy"]
    return Lottery(
        kind=document["kind"],
        seats=tuple(Seat(quota, rank, bool(alternate)) for quota, rank, alternate in document["seats"]),
        classes=tuple(
            LotteryClass(tuple(item["members"]), None if item["weights"] is None else tuple(item["weights"]))
            for item in document["classes"]
        ),
        templates=tuple(Template(weight, tuple(classes)) for weight, classes in document["templates"]),
        policy=Policy(
            policy["employer_max"],
            tuple((a, b) for a, b in policy["edges"]),
            policy["redraw"],
            policy["permute"],
            policy["max_tries"],
        ),
        units=units,
    )


def inclusion_document(lottery: Lottery) -> dict[str, Any] | None:
    """Return the exact probability of a panel seat per class, or None where it is not known exactly.

    Known for a portfolio: template t has probability w_t / W, and a shuffled person of quota q sits on the panel with
    probability panel seats of q / seats of q. Numerators share one denominator; alternates do not count.

    Source: domain DR-21
    """
    if lottery.kind != "portfolio":
        return None
    total: dict[int, int] = {}
    panel: dict[int, int] = {}
    for seat in lottery.seats:
        total[seat.quota] = total.get(seat.quota, 0) + 1
        panel[seat.quota] = panel.get(seat.quota, 0) + (not seat.is_alternate)
    scale = lcm(*total.values())
    numerators = [0] * len(lottery.classes)
    for template in lottery.templates:
        for seat, group in zip(lottery.seats, template.classes, strict=True):
            numerators[group] += template.weight * panel[seat.quota] * (scale // total[seat.quota])
    weight = sum(template.weight for template in lottery.templates)
    return {"denominator": weight * scale, "numerators": numerators}


def relabel(lottery: Lottery, positions: list[int], units: tuple[str, ...]) -> Lottery:
    """Return the same lottery over other candidate numbers, everything sorted anew.

    Classes and templates are sorted by the new numbers, because their old order would tell outsiders something about
    the order of the library.

    Args:
        lottery: numbered by pool index.
        positions: new number per pool index, a permutation.
        units: employer tag per new number.

    Source: engineering choice
    """
    moved = [_relabel_class(group, positions) for group in lottery.classes]
    order = sorted(range(len(moved)), key=lambda number: moved[number].members)
    rank = {old: new for new, old in enumerate(order)}
    templates = [_relabel_template(lottery, item, rank) for item in lottery.templates]
    edges = sorted((min(pair), max(pair)) for pair in ((positions[a], positions[b]) for a, b in lottery.policy.edges))
    return replace(
        lottery,
        classes=tuple(moved[old] for old in order),
        templates=tuple(sorted(templates, key=lambda item: item.classes)),
        policy=replace(lottery.policy, edges=tuple(edges)),
        units=units,
    )


def _relabel_template(lottery: Lottery, template: Template, rank: dict[int, int]) -> Template:
    classes = [rank[old] for old in template.classes]
    if lottery.policy.permute:
        # Seats of one quota are shuffled anyway: one written form for one panel, so that lists can be compared.
        for places in places_by_quota(lottery.seats):
            for place, group in zip(places, sorted(classes[place] for place in places), strict=True):
                classes[place] = group
    return Template(template.weight, tuple(classes))


def _relabel_class(group: LotteryClass, positions: list[int]) -> LotteryClass:
    weights = group.weights or (1,) * len(group.members)
    pairs = sorted((positions[member], weight) for member, weight in zip(group.members, weights, strict=True))
    members = tuple(position for position, _ in pairs)
    return LotteryClass(members, None if group.weights is None else tuple(weight for _, weight in pairs))

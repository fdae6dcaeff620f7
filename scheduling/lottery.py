"""From the eligible pool to the leximin-fair lottery over panels that is committed before the randomness exists.

Eligible candidates alike in everything the request asks are one kind (``panel_problem``); the fair lottery
(``fair``) is built over kinds, units and edges; each template then says which kind takes seats of which quota.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduling.artefact import INCLUSION_SCALE, Figures, Method, Template
from scheduling.eligibility import Eligibility
from scheduling.fair import FairClass, FairLottery, FairTemplate, build_fair_lottery, probabilities
from scheduling.panel_problem import PanelProblem, missing_rows, panel_problem, seats_of, with_rows
from scheduling.pool import Integers
from scheduling.problem import Progress

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class MemberBlock:
    """Members of equal weight and equal chance: their pool indices.

    Source: XD-1 section 5
    """

    weight: int
    inclusion: int
    members: Integers


@dataclass(frozen=True, slots=True, eq=False)
class MemberClass:
    """Candidates who may take the same seats.

    Args:
        quotas: positions of the quotas they may fill, ascending.
        blocks: ascending by weight and inclusion.

    Source: XD-1 section 5
    """

    quotas: tuple[int, ...]
    blocks: tuple[MemberBlock, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PanelLottery:
    """The fair lottery of a request, numbered by pool index.

    Args:
        method, seats, unit_max, figures: as in ``artefact.Lottery``.
        classes: disjoint; together the eligible candidates.
        templates: their cells name classes by number.
        edges: pairs of pool indices that may not sit together.
        never: eligible candidates in no feasible panel; they form the classes that no template uses.
        units: key per pool index of those of whom at most ``unit_max`` sit, empty for one alone.
        inclusion: achieved probability of a seat per pool index, 0 for the excluded.

    Source: design of the draw, section 2
    """

    method: Method
    seats: int
    unit_max: int
    classes: tuple[MemberClass, ...]
    templates: tuple[Template, ...]
    edges: tuple[tuple[int, int], ...]
    never: int
    figures: Figures
    units: tuple[str, ...]
    inclusion: Floats


def build_lottery(eligibility: Eligibility, progress: Progress | None = None) -> PanelLottery:
    """Build the lottery of a request.

    Args:
        eligibility: the assessed pool.
        progress: told the stage and its share done.

    Returns:
        equal inputs give an equal lottery on every machine.

    Raises:
        PoolTooSmallError: fewer eligible persons than seats.
        InfeasibleQuotasError: no panel meets quotas, limits and pairwise grounds together.

    Source: domain DR-07, DR-08, DR-11
    """
    panel, fair = _solved(panel_problem(eligibility), progress)
    chances = probabilities(fair)
    classes = [_class(panel, group, chances) for group in fair.classes]
    inclusion = np.zeros(len(eligibility.pool))
    inclusion[panel.people] = chances
    return PanelLottery(
        method=fair.method,
        seats=panel.problem.seats,
        unit_max=panel.problem.unit_max if panel.problem.units is not None else 0,
        classes=(*classes, *_never_classes(panel, fair)),
        templates=tuple(_template(panel, fair, number) for number in range(len(fair.templates))),
        edges=tuple((int(panel.people[a]), int(panel.people[b])) for a, b in panel.problem.edges),
        never=len(fair.never),
        figures=_figures(fair),
        units=_units(eligibility, panel, fair),
        inclusion=inclusion,
    )


def _solved(panel: PanelProblem, progress: Progress | None) -> tuple[PanelProblem, FairLottery]:
    while True:
        # Which quota a member fills depends on the kind, so no two kinds may share a class.
        fair = build_fair_lottery(panel.problem, progress, keeps_kinds=True)
        if panel.is_complete:
            return panel, fair
        counts = [_kind_counts(panel, fair, template)[1] for template in fair.templates]
        rows = sorted({row for seats in counts for row in missing_rows(panel, seats)}, key=lambda row: row.places)
        if not rows:
            return panel, fair
        panel = with_rows(panel, rows)


def _class(panel: PanelProblem, group: FairClass, chances: Floats) -> MemberClass:
    members = np.array(group.members, dtype=np.int64)
    weights = np.ones(len(members), dtype=np.int64) if group.weights is None else np.array(group.weights)
    inclusion = np.rint(chances[members] * INCLUSION_SCALE).astype(np.int64)
    keys, inverse = np.unique(np.stack([weights, inclusion], axis=1), axis=0, return_inverse=True)
    people, inverse = panel.people[members], inverse.reshape(-1)
    blocks = tuple(
        MemberBlock(int(weight), int(chance), people[inverse == number])
        for number, (weight, chance) in enumerate(keys.tolist())
    )
    return MemberClass(_quotas(panel, int(panel.problem.kinds[members[0]])), blocks)


def _never_classes(panel: PanelProblem, fair: FairLottery) -> list[MemberClass]:
    people = np.array(fair.never, dtype=np.int64)
    kinds = panel.problem.kinds[people]
    return [
        MemberClass(_quotas(panel, kind), (MemberBlock(1, 0, panel.people[people[kinds == kind]]),))
        for kind in sorted(set(kinds.tolist()))
    ]


def _quotas(panel: PanelProblem, kind: int) -> tuple[int, ...]:
    return tuple(number for number in range(len(panel.counts)) if panel.masks[kind] >> number & 1)


def _template(panel: PanelProblem, fair: FairLottery, number: int) -> Template:
    template = fair.templates[number]
    kinds, counts = _kind_counts(panel, fair, template)
    left = seats_of(panel, counts)
    cells = []
    for kind, (group, seats) in zip(kinds, template.seats, strict=True):
        cells += [(group, quota, taken) for quota, taken in _taken(left, kind, seats)]
    return Template(template.weight, template.accept, tuple(sorted(cells)))


def _kind_counts(panel: PanelProblem, fair: FairLottery, template: FairTemplate) -> tuple[list[int], list[int]]:
    kinds = [int(panel.problem.kinds[fair.classes[group].members[0]]) for group, _ in template.seats]
    counts = [0] * len(panel.masks)
    for kind, (_, seats) in zip(kinds, template.seats, strict=True):
        counts[kind] += seats
    return kinds, counts


def _taken(left: dict[tuple[int, int], int], kind: int, seats: int) -> Sequence[tuple[int, int]]:
    # Classes of one kind take its seats quota by quota, in the order of their numbers.
    found = []
    for (of, quota), free in list(left.items()):
        taken = min(seats, free) if of == kind else 0
        if taken:
            left[of, quota] -= taken
            seats -= taken
            found.append((quota, taken))
    return found


def _units(eligibility: Eligibility, panel: PanelProblem, fair: FairLottery) -> tuple[str, ...]:
    if fair.units is None:
        return eligibility.pool.units
    # The lottery may have counted tied employers as one: its units are what drawing keeps.
    names = ["", *(f"unit {number}" for number in range(max(fair.units) + 1))]
    units = [""] * len(eligibility.pool)
    for index, unit in zip(panel.people.tolist(), fair.units, strict=True):
        units[index] = names[unit + 1]
    return tuple(units)


def _figures(fair: FairLottery) -> Figures:
    figures = fair.figures
    return Figures(
        min_probability=_text(figures.min_probability),
        max_probability=_text(figures.max_probability),
        upper_bound=_text(figures.upper_bound),
        gini=_text(figures.gini),
        entropy_bits=_text(figures.entropy_bits),
        max_pair_probability=_text(figures.max_pair_probability),
        pair_is_exact=figures.pair_is_exact,
    )


def _text(value: float) -> str:
    return f"{value:.10g}"

"""Whether a panel with its alternates exists at all: quotas, limits, employers and pairs together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scheduling import cp_sat
from scheduling.columns import Integers
from scheduling.eligibility import Eligibility
from scheduling.feasibility import can_fill, demands, employer_max
from scheduling.hall import quotas_in
from scheduling.panel_problem import alike, bits, limit_members
from scheduling.request import DrawRequest

MOST_WORK = 20.0
# The solver's own types do not admit the sum of an empty list.
Seats = Any


@dataclass(frozen=True, slots=True)
class Group:
    """People who are alike in quotas, limits and employer.

    Args:
        mask: quotas they may fill, one bit each.
        under: limits they fall under, one bit each.
        unit: employer, -1 for none.
        size: persons.
        person: pool index of the one person with a pair, -1 for a group.

    Source: engineering choice
    """

    mask: int
    under: int
    unit: int
    size: int
    person: int = -1


def is_drawable(eligibility: Eligibility) -> bool:
    """Tell whether all panel seats and alternates can be filled together.

    Without limits and pairs a maximum flow answers. Otherwise CP-SAT with one worker and a fixed seed: variables x_gq,
    persons of group g on quota q, and p_gq <= x_gq, those on panel seats; sum_q x_gq <= size of g; sum_g x_gq = seats
    and alternates of q; sum_g p_gq = seats of q; per limit low <= sum of p over its groups <= high; per employer
    sum x <= employer_max; per pair sum x <= 1. A search that reaches its bound of work answers no.

    Source: domain chapter 3, hard errors; C13, C14
    """
    if not can_fill(eligibility):
        return False
    if not eligibility.request.limits and not eligibility.links:
        return True
    groups = reduced_groups(eligibility)
    solver = new_solver(MOST_WORK)
    return solver.solve(_model(eligibility, groups)) in (cp_sat.OPTIMAL, cp_sat.FEASIBLE)


def new_solver(most_work: float) -> Any:
    """Return a solver with one worker, a fixed seed, and a bound of work that is no clock.

    Source: engineering choice
    """
    solver = cp_sat.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = most_work
    return solver


def reduced_groups(eligibility: Eligibility) -> list[Group]:
    """Return groups that are enough to decide whether a panel exists.

    With D seats in all, D persons of different employers and without pairs are enough of each kind: any other person of
    the kind can be exchanged for one of them whose employer is not used by the at most D - 1 others. So the model does
    not grow with the library.

    Source: engineering choice
    """
    request, pool = eligibility.request, eligibility.pool
    people = np.flatnonzero(eligibility.eligible())
    marks = bits(eligibility.mask, people)
    under = bits(np.array([limit_members(pool, request, limit) for limit in request.limits]), people)
    units = pool.unit[people] if employer_max(eligibility) else np.full(len(people), -1)
    tied = np.isin(people, np.array(eligibility.edges, dtype=np.int64))
    single = [
        Group(int(mark), int(bit), int(unit), 1, int(person))
        for mark, bit, unit, person in zip(marks[tied], under[tied], units[tied], people[tied], strict=True)
    ]
    free = _enough(marks[~tied], under[~tied], units[~tied], sum(demands(eligibility)))
    return [*free, *single]


def _enough(marks: Integers, under: Integers, units: Integers, most: int) -> list[Group]:
    keys, kinds, _ = alike(marks, under)
    width = 2 + int(units.max(initial=-1))
    found, sizes = np.unique(kinds * width + units + 1, return_counts=True)
    groups: list[Group] = []
    used = [0] * len(keys)
    for code, size in zip(found.tolist(), sizes.tolist(), strict=True):
        kind, unit = code // width, code % width - 1
        if used[kind] < most:
            mask, limits = keys[kind]
            groups.append(Group(mask, limits, unit, min(size, most)))
            used[kind] += size if unit < 0 else 1
    return groups


def _model(eligibility: Eligibility, groups: Sequence[Group]) -> Any:
    request, demand = eligibility.request, demands(eligibility)
    model = cp_sat.CpModel()
    taken: list[dict[int, Seats]]
    panel: list[dict[int, Seats]]
    taken = [{q: model.new_int_var(0, group.size, "") for q in quotas_in(group.mask)} for group in groups]
    panel = [{q: model.new_int_var(0, group.size, "") for q in quotas_in(group.mask)} for group in groups]
    for group, seats, on_panel in zip(groups, taken, panel, strict=True):
        model.add(sum(seats.values()) <= group.size)
        for quota, variable in on_panel.items():
            model.add(variable <= seats[quota])
    for number, wanted in enumerate(request.quotas):
        model.add(sum(seats[number] for seats in taken if number in seats) == demand[number])
        model.add(sum(seats[number] for seats in panel if number in seats) == wanted.count)
    _add_limits(model, request, groups, [sum(seats.values()) for seats in panel])
    _add_conflicts(model, eligibility, groups, [sum(seats.values()) for seats in taken])
    return model


def _add_limits(model: Any, request: DrawRequest, groups: Sequence[Group], seats: Sequence[Seats]) -> None:
    for number, limit in enumerate(request.limits):
        inside = [many for group, many in zip(groups, seats, strict=True) if group.under >> number & 1]
        model.add_linear_constraint(sum(inside), limit.low, limit.high)


def _add_conflicts(model: Any, eligibility: Eligibility, groups: Sequence[Group], seats: Sequence[Seats]) -> None:
    units: dict[int, list[Seats]] = {}
    for group, many in zip(groups, seats, strict=True):
        if group.unit >= 0:
            units.setdefault(group.unit, []).append(many)
    for own in units.values():
        model.add(sum(own) <= employer_max(eligibility))
    place = {group.person: number for number, group in enumerate(groups)}
    for low, high in eligibility.edges:
        model.add(seats[place[low]] + seats[place[high]] <= 1)

"""Whether the seats can be filled at all, and which quotas are short by how many."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import max_flow

from scheduling.eligibility import Eligibility
from scheduling.errors import PoolTooSmallError
from scheduling.pool import Integers
from scheduling.seats import scarcity_order


@dataclass(frozen=True, slots=True)
class Shortage:
    """A quota that cannot be filled.

    Args:
        quota_id: the quota.
        required: panel seats and alternates.
        eligible: persons who pass every ground.
        short: how many seats stay empty when the quotas are filled from the scarcest on.

    Source: domain chapter 3, hard errors
    """

    quota_id: str
    required: int
    eligible: int
    short: int


def demands(eligibility: Eligibility) -> list[int]:
    """Return seats and alternates per quota position.

    Source: domain DR-11
    """
    request = eligibility.request
    return [quota.count + request.alternates_of(quota) for quota in request.quotas]


def employer_max(eligibility: Eligibility) -> int:
    """Return the most persons of one employer, 0 when C14 is not in force.

    Source: domain C14
    """
    request = eligibility.request
    return request.same_employer_max if "C14" in request.grounds else 0


def shortages(eligibility: Eligibility) -> tuple[Shortage, ...]:
    """Find the quotas that cannot be filled, by maximum flow.

    Variables: integer flow f along source -> quota q -> group g -> employer e -> sink. A group is the set of persons of
    one employer eligible for the same quotas. Objective: maximise the flow from the source. Constraints: f(source, q)
    <= demand of q; f(g, e) <= size of g, so nobody sits twice; f(e, sink) <= employer_max. All seats can be filled
    (kin aside) exactly when the flow equals the demand. Complexity O(V^2 sqrt(E)), in practice linear.

    Returns:
        one entry per short quota, in the order of the request; empty when all can be filled.

    Source: domain DR-07, chapter 3 hard errors; C14
    """
    network = _Network(eligibility)
    demand = demands(eligibility)
    if network.flow(demand) == sum(demand):
        return ()
    supply = eligibility.mask.sum(axis=1).tolist()
    given, before, short = [0] * len(demand), 0, [0] * len(demand)
    for number in scarcity_order(demand, supply):
        given[number] = demand[number]
        reached = network.flow(given)
        short[number] = demand[number] - (reached - before)
        before = reached
    return tuple(
        Shortage(quota.quota_id, demand[number], int(supply[number]), short[number])
        for number, quota in enumerate(eligibility.request.quotas)
        if short[number]
    )


def can_fill(eligibility: Eligibility) -> bool:
    """Tell whether quotas and alternates can be filled when limits and pairs are left aside, by one maximum flow.

    Source: domain DR-07, chapter 3 hard errors; C14
    """
    demand = demands(eligibility)
    return _Network(eligibility).flow(demand) == sum(demand)


def ensure_large_enough(eligibility: Eligibility) -> None:
    """Refuse a pool smaller than seats and alternates.

    Raises:
        PoolTooSmallError: facts ``short`` (total) and ``quotas`` (list of quota_id, required, eligible, short).

    Source: domain chapter 3, hard errors
    """
    found = shortages(eligibility)
    if found:
        quotas = [
            {"quota_id": item.quota_id, "required": item.required, "eligible": item.eligible, "short": item.short}
            for item in found
        ]
        raise PoolTooSmallError(short=sum(item.short for item in found), quotas=quotas)


class _Network:
    """Arcs source -> quotas -> groups -> employers -> sink; only the demands change between two solutions."""

    def __init__(self, eligibility: Eligibility) -> None:
        self._quotas = len(eligibility.request.quotas)
        people = np.flatnonzero(np.logical_or.reduce(eligibility.mask, axis=0))
        units = _unit_numbers(eligibility, people)
        held = eligibility.mask[:, people].astype(np.int64)
        marks = (1 << np.arange(self._quotas, dtype=np.int64)) @ held
        held, place = np.unique(marks, return_inverse=True)
        codes, sizes = np.unique(units * len(held) + place, return_counts=True)
        groups = np.stack([codes // max(len(held), 1), held[codes % max(len(held), 1)]], axis=1)
        group_nodes = 1 + self._quotas + np.arange(len(groups), dtype=np.int64)
        unit_nodes = 1 + self._quotas + len(groups) + groups[:, 0]
        self._sink = 1 + self._quotas + len(groups) + len(people)
        limit = employer_max(eligibility) or len(people)
        used = np.unique(unit_nodes)
        arcs = [
            *(self._quota_arcs(number, groups[:, 1], group_nodes, sizes) for number in range(self._quotas)),
            np.stack([group_nodes, unit_nodes, sizes]),
            np.stack([used, np.full(len(used), self._sink), np.full(len(used), limit)]),
        ]
        self._arcs = np.concatenate(arcs, axis=1)

    @staticmethod
    def _quota_arcs(number: int, marks: Integers, nodes: Integers, sizes: Integers) -> Integers:
        chosen = np.flatnonzero(marks >> number & 1)
        return np.stack([np.full(len(chosen), 1 + number), nodes[chosen], sizes[chosen]])

    def flow(self, demand: list[int]) -> int:
        solver = max_flow.SimpleMaxFlow()
        solver.add_arcs_with_capacity(*self._arcs)
        for number, seats in enumerate(demand):
            solver.add_arc_with_capacity(0, 1 + number, seats)
        status = solver.solve(0, self._sink)
        # BAD_INPUT is what the solver says when nobody is eligible and the sink is no node at all.
        return int(solver.optimal_flow()) if status == solver.OPTIMAL else 0


def _unit_numbers(eligibility: Eligibility, people: Integers) -> Integers:
    units = eligibility.pool.unit[people]
    # Whoever has no employer is an employer of his own; numbers from 0 without gaps.
    alone = len(eligibility.pool.unit_keys) + np.arange(len(people))
    return np.unique(np.where(units < 0, alone, units), return_inverse=True)[1].astype(np.int64)

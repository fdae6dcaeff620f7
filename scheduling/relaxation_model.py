"""The programme that looks for the cheapest concessions under which a panel exists."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from scheduling import cp_sat
from scheduling.concessions import Concession, Kind, Offer, level_of
from scheduling.drawable import new_solver
from scheduling.eligibility import Eligibility
from scheduling.panel_problem import limit_members
from scheduling.supplies import Supply, candidate_cities, supplies

MOST_WORK = 3.0


class RelaxationModel:
    """Finds offers, the least painful first.

    Variables: d_c >= 0 per concession c (0 or 1, steps for alternates and limits); z_w in {0, 1} per supply, z_w <= d_c
    for all c of its way. Objective: minimise sum of weight_c d_c, where one concession of a level weighs more than all
    of the lower levels together (alternates, limits, venue groups, cities of the same province, ancestor codes, other
    cities, parent codes), so the order is lexicographic; among cities those with more experts come first. Constraints,
    all necessary for a panel: per quota sum of persons_w z_w >= seats and alternates less those given up; per limit
    enough people under it for its least, and outside it for its largest number. They are not sufficient: the caller
    tries an offer and says ``refuse`` with a set of concessions that does not do. One worker, fixed seed.

    Args:
        eligibility: the assessed pool.

    Source: domain chapter 3, hard errors; design of the draw, section 2, step 7
    """

    def __init__(self, eligibility: Eligibility) -> None:
        self._eligibility = eligibility
        self._model = cp_sat.CpModel()
        self._given: dict[Concession, Any] = {}
        self._allowed: dict[Concession, tuple[int, ...]] = {}
        self._families: dict[tuple[Kind, str], Any] = {}
        self._is_varied = self._model.new_bool_var("")
        self._declare_steps()
        listed = supplies(eligibility)
        for concession in sorted({concession for supply in listed for concession in supply.way}):
            self._declare(concession, (0, 1))
        self._bound(listed)
        self._set_objective()

    def cheapest(self) -> dict[Concession, int] | None:
        """Return the cheapest offer that is not ruled out, None when there is none or the work is too much."""
        solver = new_solver(MOST_WORK)
        if solver.solve(self._model) not in (cp_sat.OPTIMAL, cp_sat.FEASIBLE):
            return None
        values = {concession: int(solver.value(variable)) for concession, variable in self._given.items()}
        return {concession: steps for concession, steps in values.items() if steps}

    def refuse(self, offer: Offer) -> None:
        """Rule out an offer that does not do, and with it whatever gives up no more."""
        more = [self._is_at_least(item, offer.get(item, 0) + 1) for item in self._given]
        self._model.add_bool_or([literal for literal in more if literal is not None])

    def accept(self, offer: Offer) -> None:
        """Rule out an offer that was found, and whatever gives up more; while varied, all offers of its families."""
        less = [self._is_at_least(item, steps) for item, steps in offer.items()]
        self._model.add_bool_or([literal.negated() for literal in less if literal is not None])
        families = {(item.kind, item.target) for item in offer}
        used = [self._families[family].negated() for family in sorted(families)]
        self._model.add_bool_or(used).only_enforce_if(self._is_varied)

    def allowed(self) -> Mapping[Concession, tuple[int, ...]]:
        """Return the steps an offer may take per concession, ascending from 0."""
        return self._allowed

    def _declare_steps(self) -> None:
        request, eligibility = self._eligibility.request, self._eligibility
        few = eligibility.eligible_counts()
        for quota in request.quotas:
            spare = request.alternates_of(quota) - request.alternates_min
            self._declare_stepped(Concession("alternates", quota.quota_id), spare, few[quota.quota_id])
        eligible = eligibility.eligible()
        for limit in request.limits:
            inside = int(np.count_nonzero(limit_members(eligibility.pool, request, limit) & eligible))
            self._declare_stepped(Concession("limit_low", limit.limit_id), limit.low, inside)
            self._declare_stepped(Concession("limit_high", limit.limit_id), request.seats - limit.high, inside)

    def _declare_stepped(self, concession: Concession, most: int, persons: int) -> None:
        """Declare steps; all or nothing where the exact number would tell how many of a few experts there are."""
        if most > 0:
            is_shown = persons >= self._eligibility.request.k_anonymity
            self._declare(concession, range(most + 1) if is_shown else (0, most))

    def _declare(self, concession: Concession, values: Iterable[int]) -> None:
        if concession in self._given:
            return
        allowed = tuple(values)
        variable = self._model.new_int_var_from_domain(cp_sat.Domain.from_values(allowed), "")
        self._given[concession], self._allowed[concession] = variable, allowed
        family = self._families.setdefault((concession.kind, concession.target), self._model.new_bool_var(""))
        self._model.add(variable == 0).only_enforce_if(family.negated())

    def _is_at_least(self, concession: Concession, steps: int) -> Any:
        """Return a literal for "gives up at least so many steps", None when that cannot be."""
        if steps > self._allowed[concession][-1]:
            return None
        literal = self._model.new_bool_var("")
        self._model.add(self._given[concession] >= steps).only_enforce_if(literal)
        self._model.add(self._given[concession] < steps).only_enforce_if(literal.negated())
        return literal

    def _bound(self, listed: list[Supply]) -> None:
        request = self._eligibility.request
        opened = [self._opened(supply) for supply in listed]
        for number, quota in enumerate(request.quotas):
            own = [s.persons * z for s, z in zip(listed, opened, strict=True) if s.quota == number]
            fewer = self._given.get(Concession("alternates", quota.quota_id), 0)
            self._model.add(sum(own) >= quota.count + request.alternates_of(quota) - fewer)
        for number, limit in enumerate(request.limits):
            inside = [s.inside[number] * z for s, z in zip(listed, opened, strict=True)]
            outside = [s.outside[number] * z for s, z in zip(listed, opened, strict=True)]
            lower = self._given.get(Concession("limit_low", limit.limit_id), 0)
            higher = self._given.get(Concession("limit_high", limit.limit_id), 0)
            self._model.add(sum(inside) >= limit.low - lower)
            self._model.add(sum(outside) >= request.seats - limit.high - higher)

    def _opened(self, supply: Supply) -> Any:
        opened = self._model.new_bool_var("")
        for concession in sorted(supply.way):
            self._model.add(opened <= self._given[concession])
        return opened

    def _set_objective(self) -> None:
        ranks = self._ranks()
        ties = 1 + sum(ranks.values())
        cost, price = [], 1
        levels = {item: level_of(self._eligibility.request, item) for item in self._given}
        for level in sorted(set(levels.values())):
            own = [item for item in self._given if levels[item] == level]
            cost += [(price * ties + ranks.get(item, 0)) * self._given[item] for item in own]
            price *= 1 + sum(self._allowed[item][-1] for item in own)
        self._model.minimize(sum(cost) + price * ties * self._is_varied.negated())

    def pain(self, concession: Concession) -> tuple[int, Concession]:
        """Return a key that sorts concessions by what they give up."""
        return level_of(self._eligibility.request, concession), concession

    def _ranks(self) -> Mapping[Concession, int]:
        ranks: dict[Concession, int] = {}
        for number, quota in enumerate(self._eligibility.request.quotas):
            for rank, city in enumerate(candidate_cities(self._eligibility, number)):
                ranks[Concession("regions", quota.quota_id, city)] = rank
                ranks[Concession("all_regions", "", city)] = rank
        return {item: rank for item, rank in ranks.items() if item in self._given}

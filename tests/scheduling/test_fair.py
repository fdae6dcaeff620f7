import doctest
import os
import subprocess
import sys
from collections import Counter
from itertools import combinations, product
from math import prod, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scheduling.fair
from scheduling.canonical import decode, encode
from scheduling.fair import (
    FairDrawer,
    FairProblem,
    FeatureQuota,
    build_fair_lottery,
    fair_document,
    fair_from_document,
    probabilities,
    problem_from_csv,
)
from scheduling.linear import is_solved, new_programme
from scheduling.quotas import InfeasibleQuotasError
from scheduling.seed import Stream


def feasible_panels(problem):
    return [panel for panel in combinations(range(len(problem.people)), problem.seats) if keeps(problem, panel)]


def keeps(problem, panel):
    units = [problem.units[person] for person in panel if problem.units and problem.units[person]]
    if len(units) != len(set(units)):
        return False
    for quota in problem.quotas:
        place = problem.categories.index(quota.category)
        if not quota.minimum <= sum(problem.people[p][place] == quota.feature for p in panel) <= quota.maximum:
            return False
    return True


def best_minimum(panels, able):
    """The greatest least probability of any lottery over the listed panels."""
    solver = new_programme()
    level = solver.NumVar(0.0, 1.0, "")
    shares = [solver.NumVar(0.0, 1.0, "") for _ in panels]
    solver.Add(sum(shares) == 1)
    for person in able:
        solver.Add(sum(share for share, panel in zip(shares, panels, strict=True) if person in panel) >= level)
    solver.Maximize(level)
    assert is_solved(solver)
    return level.solution_value()


def distribution(lottery):
    """The chance of every panel, from the definition of the artefact alone."""
    result = Counter()
    whole = sum(template.weight for template in lottery.templates)
    for template in lottery.templates:
        inside = [combinations(lottery.classes[group].members, seats) for group, seats in template.seats]
        chances = {}
        for parts in product(*inside):
            panel = tuple(sorted(person for part in parts for person in part))
            if lottery.method == "plain" or keeps_units(lottery.units, panel, lottery.unit_max):
                chances[panel] = panel_weight(lottery, template, parts)
        for panel, weight in chances.items():
            result[panel] += template.weight / whole * weight / sum(chances.values())
    return result


def keeps_units(units, panel, most):
    held = Counter(units[person] for person in panel if units[person] >= 0)
    return max(held.values(), default=0) <= most


def panel_weight(lottery, template, parts):
    if lottery.method == "plain":
        return 1
    weight = {}
    for group, _ in template.seats:
        item = lottery.classes[group]
        weight.update(zip(item.members, item.weights, strict=True))
    return prod(weight[person] for part in parts for person in part)


@st.composite
def problems(draw):
    people = draw(st.integers(3, 8))
    seats = draw(st.integers(1, min(4, people - 1)))
    features = st.sampled_from("abc")
    rows = tuple((draw(features), draw(features)) for _ in range(people))
    quotas = []
    for place, category in enumerate(("x", "y")):
        for feature in "abc":
            supply = sum(row[place] == feature for row in rows)
            low = draw(st.integers(0, min(1, supply)))
            quotas.append(FeatureQuota(category, feature, low, draw(st.integers(max(low, 1), max(seats, 1)))))
    units = tuple(draw(st.sampled_from(["", "u", "v", "w", "x", "y"])) for _ in range(people))
    return FairProblem(("x", "y"), rows, tuple(quotas), seats, units if draw(st.booleans()) else None)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_lottery_is_as_fair_as_any_lottery_over_all_panels(problem):
    panels = feasible_panels(problem)
    if not panels:
        with pytest.raises(InfeasibleQuotasError):
            build_fair_lottery(problem)
        return
    lottery = build_fair_lottery(problem)
    able = sorted({person for panel in panels for person in panel})
    optimum = best_minimum(panels, able)
    figures = lottery.figures
    assert lottery.never == tuple(person for person in range(len(problem.people)) if person not in able)
    assert figures.upper_bound >= optimum - 1e-9
    assert 0.99 * optimum - 1e-9 <= figures.min_probability <= optimum + 1e-9
    assert figures.min_probability > 0


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_published_figures_are_those_of_the_enumerated_lottery(problem):
    panels = feasible_panels(problem)
    if not panels:
        return
    lottery = build_fair_lottery(problem)
    chances = distribution(lottery)
    assert set(chances) <= set(panels)
    people = [sum(c for panel, c in chances.items() if person in panel) for person in range(len(problem.people))]
    pairs = combinations(range(len(people)), 2)
    pair = max((sum(c for panel, c in chances.items() if a in panel and b in panel) for a, b in pairs), default=0)
    entropy = -sum(c * np.log2(c) for c in chances.values() if c)
    figures = lottery.figures
    assert np.abs(probabilities(lottery) - people).max() <= 1e-9
    assert figures.entropy_bits == pytest.approx(entropy, abs=1e-7)
    assert figures.max_probability == pytest.approx(max(people), abs=1e-9)
    assert figures.max_pair_probability >= pair - 1e-9
    if figures.pair_is_exact:
        assert figures.max_pair_probability == pytest.approx(pair, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(problems(), st.binary(min_size=32, max_size=32))
def test_every_drawn_panel_keeps_quotas_and_units(problem, seed):
    if feasible_panels(problem):
        lottery = fair_from_document(decode(encode(fair_document(build_fair_lottery(problem)))))
        stream, drawer = Stream(seed), FairDrawer(lottery)
        for _ in range(5):
            assert keeps(problem, drawer.draw(stream))


def generated(people, employers):
    rows = [f"{'abc'[n * n % 3]},{'mw'[n % 7 % 2]},e{n * n % employers if n % 5 else n % 2}" for n in range(people)]
    return "field,sex,employer\n" + "\n".join(rows)


QUOTAS = "category,feature,min,max\nfield,a,1,2\nfield,b,1,2\nfield,c,0,2\nsex,m,2,2\nsex,w,2,2\n"


@pytest.mark.parametrize(("distinct", "methods"), [(None, {"plain"}), ("employer", {"rejection"})])
def test_drawn_panels_follow_the_published_chances(distinct, methods):
    lottery = build_fair_lottery(problem_from_csv(generated(60, 9), QUOTAS, 4, distinct))
    assert lottery.method in methods
    draws, expected = 20_000, probabilities(lottery)
    stream, drawer = Stream(b"a fixed seed"), FairDrawer(lottery)
    counts = Counter(person for _ in range(draws) for person in drawer.draw(stream))
    for person, chance in enumerate(expected.tolist()):
        assert abs(counts[person] - draws * chance) <= 4 * sqrt(draws * chance * (1 - chance)) + 1e-9


def test_a_unit_that_must_always_be_there_costs_nobody_a_chance():
    rows = [f"{'ab'[n % 2]},{'big' if n < 80 else f'e{n}'}" for n in range(100)]
    text = "field,employer\n" + "\n".join(rows)
    quotas = "category,feature,min,max\nfield,a,2,2\nfield,b,2,2\n"
    lottery = build_fair_lottery(problem_from_csv(text, quotas, distinct="employer"))
    figures = lottery.figures
    assert figures.upper_bound == pytest.approx(1 / 80)
    assert figures.min_probability >= 0.99 * figures.upper_bound


SCRIPT = """
import hashlib, sys
from scheduling.canonical import encode
from scheduling.fair import build_fair_lottery, fair_document, problem_from_csv
for distinct in (None, "employer"):
    lottery = build_fair_lottery(problem_from_csv(sys.argv[1], sys.argv[2], 4, distinct))
    print(hashlib.sha256(encode(fair_document(lottery))).hexdigest())
"""


def test_equal_problems_give_equal_bytes_in_every_process():
    seen = set()
    for number in ("0", "1"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": number,
            "OPENBLAS_NUM_THREADS": str(int(number) + 1),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }
        arguments = [sys.executable, "-c", SCRIPT, generated(60, 9), QUOTAS]
        seen.add(subprocess.run(arguments, env=environment, check=True, capture_output=True, text=True).stdout)
    assert len(seen) == 1


def test_the_example_of_the_documentation_holds():
    found = doctest.testmod(scheduling.fair)
    assert (found.failed, found.attempted > 5) == (0, True)

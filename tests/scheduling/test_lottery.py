from collections import Counter
from collections.abc import Callable
from itertools import combinations
from math import isclose
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.artefact import INCLUSION_SCALE, seats_per_class
from scheduling.commitment import prepare
from scheduling.demand import Quota
from scheduling.eligibility import Eligibility
from scheduling.leaves import pseudonym
from scheduling.lottery import build_lottery
from scheduling.order import draw_seats
from scheduling.quotas import InfeasibleQuotasError

Make = Callable[..., Any]
CODES = ("A0801", "A0802", "B0101")


def _library(make_record: Make, people: list[tuple[tuple[str, ...], int]]) -> list[Any]:
    return [
        make_record(number, specialities=codes, employer_name=f"第{unit}院")
        for number, (codes, unit) in enumerate(people)
    ]


def test_dr_07_every_template_gives_each_quota_its_seats(make_record: Make, assessed: Make) -> None:
    people = [(codes, number) for number in range(8) for codes in (("A0801",), ("A0801", "B0101"), ("B0101",))]
    quotas = (Quota("q1", "A08", 2), Quota("q2", "B01", 3))
    lottery = build_lottery(assessed(_library(make_record, people), quotas=quotas))
    for template in lottery.templates:
        counts = Counter(dict.fromkeys(range(2), 0))
        for number, quota, seats in template.cells:
            assert quota in lottery.classes[number].quotas
            counts[quota] += seats
        assert counts == {0: 2, 1: 3}
        for number, seats in seats_per_class(template).items():
            assert seats <= sum(len(block.members) for block in lottery.classes[number].blocks)


def test_published_chances_are_those_of_the_lottery(make_record: Make, assessed: Make) -> None:
    people = [((CODES[number % 3],), number // 2) for number in range(24)]
    quotas = (Quota("q1", "A08", 3), Quota("q2", "B01", 2))
    lottery = build_lottery(assessed(_library(make_record, people), quotas=quotas))
    assert isclose(float(lottery.inclusion.sum()), 5, rel_tol=1e-9)
    for group in lottery.classes:
        for block in group.blocks:
            assert np.all(np.rint(lottery.inclusion[block.members] * INCLUSION_SCALE) == block.inclusion)
    assert float(lottery.figures.min_probability) <= float(lottery.figures.upper_bound) * (1 + 1e-9)


def test_who_can_never_be_drawn_is_named(make_record: Make, assessed: Make) -> None:
    # The only holder of B01 works with person 0, who therefore never sits.
    people = [(("A0801",), 0), (("A0801",), 1), (("A0801",), 2), (("A0801",), 3), (("B0101",), 0)]
    quotas = (Quota("q1", "A08", 2, alternates=0), Quota("q2", "B01", 1, alternates=0))
    lottery = build_lottery(assessed(_library(make_record, people), quotas=quotas, alternates_per_quota=0))
    assert lottery.never == 1
    assert lottery.inclusion[0] == 0
    assert np.all(lottery.inclusion[1:4] > 0.6)
    used = {number for template in lottery.templates for number, _, _ in template.cells}
    idle = [group for number, group in enumerate(lottery.classes) if number not in used]
    assert [group.blocks[0].members.tolist() for group in idle] == [[0]]


def test_a_request_that_nobody_can_fill_is_refused(make_record: Make, assessed: Make) -> None:
    people = [(("A0801",), 0)] * 4
    with pytest.raises(InfeasibleQuotasError):
        build_lottery(assessed(_library(make_record, people), quotas=(Quota("q1", "A08", 3),), alternates_per_quota=0))


def test_progress_is_told(make_record: Make, assessed: Make) -> None:
    told: list[tuple[str, float]] = []
    people = [(("A0801",), number // 2) for number in range(20)]
    build_lottery(assessed(_library(make_record, people)), lambda stage, share: told.append((stage, share)))
    assert told
    assert all(0 <= share <= 1 for _, share in told)


@st.composite
def _small(draw: st.DrawFn) -> tuple[list[tuple[tuple[str, ...], int]], list[int], list[tuple[int, int]]]:
    size = draw(st.integers(5, 9))
    people = [
        (tuple(sorted(draw(st.sets(st.sampled_from(CODES), min_size=1, max_size=2)))), draw(st.integers(0, 6)))
        for _ in range(size)
    ]
    kin = draw(st.sets(st.tuples(st.integers(0, size - 1), st.integers(0, size - 1)), max_size=2))
    return people, [draw(st.integers(1, 2)), draw(st.integers(1, 2))], sorted((a, b) for a, b in kin if a < b)


def _feasible(found: Eligibility, counts: list[int]) -> list[frozenset[int]]:
    units, edges = found.pool.units, set(found.edges)
    panels = []
    for panel in combinations(np.flatnonzero(found.mask.any(axis=0)).tolist(), sum(counts)):
        held = [units[person] for person in panel if units[person]]
        if len(set(held)) == len(held) and edges.isdisjoint(combinations(panel, 2)) and _fits(found, panel, counts):
            panels.append(frozenset(panel))
    return panels


def _fits(found: Eligibility, panel: tuple[int, ...], counts: list[int]) -> bool:
    return any(
        found.mask[0][list(chosen)].all() and found.mask[1][list(set(panel) - set(chosen))].all()
        for chosen in combinations(panel, counts[0])
    )


@settings(max_examples=60, deadline=None)
@given(_small())
def test_c13_c14_drawn_panels_are_feasible_and_everybody_in_one_has_a_chance(
    make_record: Make, assessed: Make, case: tuple[list[tuple[tuple[str, ...], int]], list[int], list[tuple[int, int]]]
) -> None:
    people, counts, kin = case
    records = _library(make_record, people)
    for a, b in kin:
        records[a] = make_record(a, specialities=people[a][0], employer_name=f"第{people[a][1]}院", kin=(f"e{b:04}",))
    quotas = (Quota("q1", "A08", counts[0]), Quota("q2", "B01", counts[1]))
    found: Eligibility = assessed(records, quotas=quotas, alternates_per_quota=0)
    panels = _feasible(found, counts)
    if not panels:
        with pytest.raises(InfeasibleQuotasError):
            build_lottery(found)
        return
    lottery = build_lottery(found)
    able = {person for panel in panels for person in panel}
    assert {int(person) for person in np.flatnonzero(lottery.inclusion > 0)} == able
    prepared = prepare(found, lottery, b"k" * 32)
    pids = {text[2:66].decode(): position for position, text in enumerate(prepared.leaves.texts)}
    by_position = {
        position: index
        for index, candidate in enumerate(found.pool.candidate_ids)
        for position in [pids[_pid(candidate)]]
    }
    for number in range(20):
        drawn = draw_seats(prepared.lottery, bytes([number]), prepared.leaves.unit_of)
        people_drawn = frozenset(by_position[position] for _, position in drawn.seats)
        assert people_drawn in set(panels)
        for quota, position in drawn.seats:
            assert found.mask[quota][by_position[position]]


def _pid(candidate: str) -> str:
    return pseudonym(b"k" * 32, candidate).pid.hex()

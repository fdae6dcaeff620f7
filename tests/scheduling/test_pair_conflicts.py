from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from scheduling.pair_conflicts import Link, links
from scheduling.pins import Pin
from scheduling.pool import CandidateRecord, CoService, Pool
from scheduling.request import DrawRequest

Maker = Callable[..., CandidateRecord]
TODAY = date(2026, 3, 3)
KIN = "conflict.grounds_local"


@pytest.fixture
def pairs(make_record: Maker, make_request: Callable[..., DrawRequest]) -> Callable[..., tuple[Link, ...]]:
    def search(changes: list[dict[str, Any]], pins: tuple[Pin, ...] = (), **request: Any) -> tuple[Link, ...]:
        records = [make_record(number, **fields) for number, fields in enumerate(changes)]
        pool = Pool.from_records(records[::-1])
        return links(pool, make_request(**request), np.ones(len(pool), dtype=np.bool_), pins)

    return search


def test_c13_relatives_are_a_pair_while_the_ground_is_in_force(pairs: Callable[..., tuple[Link, ...]]) -> None:
    people = [{"kin": ("e0001", "gone", "e0000")}, {"kin": ("e0000",)}, {}]
    assert pairs(people) == (Link(0, 1, "C13", KIN),)
    assert pairs(people, grounds=("C14",)) == ()


def test_c13_pairs_can_be_pinned_either_way(pairs: Callable[..., tuple[Link, ...]]) -> None:
    people: list[dict[str, Any]] = [{"kin": ("e0001",)}, {}, {}]
    away = Pin("e0001", "pinned_clear", "C13", "r", "u", party_code="e0000")
    more = Pin("e0002", "pinned_conflict", "C13", "r", "u", party_code="e0000", evidence="doc")
    outside = Pin("e0002", "pinned_conflict", "C13", "r", "u", party_code="gone")
    other = Pin("e0001", "pinned_conflict", "C07", "r", "u", party_code="e0000")
    assert pairs(people, (away,)) == ()
    assert pairs(people, (more, outside, other)) == (
        Link(0, 1, "C13", KIN),
        Link(0, 2, "C13", KIN, evidence="doc"),
    )


def together(*days_ago: int) -> dict[str, Any]:
    return {"co_service": (CoService("e0001", tuple(TODAY - timedelta(days=days) for days in days_ago)),)}


def test_co_service_counts_distinct_days_within_the_window(pairs: Callable[..., tuple[Link, ...]]) -> None:
    limit = {"co_service_max": 2, "co_service_days": 90}
    assert pairs([together(1, 2, 90), {}], **limit) == (Link(0, 1, "co_service", "expert.co_service_max", 3),)
    assert pairs([together(1, 2, 91), {}], **limit) == ()
    assert pairs([together(1, 2, 2), {}], **limit) == ()
    assert pairs([together(0, 1, 2), {}], **limit) == ()
    assert pairs([together(1), {}], co_service_max=0, co_service_days=1)[0].times == 1


def test_co_service_of_either_side_counts_and_is_off_by_default(pairs: Callable[..., tuple[Link, ...]]) -> None:
    back = {"co_service": (CoService("e0000", (TODAY - timedelta(days=3), TODAY - timedelta(days=1))),)}
    people = [together(1, 2), back]
    assert pairs(people, co_service_max=2, co_service_days=90)[0].times == 3
    assert pairs(people) == ()


def test_a_pair_may_have_both_reasons_and_is_one_edge(make_record: Maker, assessed: Callable[..., Any]) -> None:
    records = [make_record(0, kin=("e0001",), **together(1, 2)), make_record(1), make_record(2, kin=("e0003",))]
    records.append(make_record(3, standing="suspended"))
    eligibility = assessed(records, co_service_max=1, co_service_days=30)
    assert [(link.low, link.high, link.reason) for link in eligibility.links] == [(0, 1, "C13"), (0, 1, "co_service")]
    assert eligibility.edges == ((0, 1),)

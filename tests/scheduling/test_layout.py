import copy
from collections.abc import Callable
from typing import Any

import pytest

from scheduling.draw import CandidateRecord
from scheduling.layout import structure_faults


@pytest.fixture(scope="module")
def transcript(
    make_record: Callable[..., CandidateRecord], transcript_of: Callable[..., dict[str, Any]]
) -> dict[str, Any]:
    return transcript_of([make_record(number) for number in range(6)])


def test_transcript_of_a_draw_has_the_layout(transcript: dict[str, Any]) -> None:
    assert structure_faults(transcript) == []


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("extra",), 1, "$.extra"),
        (("seed",), "AB" * 32, "$.seed"),
        (("tries",), 0, "$.tries"),
        (("commit", "request", "pack"), "x", "$.commit.request.pack"),
        (("commit", "request", "max_age"), "65", "$.commit.request.max_age"),
        (("commit", "request", "quotas", 0, "count"), 201, "$.commit.request.quotas[0].count"),
        (("leaves", 0, 5), ["C1"], "$.leaves[0][5][0]"),
        (("leaves", 0, 3), [1], "$.leaves quotas"),
        (("leaves", 0, 4), [9], "$.leaves classes"),
        (("lottery", "classes", 0, "members"), [6], "$.lottery.classes"),
        (("lottery", "classes", 0, "members"), [], "$.lottery.classes"),
        (("lottery", "policy", "edges"), [[0, 6]], "$.lottery.edges"),
        (("lottery", "policy", "max_tries"), 10**9, "$.lottery.policy.max_tries"),
        (("lottery", "seats", 0), [1, 0, 0], "$.lottery.seats"),
        (("lottery", "templates"), [], "$.lottery.templates"),
        (("lottery", "templates"), [[1, [0]]], "$.lottery.templates"),
        (("lottery", "templates"), [[1, [0, 0, 0, 1]]], "$.lottery.templates"),
        (("panel", 0), [0, 6], "$.panel"),
        (("panel", 0), [1, 0], "$.panel quota"),
    ],
)
def test_every_departure_is_named(transcript: dict[str, Any], path: tuple[Any, ...], value: Any, fault: str) -> None:
    changed = copy.deepcopy(transcript)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert structure_faults(changed) == [fault]

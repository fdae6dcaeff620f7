"""Lotteries of two tables from files of strangers."""

import json
from copy import deepcopy
from typing import Any

import pytest

from expert_hub.draws.errors import DrawFileUnreadable
from expert_hub.draws.explaining.lottery_form import read_fair
from scheduling.canonical import encode
from scheduling.fair import build_fair_lottery, fair_document, problem_from_csv

PEOPLE = "name,field,employer\nAda,law,A\nBo,law,A\nCy,cost,B\nDi,cost,C\nEd,cost,C\nFa,cost,D\n"
QUOTAS = "category,feature,min,max\nfield,law,1,1\nfield,cost,2,2\n"
DOCUMENT: Any = fair_document(build_fair_lottery(problem_from_csv(PEOPLE, QUOTAS, None, "employer")))


def test_what_was_written_is_read() -> None:
    assert fair_document(read_fair(encode(DOCUMENT), "l.json")) == DOCUMENT


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "other"),
        ("people", 0),
        ("people", 3),
        ("seats", 4),
        ("classes", []),
        ("classes", [{"members": [0, 0], "weights": None}]),
        ("classes", [{"members": [0], "weights": [1, 2]}]),
        ("templates", []),
        ("templates", [[1, 1, [[0, 3], [99, 1]]]]),
        ("templates", [[0, 1, [[0, 3]]]]),
        ("units", [0]),
        ("never", [1, 0]),
        ("never", [0]),
        ("figures", {**DOCUMENT["figures"], "gini": "nan"}),
        ("figures", {**DOCUMENT["figures"], "upper_bound": "much"}),
        ("figures", {**DOCUMENT["figures"], "max_probability": "2"}),
    ],
)
def test_what_does_not_fit_is_refused(key: str, value: Any) -> None:
    document = deepcopy(DOCUMENT)
    document[key] = value
    with pytest.raises(DrawFileUnreadable):
        read_fair(json.dumps(document).encode(), "l.json")

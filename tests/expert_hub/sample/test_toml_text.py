"""What is written is read back the same."""

import tomllib
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from expert_hub.sample.toml_text import toml_text

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))


@pytest.mark.parametrize(
    "document",
    [
        {"a": 1, "b": True, "c": '引号 " 与 \\ 和\n换行', "d": AT, "e": [], "f": ["x", "y"]},
        {"t": {"a": 1, "party": {"name": "n", "uscc": "u"}}},
        {"t": {"size": 7, "rows": [{"id": 1, "x": 2, "y": ["z"]}, {"id": 2, "x": 3, "y": []}]}},
        {"rows": [{"id": 1, "x": 2, "pairs": [{"name": "n", "uscc": "u"}]}, {"id": 2, "x": 3, "pairs": []}]},
        {"rows": [{"id": 1, "x": 2, "inner": [{"name": "n", "list": ["a"]}]}], "last": 5},
    ],
)
def test_round_trip(document: dict[str, Any]) -> None:
    assert tomllib.loads(toml_text(document)) == document


def test_layout() -> None:
    assert toml_text({"a": 1, "t": {"b": False}}) == "a = 1\n\n[t]\nb = false\n"

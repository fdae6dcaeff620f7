"""The table of rules ER-01 to ER-26 names functions, keys and tests that exist."""

import importlib
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "rules" / "room.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| ER-")]
PACKS = ROOT / "src" / "expert_hub" / "foundation" / "packs"


def named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_rule_has_its_row_in_order():
    assert [row[0] for row in ROWS] == [f"ER-{number:02d}" for number in range(1, 27)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_what_a_row_names_exists(row):
    functions, keys, tests = (named(cell) for cell in row[2:])
    assert functions or keys
    for dotted in functions:
        module, _, name = dotted.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))
    for pack in ("government_procurement", "engineering_tender"):
        rules = tomllib.loads((PACKS / f"{pack}.toml").read_text(encoding="utf-8"))["rules"]
        assert not [key for key in keys if key.split(".")[1] not in rules[key.split(".")[0]]]
    assert tests
    assert not [path for path in tests if not (ROOT / path).is_file()]

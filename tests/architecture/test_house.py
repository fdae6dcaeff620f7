"""The rules of the house hold, and each of them can fail."""

from pathlib import Path

import pytest

from tools import house

ROOT = Path(__file__).resolve().parents[2]

PLANTED = {
    "transaction_breaches": [
        ("src/expert_hub/experts/service.py", "async def admit(session):\n    await session.commit()\n"),
        (
            "src/expert_hub/experts/routes.py",
            "async def admit(sessions):\n    async with sessions().begin():\n        pass\n",
        ),
        ("src/expert_hub/experts/service.py", "from expert_hub.foundation.db import Database\n"),
    ],
    "kernel_breaches": [
        ("evaluation/room.py", "from datetime import datetime\n\nat = datetime.now()\n"),
        ("evaluation/room.py", "def show():\n    print(1)\n"),
        ("scheduling/draw.py", "import random\n"),
        ("scheduling/draw.py", "import numpy\n\nrng = numpy.random.default_rng()\n"),
        ("scheduling/draw.py", "def read(path):\n    return open(path)\n"),
        ("scheduling/methods/deep.py", "from time import monotonic\n"),
        ("scheduling/verify_draw.py", "import time\n"),
        ("scheduling/verify_draw.py", "code = eval('1')\n"),
    ],
    "float_breaches": [
        ("evaluation/summary.py", "half = 0.5\n"),
        ("evaluation/summary.py", "def mean(total):\n    return float(total)\n"),
        ("evaluation/methods/low_price.py", "import math\n"),
        ("evaluation/methods/low_price.py", "def mean(prices):\n    return len(prices) / 2\n"),
    ],
    "stand_alone_breaches": [
        ("scheduling/verify_draw.py", "import numpy\n"),
        ("scheduling/verify_draw.py", "from scheduling.seed import h\n"),
        ("scheduling/verify_draw.py", "def check():\n    from . import seed\n"),
    ],
    "clock_breaches": [
        ("src/expert_hub/experts/service.py", "import time\n\nat = time.time()\n"),
        ("src/expert_hub/experts/rules.py", "import datetime\n\nat = datetime.datetime.now(datetime.UTC)\n"),
    ],
    "chance_breaches": [
        ("src/expert_hub/identity/tokens.py", "import secrets\n"),
        ("src/expert_hub/identity/tokens.py", "from uuid import uuid4\nimport uuid\n\nkey = uuid.uuid4()\n"),
        ("src/expert_hub/draws/service.py", "from random import Random\n"),
        ("src/expert_hub/sample/people.py", "import random\n\nvalue = random.random()\n"),
    ],
    "privacy_breaches": [
        ("src/expert_hub/draws/service.py", "from expert_hub.experts.store import load_pool\n"),
        ("src/expert_hub/rooms/service.py", "from expert_hub.draws.conflicts import conflict_store\n"),
        ("src/expert_hub/web/pages.py", "from expert_hub.rooms import tables\n"),
    ],
    "missing_tests": [
        ("evaluation/room.py", "def fold():\n    return 1\n"),
        ("src/expert_hub/experts/store.py", "async def load(session):\n    return session\n"),
    ],
    "orphan_tests": [
        ("tests/evaluation/test_gone.py", "def test_nothing():\n    pass\n"),
        ("tests/expert_hub/experts/test_gone.py", "def test_nothing():\n    pass\n"),
    ],
    "name_breaches": [
        ("src/expert_hub/experts/utils.py", ""),
        ("src/expert_hub/common/rules.py", ""),
        ("evaluation/helper.py", ""),
    ],
    "size_breaches": [
        ("evaluation/long.py", "x = 1\n" * 501),
        ("tests/evaluation/test_long.py", "x = 1\n" * 501),
        ("scheduling/verify_draw.py", "x = 1\n" * 1_901),
        ("src/expert_hub/long.py", "def long():\n" + "    x = 1\n" * 60),
    ],
    "annotation_breaches": [
        ("src/expert_hub/experts/tables.py", "from __future__ import annotations\n"),
        ("src/expert_hub/experts/routes.py", "from typing import TYPE_CHECKING\n"),
    ],
    "package_breaches": [("tests/evaluation/__init__.py", ""), ("alembic/__init__.py", "")],
    "source_breaches": [
        ("evaluation/summary.py", 'def total():\n    """Sum of scores."""\n'),
        ("scheduling/pool.py", 'class Pool:\n    """Candidates."""\n'),
    ],
}

ALLOWED = {
    "kernel_breaches": ("scheduling/verify_draw.py", "def show(path):\n    print(open(path).read())\n"),
    "stand_alone_breaches": ("scheduling/verify_draw.py", "import json\n\nfrom py_ecc import bls\n"),
    "size_breaches": ("scheduling/verify_draw.py", "x = 1\n" * 501),
    "transaction_breaches": ("src/expert_hub/foundation/db.py", "async def write(s):\n    await s.commit()\n"),
    "float_breaches": ("scheduling/pool.py", "half = 0.5\n"),
    "clock_breaches": ("src/expert_hub/foundation/clock.py", "import time\n\nat = time.time()\n"),
    "chance_breaches": ("src/expert_hub/sample/people.py", "from random import Random\n\nrandom = Random(7)\n"),
    "privacy_breaches": ("src/expert_hub/draws/service.py", "from expert_hub.draws import store\n"),
    "missing_tests": ("src/expert_hub/experts/tables.py", "def now():\n    return 1\n"),
    "orphan_tests": ("tests/scenarios/test_story.py", ""),
    "source_breaches": ("evaluation/summary.py", 'def total():\n    """Sum.\n\n    Source: O87 55.\n    """\n'),
}


def plant(root: Path, path: str, text: str) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("rule", house.RULES, ids=lambda rule: rule.__name__)
def test_the_project_keeps_the_rule(rule):
    assert rule(ROOT) == []


@pytest.mark.parametrize(
    ("rule", "path", "text"),
    [(name, path, text) for name, breaches in PLANTED.items() for path, text in breaches],
)
def test_a_planted_breach_is_found(rule, path, text, tmp_path):
    plant(tmp_path, path, text)
    found = getattr(house, rule)(tmp_path)
    assert len(found) == 1
    assert found[0].startswith(path)


@pytest.mark.parametrize(("rule", "path", "text"), [(rule, *case) for rule, case in ALLOWED.items()])
def test_what_is_allowed_passes(rule, path, text, tmp_path):
    plant(tmp_path, path, text)
    assert getattr(house, rule)(tmp_path) == []


def test_every_rule_has_a_planted_breach():
    assert {rule.__name__ for rule in house.RULES} == set(PLANTED)


def test_the_rules_see_the_sources():
    seen = {module.path for module in house.modules(ROOT)}
    assert {"evaluation/__init__.py", "scheduling/__init__.py", "src/expert_hub/__init__.py", "tools/house.py"} <= seen

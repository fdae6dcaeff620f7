"""The import contracts of `.importlinter` fail when they are broken."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"evaluation": "evaluation", "scheduling": "scheduling", "expert_hub": "src/expert_hub"}
LINT = Path(sys.executable).with_name("lint-imports")

BREACHES = {
    "a kernel imports the other": ("scheduling/pool.py", "import evaluation\n", "neither each other"),
    "a kernel imports the service": ("evaluation/planted.py", "import expert_hub.foundation\n", "know no service"),
    "a kernel reads the clock": ("evaluation/planted.py", "import time\n", "know no service"),
    "a kernel opens a socket": ("scheduling/planted.py", "import socket\n", "know no service"),
    "a layer imports what stands above it": (
        "expert_hub/foundation/planted.py", "import expert_hub.identity.rules\n", "The service is a stack",
    ),
    "a new package has no place": ("expert_hub/planted/__init__.py", "", "The service is a stack"),
    "the verifier needs a solver": ("scheduling/verify_draw.py", "import numpy\n", "knows nothing of this project"),
    "the verifier imports a neighbour": (
        "scheduling/verify_draw.py", "import scheduling.seed\n", "knows nothing of this project",
    ),
}  # fmt: skip


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name, source in PACKAGES.items():
        shutil.copytree(
            ROOT / source, tmp_path / name, ignore=lambda folder, names: [name for name in names if is_left_out(name)]
        )
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def is_left_out(name: str) -> bool:
    return name == "__pycache__" or ("." in name and not name.endswith(".py"))


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT, "--no-cache"], cwd=folder, env={"PYTHONPATH": str(folder), "NO_COLOR": "1"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_project_keeps_every_contract(copy):
    result = lint(copy)
    assert result.returncode == 0, result.stdout
    assert " 0 broken" in result.stdout


@pytest.mark.parametrize(("path", "text", "contract"), BREACHES.values(), ids=BREACHES)
def test_a_planted_import_breaks_its_contract(copy, path, text, contract):
    file = copy / path
    file.parent.mkdir(exist_ok=True)
    with file.open("a", encoding="utf-8") as source:
        source.write(text)
    result = lint(copy)
    assert result.returncode == 1, result.stdout + result.stderr
    broken = [line for line in result.stdout.splitlines() if line.endswith("BROKEN")]
    assert len(broken) == 1, result.stdout
    assert contract in broken[0]

"""No registry address and no path of one machine in tracked files; locks are complete and pinned by hash."""

import re
import tomllib
from pathlib import Path

import pytest

from tools import tracked

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-runtime.lock", "requirements-build.lock")


def plant(root: Path, name: str, text: str) -> list[Path]:
    path = root / name
    path.write_text(text, encoding="utf-8")
    return [path]


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ;]", requirement)[0].lower() for requirement in requirements}


def test_no_tracked_file_names_a_registry():
    assert tracked.address_breaches(ROOT, tracked.tracked_files(ROOT)) == []


def test_no_tracked_file_names_a_path_of_one_machine():
    assert tracked.machine_path_breaches(ROOT, tracked.tracked_files(ROOT)) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README.md", "pip install -i https://pypi" + ".org/simple x"),
        ("Dockerfile", "RUN pip install --index-" + "url https://example.org/x y"),
        ("requirements.lock", "x @ https:" + "//example.org/x.whl"),
        (".npmrc", "registry=http:" + "//example.org"),
    ],
)
def test_a_planted_address_is_found(name, text, tmp_path):
    assert tracked.address_breaches(tmp_path, plant(tmp_path, name, text)) == [f"{name}:1: {text}"]


def test_an_ordinary_link_is_allowed_in_a_text(tmp_path):
    files = plant(tmp_path, "README.md", "see https://example.org/rules")
    assert tracked.address_breaches(tmp_path, files) == []


@pytest.mark.parametrize(
    "text", ["cd /wo" + "rk/main", "/ho" + "me/someone/x", "x=/ro" + "ot/.cache", "/Us" + "ers/a/b"]
)
def test_a_planted_machine_path_is_found(text, tmp_path):
    assert tracked.machine_path_breaches(tmp_path, plant(tmp_path, "notes.md", text)) == [f"notes.md:1: {text}"]


def test_a_binary_file_is_passed_over(tmp_path):
    path = tmp_path / "font.otf"
    path.write_bytes(b"\xff\xfe/ro" + b"ot/x")
    assert tracked.machine_path_breaches(tmp_path, [path]) == []


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(name):
    assert tracked.pins(ROOT / name) != {}
    assert tracked.unhashed(ROOT / name) == []


def test_a_pin_without_a_hash_is_found(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text("a==1 \\\n    --hash=sha256:00\nb==2\n", encoding="utf-8")
    assert tracked.unhashed(lock) == ["b"]


def test_the_locks_agree_with_each_other_and_with_the_project_file():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    everything, runtime, installer = (tracked.pins(ROOT / name) for name in LOCKS)
    assert runtime.items() <= everything.items()
    assert installer.items() <= everything.items()
    assert declared(project["project"]["dependencies"]) - set(runtime) == set()
    assert declared(project["dependency-groups"]["dev"]) - set(everything) == set()
    assert "greenlet" in runtime

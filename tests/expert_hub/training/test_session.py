"""A training from the command line to the closed room, beside a real database of which nothing changes."""

import hashlib
import json
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from expert_hub.demo.preparation import FolderNotOurs
from expert_hub.demo.telling import silent
from expert_hub.training.plan import TrainingPlan, TrainingRefused
from expert_hub.training.session import train

_END_S = 400


async def test_nothing_is_made_for_a_plan_that_cannot_be_or_in_a_foreign_folder(tmp_path: Path) -> None:
    with pytest.raises(TrainingRefused):
        await train(TrainingPlan(tmp_path / "new", "member", seats=4), silent)
    assert not (tmp_path / "new").exists()
    (tmp_path / ".expert-hub-demo").touch()
    with pytest.raises(FolderNotOurs):
        await train(TrainingPlan(tmp_path, "member"), silent)
    assert [path.name for path in tmp_path.iterdir()] == [".expert-hub-demo"]


def test_a_training_runs_to_its_report_and_touches_no_row_of_the_real_database(command_line: Any) -> None:
    real = {"DATABASE_URL": f"sqlite:///{command_line.home}/real.db"}
    assert command_line.run("migrate", **real).code == 0
    create = ("account", "create", "one", "--role", "auditor", "--password-stdin")
    assert command_line.run(*create, stdin="correct horse battery\n", **real).code == 0
    before = _dump(command_line.home / "real.db")
    order = ("--lang", "en", "room", "train", "--as", "nobody", "--pace", "0", "--seats", "5")
    end = subprocess.run(
        [sys.executable, "-c", "from expert_hub.cli import main; main()", *order],
        cwd=command_line.home, env={**command_line.env, **real, "PYTHONUTF8": "1", "EXPERT_HUB_PORT": "0"},
        capture_output=True, text=True, timeout=_END_S, check=False,
    )  # fmt: skip
    assert (end.returncode, end.stderr) == (0, "")
    room_id = re.search(r"^\[演练 TRAINING\] room (\w+)$", end.stdout, re.MULTILINE)
    assert room_id, end.stdout
    folder = command_line.home / "var" / "training"
    report = json.loads((folder / "report" / "report.json").read_text("utf-8"))
    assert (report["project"]["training"], report["project"]["stage"]) == ("演练 TRAINING", "closed")
    assert report["project"]["project_name"].startswith("【演练 TRAINING】")
    assert len(report["members"]) == 5
    assert _dump(command_line.home / "real.db") == before
    assert sorted(path.name for path in command_line.home.iterdir() if not path.name.startswith("std")) == [
        "real.db", "real.db.lock", "var",
    ]  # fmt: skip
    _replayed_apart(command_line, folder, room_id[1])


def _replayed_apart(command_line: Any, folder: Path, room_id: str) -> None:
    """The records of the training are sound, and only a program that wants a training reads them."""
    where = {"DATABASE_URL": f"sqlite:///{folder}/hub.db"}
    assert command_line.refused("room", "replay", room_id, **where)[0] == "hub/training-apart"
    told = command_line.run("room", "replay", room_id, **where, EXPERT_HUB_TRAINING="1")
    assert (told.code, told.out.endswith("PASS\n")) == (0, True), told


def _dump(path: Path) -> str:
    """A digest over every row of a database."""
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        lines = "\n".join(connection.iterdump())
    finally:
        connection.close()
    assert "INSERT INTO" in lines
    return hashlib.sha256(lines.encode()).hexdigest()

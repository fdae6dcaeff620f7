"""A training from the command line to the closed room, beside a real database of which nothing changes."""

import asyncio
import hashlib
import json
import re
import signal
import sqlite3
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from evaluation import commands as cmd
from expert_hub.demo.preparation import FolderNotOurs
from expert_hub.demo.telling import silent
from expert_hub.seat_client.client import SeatClient
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


ORDER = ("--lang", "en", "room", "train", "--pace", "0", "--seats", "5")


@dataclass(frozen=True)
class Real:
    """A real database, in use and named by the environment, beside which somebody trains."""

    line: Any
    env: dict[str, str]
    before: str

    @property
    def training(self) -> Path:
        return Path(self.line.home) / "var" / "training"

    def started(self, *options: str) -> subprocess.Popen[str]:
        env = {**self.line.env, **self.env, "PYTHONUTF8": "1", "EXPERT_HUB_PORT": "0"}
        command = [sys.executable, "-u", "-c", "from expert_hub.cli import main; main()", *ORDER, *options]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.line.home, env=env, stdout=pipe, stderr=pipe, text=True)

    def is_untouched(self) -> bool:
        others = {path.name for path in self.line.home.iterdir() if not path.name.startswith(("std", "real.db"))}
        return _dump(self.line.home / "real.db") == self.before and others == {"var"}


@pytest.fixture
def real(command_line: Any) -> Real:
    env = {"DATABASE_URL": f"sqlite:///{command_line.home}/real.db"}
    assert command_line.run("migrate", **env).code == 0
    create = ("account", "create", "one", "--role", "auditor", "--password-stdin")
    assert command_line.run(*create, stdin="correct horse battery\n", **env).code == 0
    return Real(command_line, env, _dump(command_line.home / "real.db"))


async def test_who_practises_gets_a_seat_in_a_marked_room_and_no_row_of_the_real_database_changes(real: Real) -> None:
    process = real.started("--as", "host")
    try:
        said = [await asyncio.to_thread(process.stdout.readline) for _ in range(4)]  # type: ignore[union-attr]
        assert said[2:3] == ["Your seat is host:\n"], (said, process.poll() is not None and process.stderr.read())  # type: ignore[union-attr]
        url, token_file = re.findall(r"--url (\S+) --token-file (\S+)", said[3])[0]
        path = real.line.home / token_file
        assert path.stat().st_mode & 0o077 == 0
        async with SeatClient(url, path.read_text("utf-8")) as seat:
            await seat.until(lambda view: "site" in view, _END_S)
            assert seat.view["training"] == {"mark": "演练 TRAINING"}
            await seat.send(cmd.OpenCheckIn())
            await seat.until(lambda view: view["site"]["entry"] == "open", _END_S)
        async with httpx.AsyncClient() as client:
            page = await client.get(url.replace("ws://", "http://").partition("/api/")[0])
        assert "演练 TRAINING" in page.text
    finally:
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.to_thread(process.communicate, timeout=_END_S)
    assert "Traceback" not in errors
    assert real.is_untouched()


@pytest.mark.slow
def test_a_training_runs_to_its_report_and_touches_no_row_of_the_real_database(real: Real) -> None:
    process = real.started("--as", "nobody")
    said, errors = process.communicate(timeout=_END_S)
    assert (process.returncode, errors) == (0, "")
    room_id = re.search(r"^\[演练 TRAINING\] room (\w+)$", said, re.MULTILINE)
    assert room_id, said
    report = json.loads((real.training / "report" / "report.json").read_text("utf-8"))
    assert (report["project"]["training"], report["project"]["stage"]) == ("演练 TRAINING", "closed")
    assert report["project"]["project_name"].startswith("【演练 TRAINING】")
    assert len(report["members"]) == 5
    assert real.is_untouched()
    _replayed_apart(real.line, real.training, room_id[1])


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

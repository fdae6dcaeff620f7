"""The demonstration as a visitor starts it: in an empty home, through the installed command, to the last page."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import httpx
import psutil
import pytest

RANKING = [
    "  1. 广州样例智慧教育科技有限公司  90.00",
    "  2. 佛山样例信息系统集成有限公司  87.15",
    "  3. 深圳样例数智设备有限公司  84.93",
    "  4. 东莞样例电教装备有限公司  76.14",
]
POSITIONS = 50
ROOT = Path(__file__).parents[2]
_END_S = 120.0


@dataclass(frozen=True)
class Run:
    """A demonstration that was started, and the file it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    def output(self) -> str:
        """What it said so far."""
        return self.log.read_text("utf-8")

    def until(self, wanted: str) -> str:
        """Wait until it has said a line that holds the wanted words, and give that line."""
        end = time.monotonic() + _END_S
        while time.monotonic() < end and self.process.poll() is None:
            for line in self.output().splitlines(keepends=True):
                if wanted in line and line.endswith("\n"):
                    return line.rstrip("\n")
            time.sleep(0.05)
        raise AssertionError(f"no line with {wanted!r}, exit code {self.process.poll()}: {self.output()}")

    def interrupt(self) -> int:
        """Press Ctrl-C. Returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=30)


@dataclass(frozen=True)
class Place:
    """An empty home, the folder of the demonstration in it, and a folder for what is said."""

    home: Path
    folder: Path
    logs: Path

    @contextmanager
    def started(self, name: str, *options: str) -> Iterator[Run]:
        """A demonstration that does not outlive the block; both its outputs go to one file."""
        command = [str(Path(sys.executable).with_name("expert-hub")), "--lang", "en", "demo", *options]
        command += ["--experts", "300", "--folder", str(self.folder)]
        env = {"HOME": str(self.home), "PATH": os.environ["PATH"], "EXPERT_HUB_PORT": "0"}
        log = self.logs / name
        with log.open("wb") as stream:
            process = subprocess.Popen(command, cwd=self.home, env=env, stdout=stream, stderr=stream)
        with process:
            try:
                yield Run(process, log)
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGINT)
                    process.wait(timeout=30)

    def server_pid(self) -> int:
        """The process that writes to the database, as its lock names it."""
        return int((self.folder / "hub.db.lock").read_text())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    home = tmp_path_factory.mktemp("home")
    return Place(home, home / "demo", tmp_path_factory.mktemp("said"))


@pytest.fixture(scope="module")
def first_run(place: Place) -> tuple[int, str]:
    """Exit code and output of one whole demonstration."""
    with place.started("first", "--exit") as run:
        return run.process.wait(timeout=_END_S), run.output()


def test_it_ends_well_with_the_ranking_worked_out_by_hand(first_run: tuple[int, str], place: Place) -> None:
    code, said = first_run
    assert code == 0
    lines = said.splitlines()
    start = lines.index("Ranking:") + 1
    assert lines[start : start + 5] == [*RANKING, f"report: {place.folder / 'report' / 'report.pdf'}"]
    assert f"draw verified: PASS ({place.folder / 'draw' / 'transcript.json'})" in lines
    assert [line for line in lines if "excluded by ground" in line]
    assert (place.folder / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "Traceback" not in (place.folder / "server.log").read_text("utf-8")
    assert not psutil.pid_exists(place.server_pid())
    # Nothing is written beside the folder that was named.
    assert [path.name for path in place.home.iterdir()] == ["demo"]


def test_a_stranger_verifies_the_draw_from_the_transcript_alone(
    first_run: tuple[int, str], place: Place, command_line: Any
) -> None:
    commitment = re.search(r"^Draw committed: ([0-9a-f]{64})$", first_run[1], re.MULTILINE)
    assert commitment
    transcript, policy = (place.folder / "draw" / name for name in ("transcript.json", "policy.json"))
    plain = command_line.run("draw", "verify", transcript, "--policy", policy)
    assert (plain.code, plain.out.splitlines()[-1], plain.err) == (0, "draw verified: PASS", "")
    alone = subprocess.run(
        [sys.executable, ROOT / "scheduling/verify_draw.py", transcript, "--policy", policy],
        cwd=place.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (alone.returncode, alone.stdout) == (0, plain.out)
    assert command_line.run("draw", "verify", transcript, "--policy", policy, "--commitment", commitment[1]).code == 0
    other = command_line.run("draw", "verify", transcript, "--policy", policy, "--commitment", "0" * 64)
    assert (other.code, other.out.splitlines()[-1]) == (1, "draw verified: FAIL")


def test_any_changed_byte_of_the_transcript_fails(
    first_run: tuple[int, str], place: Place, command_line: Any, tmp_path: Path
) -> None:
    whole = (place.folder / "draw" / "transcript.json").read_bytes()
    altered = tmp_path / "altered.json"
    random = Random("changed bytes")
    for position in random.sample(range(len(whole)), POSITIONS):
        value = (whole[position] + random.randrange(1, 256)) % 256
        altered.write_bytes(whole[:position] + bytes([value]) + whole[position + 1 :])
        end = command_line.run("draw", "verify", altered, "--policy", place.folder / "draw" / "policy.json")
        assert (end.code, end.out.splitlines()[-1], end.err) == (1, "draw verified: FAIL", ""), (position, value)


def test_ctrl_c_in_the_middle_ends_the_server_too(first_run: tuple[int, str], place: Place) -> None:
    with place.started("interrupted", "--exit") as run:
        run.until("Registered tender")
        server = place.server_pid()
        assert psutil.pid_exists(server)
        assert run.interrupt() == 130
    assert "Traceback" not in run.output()
    assert not psutil.pid_exists(server)


def test_again_in_the_same_folder_and_served_until_ctrl_c(
    first_run: tuple[int, str], place: Place, command_line: Any
) -> None:
    with place.started("served") as run:
        address = run.until("Serving on").split()[2]
        run.until("account representative")
        assert [line for line in run.output().splitlines() if line in RANKING] == RANKING
        server = place.server_pid()
        code, zh, en = command_line.refused("demo", "--exit", "--folder", place.folder)
        assert code == "hub/database-in-use"
        assert str(server) in zh
        assert en.startswith(f"Process {server} is writing to {place.folder / 'hub.db'}.")
        assert httpx.get(f"{address}/health/ready").json() == {"status": "ready"}
        assert run.interrupt() == 0
    assert not psutil.pid_exists(server)


def test_a_folder_with_foreign_files_is_refused_and_left_alone(command_line: Any) -> None:
    folder = command_line.home / "papers"
    folder.mkdir()
    (folder / "thesis.txt").write_text("irreplaceable")
    code, zh, en = command_line.refused("demo", "--exit", "--folder", folder)
    assert code == "demo/folder-not-ours"
    assert str(folder) in zh
    assert str(folder) in en
    assert [(path.name, path.read_text()) for path in folder.iterdir()] == [("thesis.txt", "irreplaceable")]

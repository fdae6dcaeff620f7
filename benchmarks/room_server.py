"""Servers to measure: `expert-hub serve` on a database of its own, and the bare application under the same settings."""

import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg
import psutil

from expert_hub.foundation.migrations import migrate_now

POSTGRESQL = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
_START_S, _STOP_S = 90.0, 15.0
_HUB = "from expert_hub.cli import main; main()"
# The settings of `expert_hub.cli.serving`, word for word.
_BARE = """
import sys, uvicorn
uvicorn.run("benchmarks.bare_app:app", host="127.0.0.1", port=int(sys.argv[1]), workers=1, loop="uvloop",
            http="httptools", ws="websockets-sansio", ws_max_size=65_536, ws_per_message_deflate=False,
            log_level="warning", access_log=False, timeout_graceful_shutdown=5)
"""


class NoPostgresql(Exception):
    """There is no PostgreSQL server to measure on."""


@dataclass
class Served:
    """A running server; `restart` begins again on the same port and database."""

    command: tuple[str, ...]
    env: Mapping[str, str]
    folder: Path
    port: int
    process: subprocess.Popen[bytes] = field(init=False)

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.folder / "server.log"

    def start(self) -> None:
        """Start and wait until it answers.

        Raises:
            RuntimeError: it ended or does not answer; the text is the end of what it wrote.
        """
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.env},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        end = time.monotonic() + _START_S
        while time.monotonic() < end and self.process.poll() is None:
            if _answers(f"http://127.0.0.1:{self.port}/health/ready"):
                return
            time.sleep(0.05)
        self.stop()
        raise RuntimeError(f"the server is not ready: {self.log.read_text(errors='replace')[-600:]}")

    def kill(self) -> None:
        """End all its processes as a power cut would."""
        for process in self.tree():
            process.kill()
        self.process.wait(_STOP_S)

    def stop(self) -> None:
        """End it in order, or else by force."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                self.kill()

    def tree(self) -> list[psutil.Process]:
        """The server and its workers."""
        try:
            top = psutil.Process(self.process.pid)
            return [top, *top.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def memory_mib(self) -> float:
        """Resident memory of all its processes."""
        return float(sum(process.memory_info().rss for process in self.tree())) / 2**20

    def cpu_s(self) -> float:
        """Processor time that all its processes have used."""
        times = [process.cpu_times() for process in self.tree()]
        return float(sum(one.user + one.system for one in times))


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hub_on(url: str, folder: Path, workers: int = 1, **env: str) -> Served:
    """The hub on a database, not started; its keys are in `folder/keys`."""
    port = free_port()
    settings = {
        "DATABASE_URL": url,
        "EXPERT_HUB_VAR_DIR": str(folder),
        "EXPERT_HUB_NOTIFIER": "file",
        "EXPERT_HUB_BEACONS": '["own"]',
        **env,
    }
    command = (sys.executable, "-c", _HUB, "serve", "--port", str(port), "--workers", str(workers))
    return Served(command, settings, folder, port)


@contextmanager
def bare_served(size: int) -> Iterator[Served]:
    """The bare application with frames of `size` octets, while the block runs."""
    with tempfile.TemporaryDirectory(prefix="expert-hub-bench-") as name:
        port = free_port()
        served = Served((sys.executable, "-c", _BARE, str(port)), {"BARE_BYTES": str(size)}, Path(name), port)
        served.start()
        try:
            yield served
        finally:
            served.stop()


@contextmanager
def migrated(engine: str, folder: Path) -> Iterator[str]:
    """The address of a migrated, empty database, dropped after the block.

    Raises:
        NoPostgresql: the server does not answer.
    """
    if engine == "sqlite":
        url = f"sqlite+aiosqlite:///{folder / 'hub.db'}"
        migrate_now(url)
        yield url
        return
    name = f"expert_hub_bench_{uuid.uuid4().hex}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        raise NoPostgresql(str(error)) from None
    try:
        url = f"{POSTGRESQL.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
        migrate_now(url)
        yield url
    finally:
        asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(f"{POSTGRESQL}/postgres")
    await connection.execute(statement)
    await connection.close()

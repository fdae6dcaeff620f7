"""Servers of our own that may crash: PostgreSQL and Redis in a temporary folder, each on a port of its own."""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import mkdtemp

import asyncpg
import pytest
import redis.asyncio

from benchmarks.room_server import free_port

_START_S = 60.0
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")


def program(name: str) -> str:
    """A program of PostgreSQL; the test is skipped where there is none."""
    found = [str(path) for place in _PLACES for path in sorted(Path("/").glob(f"{place[1:]}/{name}"))]
    path = found[-1] if found else shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


@dataclass
class Cluster:
    """A PostgreSQL cluster."""

    folder: Path
    port: int
    owner: tuple[str, ...]

    def url(self, name: str) -> str:
        """Address of a database for the hub."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it and wait until it has recovered."""
        # The machine goes on when its PostgreSQL crashes: what was written is there with or without fsync.
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60 -c fsync=off"
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options)

    def crash(self) -> None:
        """Kill the postmaster and whatever it has started: nothing is flushed, the log must be replayed."""
        pid = int((self.folder / "cluster/postmaster.pid").read_text("utf-8").split()[0])
        self._control("stop", "-m", "immediate", "-t", "60")
        end = time.monotonic() + _START_S
        while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
            time.sleep(0.02)

    def stop(self) -> None:
        """End it if it runs."""
        if (self.folder / "cluster/postmaster.pid").exists():
            self.crash()

    async def create(self, name: str) -> None:
        """Make a database."""
        connection = await asyncpg.connect(host="127.0.0.1", port=self.port, user="postgres", database="postgres")
        await connection.execute(f'CREATE DATABASE "{name}"')
        await connection.close()

    def _control(self, *arguments: str) -> None:
        command = [*self.owner, program("pg_ctl"), "-s", "-D", str(self.folder / "cluster"), *arguments]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd="/")


@contextmanager
def opened_cluster() -> Iterator[Cluster]:
    """A fresh cluster that runs; the server refuses to be root, so root lends it the user postgres."""
    initdb = program("initdb")
    folder = Path(mkdtemp(prefix="expert-hub-pg-"))
    owner: tuple[str, ...] = ()
    if os.geteuid() == 0:
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("there is no user postgres to run a server as")
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        owner = ("runuser", "-u", "postgres", "--")
    cluster = Cluster(folder, free_port(), owner)
    command = [*owner, initdb, "--no-sync", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale", "C"]
    try:
        made = subprocess.run([*command, "-D", str(folder / "cluster")], check=True, capture_output=True, cwd="/")
        assert made.returncode == 0
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@dataclass
class OwnRedis:
    """A Redis that keeps nothing."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    async def start(self) -> None:
        """Start it and wait until it answers."""
        command = [
            "redis-server",
            "--port",
            str(self.port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(self.folder),
        ]
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        client = redis.asyncio.from_url(self.url)
        async with asyncio.timeout(_START_S):
            while True:
                try:
                    await client.ping()
                    break
                except redis.exceptions.RedisError:
                    await asyncio.sleep(0.02)
        await client.aclose()

    def kill(self) -> None:
        """End it at once."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None


@contextmanager
def opened_redis(folder: Path) -> Iterator[OwnRedis]:
    """A Redis of our own, not started."""
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is not installed")
    found = OwnRedis(folder, free_port())
    try:
        yield found
    finally:
        found.kill()

"""Servers that are up in a moment: the program is loaded once, and every server is a process forked from that one."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.room_server import free_port

_START_S = 90.0
_NURSE = """
import gc, json, os, signal, sys
import expert_hub.app, uvloop, httptools, websockets, uvicorn.protocols.websockets.websockets_sansio_impl
import aiosqlite, asyncpg
from expert_hub.cli import main
gc.freeze()
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child:
        print(child, flush=True)
        continue
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.update(order["env"])
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sys.argv = ["expert-hub", "serve", "--port", str(order["port"])]
    try:
        main()
    finally:
        os._exit(0)
"""


class Nursery:
    """The process that the servers are forked from."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        # Hubs are begun from several threads; each must read the answer to its own order.
        self._turn = threading.Lock()

    def fork(self, env: Mapping[str, str], port: int, log: Path) -> int:
        """Begin a server and give its process id."""
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps({"env": dict(env), "port": port, "log": str(log)}) + "\n")
            self._process.stdin.flush()
            return int(self._process.stdout.readline())


@contextmanager
def opened_nursery() -> Iterator[Nursery]:
    """A nursery, while the block runs."""
    command = [sys.executable, "-X", "utf8", "-c", _NURSE]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()


@dataclass
class ForkedHub:
    """A server on one port; it may be killed and started again any number of times."""

    nursery: Nursery
    folder: Path
    env: Mapping[str, str]
    port: int = field(default_factory=free_port)
    pid: int = 0

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        return ("127.0.0.1", self.port)

    @property
    def log(self) -> Path:
        """What it wrote."""
        return self.folder / f"server-{self.port}.log"

    def is_alive(self) -> bool:
        """Whether its process is there."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    async def start(self) -> None:
        """Start it and wait until it answers."""
        self.pid = await asyncio.to_thread(self.nursery.fork, self.env, self.port, self.log)
        async with asyncio.timeout(_START_S):
            while not await self._answers():
                assert self.is_alive(), self.log.read_text("utf-8")[-2000:]
                await asyncio.sleep(0.02)

    async def _answers(self) -> bool:
        try:
            reader, writer = await asyncio.open_connection(*self.address)
        except OSError:
            return False
        try:
            writer.write(b"GET /health/ready HTTP/1.1\r\nHost: hub\r\nConnection: close\r\n\r\n")
            return (await reader.readline()).startswith(b"HTTP/1.1 200")
        except OSError:
            return False
        finally:
            writer.close()

    async def end(self, number: int = signal.SIGTERM) -> None:
        """Send it a signal and wait until it is gone."""
        if not self.pid:
            return
        if self.is_alive():
            os.kill(self.pid, number)
        async with asyncio.timeout(_START_S):
            while self.is_alive():
                await asyncio.sleep(0.01)
        self.pid = 0

    async def kill(self) -> None:
        """End it as a power cut would: no handler runs, nothing is flushed."""
        await self.end(signal.SIGKILL)

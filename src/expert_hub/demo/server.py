"""The hub as a process of its own."""

import asyncio
import socket
import sys
from asyncio.subprocess import DEVNULL, Process
from pathlib import Path

import httpx

from expert_hub.foundation.errors import HubError

_START_S = 120.0


class ServerSilent(HubError):
    """The server process did not become ready."""

    code = "demo/server-silent"
    status = 500
    zh = "服务进程未能就绪：{why}"
    en = "The server did not become ready: {why}"


def free_port(wanted: int) -> int:
    """The wanted port, or one that the system gives when something listens there already."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise ServerSilent(why="no free port")


async def start_server(port: int, log: Path) -> Process:
    """Start `expert-hub serve` with the environment of this process, writing to `log`, and wait until it is ready.

    Raises:
        ServerSilent: it ended or did not answer in time.
    """
    command = (sys.executable, "-c", "from expert_hub.cli import main; main()", "serve", "--port", str(port))
    with log.open("ab") as stream:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        for _ in range(int(_START_S / 0.1)):
            if process.returncode is not None:
                raise ServerSilent(why=f"exit code {process.returncode}, see {log}")
            try:
                if (await client.get("/health/ready")).status_code == 200:
                    return process
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    await stop_server(process)
    raise ServerSilent(why=f"no answer within {_START_S:.0f} s, see {log}")


async def stop_server(process: Process) -> None:
    """End the server and wait for it."""
    if process.returncode is None:
        process.terminate()
    try:
        async with asyncio.timeout(10):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()

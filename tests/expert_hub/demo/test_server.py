"""The hub of the demonstration as a process: which port, when it is ready, and that it ends."""

import asyncio
import socket
import sys
from pathlib import Path

import pytest

from expert_hub.demo.server import ServerSilent, free_port, start_server, stop_server


def test_the_wished_port_is_taken_when_it_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
        other = free_port(port)
        assert other != port
        assert other > 0
    assert free_port(port) == port
    assert free_port(0) > 0


async def test_a_server_that_refuses_to_start_is_named_with_its_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXPERT_HUB_VAR_DIR", str(tmp_path))
    monkeypatch.setenv("EXPERT_HUB_TOKEN_MINUTES", "0")
    log = tmp_path / "server.log"
    with pytest.raises(ServerSilent, match=f"exit code 2, see {log}"):
        await start_server(free_port(0), log)
    assert "hub/settings-invalid" in log.read_text("utf-8")


async def test_stopping_ends_the_process_and_may_be_repeated() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=asyncio.subprocess.PIPE)
    await stop_server(process)
    assert process.returncode == -15
    await stop_server(process)

"""A hub in a process of its own, on a database of its own, prepared like the demonstration."""

from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from expert_hub.demo.preparation import Stage, prepare
from expert_hub.demo.server import free_port, start_server, stop_server
from expert_hub.demo.telling import silent
from expert_hub.foundation.clock import SystemClock
from expert_hub.foundation.settings import Settings


@dataclass
class ServedHub:
    """The server, what it was prepared with, and the address of its database."""

    stage: Stage
    database_url: str
    port: int
    process: Process = field(init=False)

    @property
    def address(self) -> str:
        """host:port."""
        return f"127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Start the server, again on the same port, and wait until it is ready."""
        self.process = await start_server(self.port, self.stage.folder / "server.log")

    def kill(self) -> None:
        """End the server as a power cut would: no handler runs, nothing is flushed."""
        self.process.kill()


@pytest.fixture
def beacon_lead_s() -> int:
    """From a commitment to the round that it waits for."""
    return 6


@pytest.fixture
async def served_hub(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beacon_lead_s: int
) -> AsyncIterator[ServedHub]:
    """A hub with 300 experts, two venues and an account of every office."""
    port = free_port(0)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("EXPERT_HUB_VAR_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("EXPERT_HUB_NOTIFIER", "file")
    monkeypatch.setenv("EXPERT_HUB_BEACONS", '["own"]')
    monkeypatch.setenv("EXPERT_HUB_OWN_BEACON_PERIOD_S", "1")
    monkeypatch.setenv("EXPERT_HUB_BEACON_LEAD_S", str(beacon_lead_s))
    folder = tmp_path / "var"
    folder.mkdir()
    stage = await prepare(folder, Settings(), 300, SystemClock().now(), silent)
    hub = ServedHub(stage, database_url, port)
    await hub.start()
    yield hub
    await stop_server(hub.process)

"""The shipped clients pass the conformance script on a real hub; programs that do wrong are named."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from expert_hub.seat_client.conformance import RoomUnfit, conform

ROOT = Path(__file__).resolve().parents[3]
NODE_CLIENT = ROOT / "docs/protocol/examples/seat.mjs"
PYTHON_CLIENT = [str(Path(sys.executable).with_name("expert-hub")), "seat"]
STEPS = [
    "resume", "acknowledged", "cut-before", "cut-after", "refused", "unknown-ignored", "gap-noticed", "ping", "ended",
    "credential", "locked-out",
]  # fmt: skip


@dataclass
class Ready:
    url: str
    token: str


@pytest.fixture
async def ready(api: Any) -> Ready:
    """A room that waits for check-in, and its host operator."""
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    return Ready(f"ws://{api.address}/api/v1/rooms/{room_id}/socket", api.tokens["host"])


def node() -> list[str]:
    """How Node is started with a WebSocket, or a reason to skip."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed")
    for options in ([], ["--experimental-websocket"]):
        probe = [program, *options, "-e", "process.exit(typeof WebSocket === 'function' ? 0 : 1)"]
        if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
            return [program, *options]
    pytest.skip("this Node has no WebSocket; 20 with a flag, or 22, is needed")


@pytest.mark.parametrize("language", ["python", "node"])
async def test_a_shipped_client_conforms(ready: Ready, language: str) -> None:
    program = PYTHON_CLIENT if language == "python" else [*node(), str(NODE_CLIENT)]
    findings = await conform(program, ready.url, ready.token)
    assert [(one.step, one.why) for one in findings] == [(step, "") for step in STEPS]


WRONG = {
    "acknowledged": ("  print(frame);\n", "  print(frame);\n  print(frame);\n"),
    "cut-before": ("after: version", "after: null"),
    "unknown-ignored": (
        "} else return; // pong",
        "} else if (frame.kind !== 'pong') throw frame; else return; // pong",
    ),
    "ping": ("!unanswered.delete(frame.command_id)", "!unanswered.has(frame.command_id)"),
    "ended": ("refused ? 1 : 0", "0"),
    "credential": ("Bearer ${token}", "Bearer ${token}x"),
}


QUICK = ("cut-before", "unknown-ignored", "ended")


@pytest.mark.parametrize(
    "step", [pytest.param(step, marks=[] if step in QUICK else pytest.mark.slow) for step in WRONG]
)
async def test_a_client_that_does_wrong_is_named(ready: Ready, tmp_path: Path, step: str) -> None:
    right, wrong = WRONG[step]
    source = NODE_CLIENT.read_text(encoding="utf-8")
    assert source.count(right) == 1
    (tmp_path / "seat.mjs").write_text(source.replace(right, wrong), encoding="utf-8")
    findings = await conform([*node(), str(tmp_path / "seat.mjs")], ready.url, ready.token)
    assert [one.step for one in findings if not one.is_kept] == [step], findings


async def test_a_room_that_does_not_wait_for_check_in_is_left_alone(api: Any, ready: Ready) -> None:
    with pytest.raises(RoomUnfit):
        await conform(["false"], ready.url, api.tokens["supervisor"])

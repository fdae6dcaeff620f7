"""`expert-hub serve`: a real server, and every reason not to start as one sentence."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest


@contextmanager
def serving(command_line: Any, *options: str) -> Iterator[str]:
    """A server process that ends with the block; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [Path(sys.executable).with_name("expert-hub"), "--lang", "en", "serve", "--port", str(port), *options]
    log = command_line.home / "server.log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, cwd=command_line.home, env=command_line.env, stdout=stream, stderr=stream)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            assert process.poll() is None, log.read_text("utf-8")
            try:
                if httpx.get(f"{address}/health/ready").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert log.read_text("utf-8") == f"Serving on {address}\n"


def test_an_empty_hub_migrates_itself_serves_and_refuses_a_second_one(command_line: Any) -> None:
    with serving(command_line) as address:
        assert httpx.get(f"{address}/health/live").json()["status"] == "live"
        assert httpx.get(f"{address}/").status_code == 200
        port = address.rpartition(":")[2]
        code, zh, en = command_line.refused("serve", "--port", port, EXPERT_HUB_VAR_DIR="elsewhere")
        assert code == "hub/port-taken"
        assert zh.startswith(f"无法监听 127.0.0.1:{port}：")
        assert en.startswith(f"Cannot listen on 127.0.0.1:{port}: ")
        assert command_line.refused("serve", "--port", "0")[0] == "hub/database-in-use"
        assert command_line.refused("migrate", "down", "base")[0] == "hub/database-in-use"
        assert httpx.get(f"{address}/health/ready").status_code == 200


def test_a_database_of_ones_own_is_migrated_only_when_told_to(command_line: Any, empty_url: str) -> None:
    command_line.env["DATABASE_URL"] = empty_url
    assert command_line.refused("serve", "--port", "0")[0] == "hub/database-not-migrated"
    with serving(command_line, "--migrate") as address:
        assert httpx.get(f"{address}/health/ready").json() == {"status": "ready"}
    assert command_line.run("migrate", "check").code == 0


@pytest.mark.parametrize(
    ("options", "env", "named"),
    [
        (("--workers", "2"), {}, "2 workers on SQLite"),
        (("--host", "0.0.0.0"), {}, "listening on 0.0.0.0 without TLS"),
        ((), {"EXPERT_HUB_ALLOWED_ORIGINS": '["*"]'}, "EXPERT_HUB_ALLOWED_ORIGINS holds *"),
    ],
)
def test_unsafe_settings_are_refused(
    command_line: Any, options: tuple[str, ...], env: dict[str, str], named: str
) -> None:
    code, zh, en = command_line.refused("serve", "--port", "0", *options, **env)
    assert code == "hub/unsafe-settings"
    assert zh.startswith("配置不安全，拒绝启动：")
    assert en.startswith("Unsafe settings, not starting: ")
    assert named in zh
    assert named in en
    assert not (command_line.home / "var" / "hub.db").exists()


def test_keys_that_others_may_read_are_refused(command_line: Any) -> None:
    assert command_line.run("migrate").code == 0
    assert command_line.run("account", "list").code == 0
    (key, *_) = sorted((command_line.home / "var" / "keys").glob("*.key"))
    os.chmod(key, 0o644)
    code, _, en = command_line.refused("serve", "--port", "0")
    assert (code, key.name in en) == ("hub/unsafe-settings", True)

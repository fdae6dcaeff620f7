"""What all commands share: language, settings, and refusals as sentences."""

import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from expert_hub import __version__

SECRET = "hidden-word"
COMMANDS = (("migrate",), ("account", "list"), ("ledger", "verify"), ("serve", "--port", "0"))


def test_the_installed_command_says_its_version() -> None:
    command = Path(sys.executable).with_name("expert-hub")
    end = subprocess.run([command, "--version"], capture_output=True, text=True, timeout=60)
    assert (end.returncode, end.stdout, end.stderr) == (0, f"{__version__}\n", "")


def test_without_a_command_the_help_names_every_group(command_line: Any) -> None:
    end = command_line.run()
    assert end.code == 2
    for name in ("serve", "demo", "migrate", "import", "catalogue", "venues", "sample", "account", "draw", "ledger"):
        assert name in end.out + end.err


@pytest.mark.parametrize(
    ("env", "start"),
    [
        ({}, "没有"),
        ({"LANG": "en_GB.UTF-8"}, "There is"),
        ({"LANG": "zh_CN.UTF-8", "EXPERT_HUB_LANGUAGE": "en"}, "没有"),
        ({"EXPERT_HUB_LANGUAGE": "en"}, "There is"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "There is"),
        ({"LANG": "C.UTF-8"}, "没有"),
    ],
)
def test_the_language_is_the_terminals_else_the_settings(command_line: Any, env: dict[str, str], start: str) -> None:
    end = command_line.run("sample", "--format", "pdf", **env)
    assert end.code == 2
    assert end.err.startswith(start if start != "没有" else "不支持格式")


def test_another_language_is_a_mistake_of_use(command_line: Any) -> None:
    end = command_line.run("--lang", "fr", "migrate")
    assert (end.code, end.out) == (2, "")
    assert "Traceback" not in end.err


def test_wrong_settings_are_all_named_at_once(command_line: Any) -> None:
    wrong = {"EXPERT_HUB_LOGINS_PER_MINUTE": "many", "EXPERT_HUB_TOKEN_MINUTES": "0"}
    for command in COMMANDS:
        code, zh, en = command_line.refused(*command, **wrong)
        assert code == "hub/settings-invalid"
        for sentence in (zh, en):
            assert "logins_per_minute: " in sentence.lower()
            assert "token_minutes: " in sentence.lower()


@pytest.mark.parametrize(
    "url", [f"mysql://hub:{SECRET}@db/hub", f"hub:{SECRET}", f"postgresql://hub:{SECRET}@db:port/hub"]
)
def test_an_address_of_no_database_is_refused_without_showing_it(command_line: Any, url: str) -> None:
    for command in COMMANDS:
        code, zh, en = command_line.refused(*command, DATABASE_URL=url)
        assert code == "hub/settings-invalid"
        assert "DATABASE_URL" in zh
        assert "DATABASE_URL" in en
        assert SECRET not in zh + en


@pytest.mark.parametrize("form", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_an_unreachable_postgresql_is_a_sentence_without_the_password(command_line: Any, form: str) -> None:
    for command in (*COMMANDS, ("serve", "--port", "0", "--migrate"), ("migrate", "down", "base")):
        code, zh, en = command_line.refused(*command, DATABASE_URL=f"{form}://hub:{SECRET}@127.0.0.1:1/hub")
        assert code == "hub/database-unreachable"
        assert SECRET not in zh + en
        assert zh.startswith("无法连接数据库 postgresql+asyncpg://hub:***@127.0.0.1:1/hub：")


def test_a_server_that_never_answers_is_given_up(command_line: Any) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"postgresql://hub:{SECRET}@127.0.0.1:{silent.getsockname()[1]}/hub"
        code, zh, en = command_line.refused("account", "list", DATABASE_URL=url)
    assert code == "hub/database-unreachable"
    assert SECRET not in zh + en


def test_a_folder_without_right_to_write_is_a_sentence(command_line: Any) -> None:
    (command_line.home / "var").write_text("a file where the folder should be")
    code, zh, en = command_line.refused("migrate")
    assert code == "hub/file-missing"
    assert "/var" in zh
    assert "/var" in en

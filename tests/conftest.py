"""What every test may ask for: a real, empty database on each engine, a clock that stands still, a seeded chance.

Without a PostgreSQL server the tests on it are skipped with a reason; with CI set they fail loudly instead.
"""

import asyncio
import json
import os
import select
import shutil
import subprocess
import sys
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import migrate_now
from expert_hub.foundation.vault import Vault

ENGINES = ("sqlite", "postgresql")
SERVER = os.environ.get("EXPERT_HUB_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--engine", choices=[*ENGINES, "all"], default="all", help="database engines to test on")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    figures = [
        f"{report.nodeid.partition('::')[2]}: {text}"
        for report in terminalreporter.stats.get("passed", [])
        for name, text in report.user_properties
        if name == "figure"
    ]
    if figures:
        terminalreporter.section("figures")
        terminalreporter.write_line("\n".join(figures))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "engine_name" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--engine")
        metafunc.parametrize("engine_name", ENGINES if wanted == "all" else (wanted,), scope="session")


@pytest.fixture(scope="session")
def schema_on(engine_name: str, tmp_path_factory: pytest.TempPathFactory, worker: str) -> Iterator[str | Path]:
    """A migrated database of this test process: an SQLite file to copy, or the address of a PostgreSQL database."""
    if engine_name == "sqlite":
        path = tmp_path_factory.mktemp("schema") / "hub.db"
        migrate_now(f"sqlite+aiosqlite:///{path}")
        yield path
        return
    name = f"expert_hub_test_{worker}_{os.getpid()}"
    try:
        asyncio.run(_on_server(f'CREATE DATABASE "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL is needed for these tests and does not answer: {error}")
        pytest.skip(f"PostgreSQL does not answer at {SERVER}: {error}")
    url = f"{SERVER.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    try:
        migrate_now(url)
        yield url
    finally:
        asyncio.run(_on_server(f'DROP DATABASE "{name}" WITH (FORCE)'))


@pytest.fixture(scope="session")
def worker() -> str:
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture
async def database_url(schema_on: str | Path, tmp_path: Path) -> str:
    """The address of a migrated and empty database."""
    if isinstance(schema_on, Path):
        shutil.copy(schema_on, tmp_path / "hub.db")
        return f"sqlite+aiosqlite:///{tmp_path / 'hub.db'}"
    await _empty(schema_on)
    return schema_on


@pytest.fixture
async def empty_url(engine_name: str, tmp_path: Path) -> AsyncIterator[str]:
    """The address of a database without any table."""
    if engine_name == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path / 'empty.db'}"
        return
    name = f"expert_hub_empty_{uuid.uuid4().hex}"
    try:
        await _on_server(f'CREATE DATABASE "{name}"')
    except (OSError, asyncpg.PostgresError) as error:
        if os.environ.get("CI"):
            pytest.fail(f"PostgreSQL is needed for these tests and does not answer: {error}")
        pytest.skip(f"PostgreSQL does not answer at {SERVER}: {error}")
    yield f"{SERVER.replace('postgresql://', 'postgresql+asyncpg://')}/{name}"
    await _on_server(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(datetime(2026, 3, 2, 1, 0, tzinfo=UTC))


@pytest.fixture
def chance() -> SeededChance:
    return SeededChance("tests")


@pytest.fixture
def vault() -> Vault:
    return Vault(bytes(range(64)))


# Loading the program takes seconds, so it is loaded once; every command is a process of its own, forked from that one.
_LAUNCHER = """
import gc, json, os, signal, sys, traceback
from expert_hub.cli import main
gc.freeze()
for line in sys.stdin:
    order = json.loads(line)
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    signal.alarm(60)
    os.chdir(order["cwd"])
    os.environ.clear()
    os.environ.update(order["env"])
    for number, name in enumerate(("in", "out", "err")):
        os.dup2(os.open(order[name], os.O_RDWR | os.O_CREAT, 0o600), number)
    sys.stdin = os.fdopen(0)
    sys.argv = ["expert-hub", *order["args"]]
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code or 0
    except BaseException:
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    # To take down everything that was loaded would take longer than most commands.
    os._exit(code)
"""


@dataclass(frozen=True)
class Finished:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandLine:
    """`expert-hub` with an empty home; `env` is all of the environment that a command gets beside it."""

    launcher: subprocess.Popen[str]
    home: Path
    env: dict[str, str]

    def run(self, *args: str | Path, stdin: str = "", **env: str) -> Finished:
        """Run one command to its end, which comes within a minute."""
        files = {name: self.home / f"std{name}" for name in ("in", "out", "err")}
        for path in files.values():
            path.write_text("", encoding="utf-8")
        files["in"].write_text(stdin, encoding="utf-8")
        order = {"args": [str(arg) for arg in args], "cwd": str(self.home), "env": {**self.env, **env}}
        assert self.launcher.stdin
        assert self.launcher.stdout
        self.launcher.stdin.write(json.dumps(order | {name: str(path) for name, path in files.items()}) + "\n")
        self.launcher.stdin.flush()
        assert select.select([self.launcher.stdout], [], [], 90)[0], "the command does not end"
        code = int(self.launcher.stdout.readline())
        return Finished(code, files["out"].read_text("utf-8"), files["err"].read_text("utf-8"))

    def refused(self, *args: str | Path, stdin: str = "", **env: str) -> tuple[str, str, str]:
        """Run a command that must be refused in both languages. Returns code, Chinese and English sentence."""
        said = []
        for language in ("zh", "en"):
            end = self.run("--lang", language, *args, stdin=stdin, **env)
            assert (end.code, end.out) == (2, ""), end
            assert end.err.count("\n") == 1, end.err
            sentence, _, code = end.err.strip().rpartition(" ")
            assert code.startswith("["), end.err
            said += [sentence, code.strip("[]")]
        zh, zh_code, en, en_code = said
        assert zh_code == en_code
        assert zh != en
        return zh_code, zh, en


@pytest.fixture(scope="session")
def launcher() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-X", "utf8", "-c", _LAUNCHER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with process:
        yield process


@pytest.fixture
def command_line(launcher: subprocess.Popen[str], tmp_path: Path) -> CommandLine:
    """The command line without any setting: its embedded database is `home/var/hub.db`."""
    home = tmp_path / "home"
    home.mkdir()
    return CommandLine(launcher, home, {"HOME": str(home), "PATH": os.environ["PATH"]})


async def _empty(url: str) -> None:
    connection = await asyncpg.connect(url.replace("+asyncpg", ""))
    rows = await connection.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )
    tables = ", ".join(f'"{row["tablename"]}"' for row in rows)
    if tables:
        await connection.execute(f"TRUNCATE {tables} CASCADE")
    await connection.close()


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(f"{SERVER}/postgres")
    await connection.execute(statement)
    await connection.close()

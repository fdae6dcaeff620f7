"""`expert-hub migrate`: up, compare, down."""

from dataclasses import replace
from typing import Any

import pytest

from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import migrations_dir

HEAD = max(path.name[:4] for path in (migrations_dir() / "versions").glob("*.py"))


@pytest.fixture
def unmigrated(command_line: Any, empty_url: str) -> Any:
    return replace(command_line, env={**command_line.env, "DATABASE_URL": empty_url})


def test_up_check_down_and_up_again(unmigrated: Any) -> None:
    first = unmigrated.run("--lang", "en", "migrate")
    assert (first.code, first.out, first.err) == (0, f"Schema: empty → {HEAD}\n", "")
    assert unmigrated.run("migrate").out == f"数据库结构：{HEAD} → {HEAD}\n"
    check = unmigrated.run("--lang", "en", "migrate", "check")
    assert (check.code, check.out, check.err) == (0, "The database has the schema of this program.\n", "")
    down = unmigrated.run("--lang", "en", "migrate", "down", "base")
    assert (down.code, down.out, down.err) == (0, "The schema is down to base.\n", "")
    wanting = unmigrated.run("migrate", "check")
    assert (wanting.code, wanting.out, wanting.err) == (1, "", f"revision None, wanted {HEAD}\n")
    assert unmigrated.run("migrate").out == f"数据库结构：空 → {HEAD}\n"


async def test_check_names_a_table_that_is_missing(unmigrated: Any, empty_url: str) -> None:
    assert unmigrated.run("migrate").code == 0
    database = Database(empty_url)
    async with database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE room_command")
    await database.close()
    check = unmigrated.run("migrate", "check")
    assert (check.code, check.out) == (1, "")
    assert "room_command" in check.err
    assert "Traceback" not in check.err


@pytest.mark.parametrize("revision", ["0042", "nonsense", "+1"])
def test_down_to_a_revision_that_does_not_exist_is_refused(unmigrated: Any, revision: str) -> None:
    assert unmigrated.run("migrate").code == 0
    code, zh, en = unmigrated.refused("migrate", "down", revision)
    assert code == "hub/revision-unknown"
    assert revision in zh
    assert revision in en
    assert unmigrated.run("migrate", "check").code == 0


def test_every_other_command_names_the_missing_step(unmigrated: Any) -> None:
    for command in (("account", "list"), ("catalogue", "import"), ("ledger", "verify"), ("serve", "--port", "0")):
        code, zh, en = unmigrated.refused(*command)
        assert code == "hub/database-not-migrated"
        assert zh == f"数据库结构版本为 -，程序需要 {HEAD}。请先运行 expert-hub migrate。"
        assert en == f"The database has schema -, this program needs {HEAD}. Run expert-hub migrate first."


async def test_a_database_that_somebody_writes_to_is_left_alone(command_line: Any) -> None:
    assert command_line.run("migrate").code == 0
    writer = Database(f"sqlite+aiosqlite:///{command_line.home / 'var' / 'hub.db'}")
    writer.claim()
    for command in (("migrate",), ("migrate", "down", "base"), ("serve", "--port", "0"), ("catalogue", "import")):
        assert command_line.refused(*command)[0] == "hub/database-in-use"
    assert command_line.run("migrate", "check").code == 0
    await writer.close()

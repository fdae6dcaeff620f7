"""`expert-hub ledger verify`: PASS on what was written, FAIL on what was altered behind the program's back."""

from typing import Any

import pytest
from sqlalchemy import text

from expert_hub.foundation.db import Database

TAMPERING = {
    "text": """UPDATE ledger_entry SET text = replace(text, 'auditor', 'tuditor') WHERE "index" = 1""",
    "column": """UPDATE ledger_entry SET subject = 'other' WHERE "index" = 1""",
    "root": f"""UPDATE ledger_entry SET root = '{"0" * 64}' WHERE "index" = 1""",
    "gap": """DELETE FROM ledger_entry WHERE "index" = 1""",
}


def filled(expert_hub: Any) -> Any:
    for name in ("one", "two", "three"):
        create = ("account", "create", name, "--role", "auditor", "--password-stdin")
        assert expert_hub.run(*create, stdin="correct horse battery\n").code == 0
    return expert_hub


async def execute(database_url: str, statement: str) -> None:
    database = Database(database_url)
    async with database.write() as session:
        await session.execute(text(statement))
    await database.close()


def test_an_empty_and_a_growing_ledger_pass(expert_hub: Any) -> None:
    empty = expert_hub.run("ledger", "verify")
    assert empty.code == 0
    assert empty.out.startswith("ledger of 0 entries, root ")
    assert empty.out.endswith(": PASS\n")
    end = filled(expert_hub).run("ledger", "verify")
    assert (end.code, end.err) == (0, "")
    assert end.out.startswith("ledger of 3 entries, root ")
    assert end.out.endswith(": PASS\n")


@pytest.mark.parametrize("statement", TAMPERING.values(), ids=TAMPERING)
async def test_a_row_altered_by_sql_fails_and_is_named(expert_hub: Any, database_url: str, statement: str) -> None:
    filled(expert_hub)
    await execute(database_url, statement)
    end = expert_hub.run("ledger", "verify")
    assert (end.code, end.err) == (1, "")
    fault, verdict = end.out.splitlines()
    assert fault.startswith("entry 1: ")
    assert verdict.endswith(": FAIL")


async def test_a_ledger_cut_off_at_its_end_fails(expert_hub: Any, database_url: str) -> None:
    filled(expert_hub)
    await execute(database_url, 'DELETE FROM ledger_entry WHERE "index" = 2')
    end = expert_hub.run("ledger", "verify")
    assert (end.code, end.out.splitlines()[0]) == (1, "entry 2: the head does not match the entries")

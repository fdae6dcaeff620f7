"""The history of the schema, run for real on both engines."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import Connection, MetaData, inspect, text
from sqlalchemy import Table as SqlTable
from sqlalchemy.exc import IntegrityError

import expert_hub.app  # noqa: F401  (loads every table)
from expert_hub.foundation.db import Database
from expert_hub.foundation.migrations import (
    DatabaseNotMigrated,
    differences,
    downgrade,
    ensure_migrated,
    revisions,
    upgrade,
)


@pytest.fixture
async def empty(empty_url: str) -> AsyncIterator[Database]:
    """A database without any table."""
    database = Database(empty_url)
    yield database
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_up_fits_the_code_and_down_leaves_nothing(empty: Database) -> None:
    await upgrade(empty)
    assert await differences(empty) == []
    await ensure_migrated(empty)
    await downgrade(empty, "base")
    assert await _tables(empty) == {"alembic_version"}
    await upgrade(empty)
    assert await differences(empty) == []


async def test_draws_of_the_first_form_come_through_and_back_with_all_they_hold(empty: Database) -> None:
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    await upgrade(empty, "0002")
    async with empty.engine.begin() as connection:
        await connection.run_sync(_old_draws, at)
    held = (
        "SELECT p.id, p.expert_id, p.rank, d.committed, d.centre_pledge "
        "FROM draw_position p JOIN draw d ON d.id = p.draw_id ORDER BY p.id"
    )
    before = await _rows(empty, held)
    assert len(before) == 4
    await upgrade(empty)
    assert await _rows(empty, "SELECT id, state, replacement FROM draw ORDER BY id") == [
        ("d0", "ready", "next_in_order"),
        ("d1", "void", "next_in_order"),
    ]
    seats = "SELECT draw_id, place, seat, position, outcome FROM draw_position ORDER BY draw_id, place"
    assert await _rows(empty, seats) == [
        ("d0", 0, 0, 0, "accepted"),
        ("d0", 1, None, 1, "drawn"),
        ("d1", 0, 0, 0, "accepted"),
        ("d1", 1, None, 1, "drawn"),
    ]
    await downgrade(empty, "0002")
    assert await _rows(empty, held) == before


async def test_foreign_keys_hold_again_after_a_migration(empty: Database) -> None:
    await upgrade(empty)
    with pytest.raises(IntegrityError):
        async with empty.engine.begin() as connection:
            await connection.execute(text("INSERT INTO draw_link VALUES ('t', 1, 'nothing', 0, 0)"))


async def _rows(database: Database, statement: str) -> list[tuple[object, ...]]:
    async with database.engine.connect() as connection:
        return [tuple(row) for row in await connection.execute(text(statement))]


async def test_an_empty_database_is_refused_with_both_revisions(empty: Database) -> None:
    found, wanted = await revisions(empty)
    assert found is None
    with pytest.raises(DatabaseNotMigrated, match=str(wanted)):
        await ensure_migrated(empty)


async def test_a_missing_table_is_a_difference(empty: Database) -> None:
    await upgrade(empty)
    async with empty.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE room_command")
    assert any("room_command" in item for item in await differences(empty))


async def test_invitations_under_way_are_ended_by_the_worker_after_the_upgrade(empty: Database) -> None:
    at = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    await upgrade(empty, "0001")
    async with empty.engine.begin() as connection:
        await connection.run_sync(_old_invitations, at)
    await upgrade(empty)
    async with empty.engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT state, rounds, attempts_max, due_at IS NOT NULL, closed_at IS NOT NULL FROM invitation")
        )
        found = {row[0]: tuple(row[1:]) for row in rows}
    assert found == {
        "queued": (1, 1, True, False),
        "sent": (1, 1, True, False),
        "accepted": (1, 1, False, False),
        "declined": (1, 1, False, True),
    }
    await downgrade(empty, "0001")
    async with empty.engine.connect() as connection:
        rows = await connection.execute(text("SELECT state, message_sealed IS NULL FROM invitation"))
        assert {row[0]: bool(row[1]) for row in rows} == dict.fromkeys(found, True)


def _old_invitations(connection: Connection, at: datetime) -> None:
    """One invitation in each state of the first schema, with all that it hangs on."""
    schema = MetaData()
    schema.reflect(connection)
    _insert(connection, schema.tables["project"], at, id="p")
    _insert(connection, schema.tables["lot"], at, id="l", project_id="p")
    _insert(connection, schema.tables["draw"], at, id="d", lot_id="l")
    for place, state in enumerate(("queued", "sent", "accepted", "declined")):
        ids = {"id": state, "draw_id": "d"}
        _insert(connection, schema.tables["draw_position"], at, **ids, place=place, expert_id=state)
        _insert(connection, schema.tables["invitation"], at, **ids, position_id=state, code_sha256=state, state=state)


def _old_draws(connection: Connection, at: datetime) -> None:
    """A draw that was ready and one that was under way, each with a member and an alternate."""
    schema = MetaData()
    schema.reflect(connection)
    _insert(connection, schema.tables["project"], at, id="p")
    _insert(connection, schema.tables["lot"], at, id="l", project_id="p")
    for number, state in enumerate(("ready", "inviting")):
        draw = {"id": f"d{number}", "lot_id": "l", "attempt": number + 1, "state": state, "commitment": f"c{number}"}
        _insert(connection, schema.tables["draw"], at, **draw, candidates=["e0", "e1"])
        for place, outcome in enumerate(("accepted", "drawn")):
            ids = {"id": f"{number}{place}", "draw_id": f"d{number}", "expert_id": f"e{number}{place}"}
            values = {"place": place, "rank": 0, "is_alternate": place == 1, "outcome": outcome}
            _insert(connection, schema.tables["draw_position"], at, **ids, **values)


def _insert(connection: Connection, table: SqlTable, at: datetime, **values: object) -> None:
    """A row with these values and something of the right type in every other column."""
    usual = {int: 1, bool: False, datetime: at, bytes: b"x", Decimal: Decimal(1), date: at.date(), object: {}, str: "x"}
    row = {column.name: usual[column.type.python_type] for column in table.columns}
    connection.execute(table.insert(), row | values)

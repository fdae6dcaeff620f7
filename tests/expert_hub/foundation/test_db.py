import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from asyncpg.exceptions import ConnectionDoesNotExistError, DeadlockDetectedError, TooManyConnectionsError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from expert_hub.foundation.clock import HUB_ZONE, FixedClock
from expert_hub.foundation.db import Database, DatabaseInUse, DatabaseUnreachable, UtcDateTime, WriterLock, is_busy
from expert_hub.ledger.tables import LedgerEntry


def _entry(index: int, at: datetime) -> LedgerEntry:
    return LedgerEntry(index=index, at=at, kind="k", subject="s", text="t", leaf="l", root="r")


async def test_write_commits_and_a_failure_leaves_nothing(database: Database, clock: FixedClock) -> None:
    async with database.write() as session:
        session.add(_entry(0, clock.now()))
    with pytest.raises(IntegrityError):
        async with database.write() as session:
            session.add(_entry(1, clock.now()))
            await session.flush()
            session.add(_entry(0, clock.now()))
    async with database.read() as session:
        count = (await session.execute(text("SELECT count(*) FROM ledger_entry"))).scalar_one()
    assert count == 1


async def test_instants_come_back_aware_and_in_utc(database: Database) -> None:
    at = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=HUB_ZONE)
    async with database.write() as session:
        session.add(_entry(0, at))
    async with database.read() as session:
        row = await session.get(LedgerEntry, 0)
    assert row is not None
    assert row.at == at
    assert row.at.tzinfo is UTC


async def test_a_naive_instant_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with database.write() as session:
            session.add(_entry(0, datetime(2026, 3, 2)))  # noqa: DTZ001  (the breach under test)
    assert UtcDateTime().process_bind_param(None, None) is None  # type: ignore[arg-type]


async def test_concurrent_increments_are_all_kept(database: Database) -> None:
    async with database.write() as session:
        await session.execute(text("INSERT INTO ledger_head (id, size, frontier) VALUES (1, 0, '')"))

    async def increment() -> None:
        async with database.write() as session:
            lock = "" if database.is_sqlite else " FOR UPDATE"
            size = (await session.execute(text(f"SELECT size FROM ledger_head WHERE id = 1{lock}"))).scalar_one()
            await asyncio.sleep(0)
            await session.execute(text("UPDATE ledger_head SET size = :size WHERE id = 1"), {"size": size + 1})

    await asyncio.gather(*(increment() for _ in range(60)))
    async with database.read() as session:
        assert (await session.execute(text("SELECT size FROM ledger_head"))).scalar_one() == 60


async def test_a_read_session_cannot_write_on_sqlite(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL has one kind of connection; entry points choose read() for reading")
    with pytest.raises(OperationalError, match="readonly"):
        async with database.read() as session:
            await session.execute(text("INSERT INTO ledger_head (id, size, frontier) VALUES (1, 0, '')"))


async def test_sqlite_connections_have_the_safe_pragmas(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("pragmas are SQLite's")
    async with database.write() as session:
        values = [
            (await session.execute(text(f"PRAGMA {name}"))).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    assert values == ["wal", 2, 1, 30000]


HOLD = """
import sys, pathlib
from expert_hub.foundation.db import WriterLock
lock = WriterLock(pathlib.Path(sys.argv[1])); lock.acquire(); print("held", flush=True); sys.stdin.read()
"""


def test_a_second_process_may_not_write_and_a_killed_one_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "hub.db"
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DatabaseInUse) as refusal:
        WriterLock(path).acquire()
    assert refusal.value.facts["pid"] == str(holder.pid)
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    lock = WriterLock(path)
    lock.acquire()
    lock.release()


async def test_an_unreachable_server_is_a_sentence_without_the_password() -> None:
    database = Database("postgresql+asyncpg://someone:secret@127.0.0.1:1/nothing")
    with pytest.raises(DatabaseUnreachable) as refusal:
        await database.ping()
    assert "secret" not in str(refusal.value)
    await database.close()


async def test_values_do_not_reach_the_text_of_an_error(database: Database) -> None:
    with pytest.raises(DBAPIError) as failure:
        async with database.write() as session:
            await session.execute(text("SELECT * FROM nothing WHERE name = :name"), {"name": "44010619900101123X"})
    assert "44010619900101123X" not in str(failure.value)


def test_a_database_that_cannot_serve_now_is_told_from_a_defect() -> None:
    lost = ConnectionDoesNotExistError("gone")
    busy = (TimeoutError(), PoolTimeout(), ConnectionRefusedError(), lost, TooManyConnectionsError("full"))
    assert all(is_busy(error) for error in busy)
    assert is_busy(DBAPIError("SELECT 1", None, DeadlockDetectedError("deadlock")))
    assert not any(is_busy(error) for error in (ValueError(), OSError(), IntegrityError("INSERT", None, Exception())))

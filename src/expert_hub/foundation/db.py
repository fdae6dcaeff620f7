"""The database: SQLite by default, PostgreSQL by setting; the only file that commits.

A session lives as long as one request, one WebSocket command or one CLI call. `write()` commits when its block ends
and rolls back when it raises; services never commit. SQLite before 3.51.3 can corrupt a WAL database when two
connections write at once, so exactly one connection of exactly one process writes: `write()` uses a pool of one and
`WriterLock` keeps other processes out.
"""

import asyncio
import fcntl
import os
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import DateTime, Dialect, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.types import TypeDecorator

from expert_hub.foundation.errors import HubError


class DatabaseUnreachable(HubError):
    """The database does not answer."""

    code = "hub/database-unreachable"
    status = 503
    zh = "无法连接数据库 {url}：{why}"
    en = "The database {url} cannot be reached: {why}"


class DatabaseInUse(HubError):
    """Another process writes to this SQLite file."""

    code = "hub/database-in-use"
    status = 409
    zh = "数据库文件 {path} 正由进程 {pid} 写入。请先停止该进程，或改用 PostgreSQL（DATABASE_URL）。"
    en = "Process {pid} is writing to {path}. Stop it first, or use PostgreSQL (DATABASE_URL)."


def is_busy(error: BaseException) -> bool:
    """True if the database cannot serve now but may soon: the same request may be sent again.

    Out of connections, locked, deadlocked, restarting, out of reach. What fails while connecting comes from the driver
    as it is, the rest inside an error of SQLAlchemy.
    """
    if isinstance(error, OperationalError | sqlite3.OperationalError | TimeoutError | PoolTimeout | ConnectionError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or is_busy(error.orig or Exception())
    # 08 connection, 40 deadlock or serialisation, 53 resources, 57 shutdown.
    return str(getattr(error, "sqlstate", ""))[:2] in ("08", "40", "53", "57")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: UTC aware in Python on both engines (SQLite drops the zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class WriterLock:
    """An advisory lock on `<database>.lock`, freed by the system when its process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(database.name + ".lock")
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            DatabaseInUse: another process holds it.
        """
        if self._file is not None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(file, 32).decode(errors="replace").strip() or "?"
            os.close(file)
            raise DatabaseInUse(path=str(self._path.with_suffix("")), pid=holder) from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        self._file = file

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


class Database:
    """Engines and sessions of one database."""

    def __init__(self, url: str) -> None:
        self.url: URL = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock: WriterLock | None = None
        if self.is_sqlite:
            path = Path(self.url.database or "")
            path.parent.mkdir(parents=True, exist_ok=True)
            self._lock = WriterLock(path)
            self._writer = _sqlite_engine(self.url, writes=True)
            self._reader = _sqlite_engine(self.url, writes=False)
        else:
            # Values are kept out of error texts: those end in the log, and some are of persons.
            self._writer = self._reader = create_async_engine(
                self.url, pool_size=10, max_overflow=10, hide_parameters=True
            )

    @property
    def engine(self) -> AsyncEngine:
        """The engine that may write; for migrations."""
        return self._writer

    def claim(self) -> None:
        """Be the one process that writes; on PostgreSQL any number may.

        Raises:
            DatabaseInUse: another process writes to this SQLite file.
        """
        if self._lock is not None:
            self._lock.acquire()

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A session in one transaction: committed at the end of the block, rolled back when it raises."""
        self.claim()
        async with AsyncSession(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A session that sees one consistent state and keeps nothing."""
        async with AsyncSession(self._reader, expire_on_commit=False) as session:
            yield session

    async def ping(self) -> None:
        """Ask the database for a sign of life within three seconds.

        Raises:
            DatabaseUnreachable: it does not answer.
        """
        try:
            async with asyncio.timeout(3), self.read() as session:
                await session.execute(text("SELECT 1"))
        except Exception as error:
            shown = self.url.render_as_string(hide_password=True)
            raise DatabaseUnreachable(
                url=shown, why=next(iter(str(error).splitlines()), type(error).__name__)
            ) from error

    async def close(self) -> None:
        """Close every connection and give the writer lock back."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()
        if self._lock is not None:
            self._lock.release()


async def rows_by_driver(
    session: AsyncSession, statements: tuple[str, str], bound: Sequence[str] | Sequence[tuple[str, str]] | str
) -> Sequence[Any]:
    """The rows of a query that binds hundreds of values at a time.

    Args:
        session: the session.
        statements: the query as SQLite and as PostgreSQL spell it.
        bound: values, which SQLite gets as one JSON array and PostgreSQL as one array; or pairs, which they get as one
            JSON array of arrays and as two arrays; or one text.
    """
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        return await _on_sqlite(connection, statements[0], bound if isinstance(bound, str) else _json(bound))
    are_pairs = bool(bound) and isinstance(bound[0], tuple)
    arrays: tuple[Any, ...] = tuple(map(list, zip(*bound, strict=True))) if are_pairs else (bound,)
    return (await connection.exec_driver_sql(statements[1], arrays)).all()


async def write_by_driver(session: AsyncSession, statements: tuple[str, str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Write many rows with one statement.

    Args:
        session: the session.
        statements: as SQLite spells it, which gets the rows as one JSON array of arrays, and as PostgreSQL spells it,
            which gets them one by one.
        rows: texts and whole numbers.
    """
    connection = await session.connection()
    if connection.dialect.name == "sqlite":
        await _on_sqlite(connection, statements[0], _json(rows))
    else:
        await connection.exec_driver_sql(statements[1], list(rows))


def _json(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()


async def _on_sqlite(connection: AsyncConnection, statement: str, text: str) -> Sequence[Any]:
    # Every call of SQLAlchemy's cursor goes to the thread of the driver and back; this goes there once.
    driver: Any = (await connection.get_raw_connection()).driver_connection
    return list(await driver.execute_fetchall(statement, (text,)))


def _sqlite_engine(url: URL, *, writes: bool) -> AsyncEngine:
    pool = {"pool_size": 1, "max_overflow": 0} if writes else {"pool_size": 4, "max_overflow": 4}
    engine = create_async_engine(url, pool_timeout=60, connect_args={"timeout": 30}, hide_parameters=True, **pool)

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: Any, _record: Any) -> None:
        # Without this the driver opens deferred transactions of its own and acknowledged writes get lost.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
            cursor.execute(f"PRAGMA {pragma}")
        if not writes:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "invalidate")
    def _let_go(connection: Any, _record: Any, _error: BaseException | None) -> None:
        # A task was cancelled in the middle of a statement. SQLite closes a connection only once its statements are
        # gone, and the cursor lives on in the traceback: without this its transaction would keep everyone from writing.
        connection.run_async(lambda driver: asyncio.shield(driver.rollback()))

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine

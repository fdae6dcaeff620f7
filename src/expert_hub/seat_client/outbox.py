"""Commands that have no answer yet, on disk, in the order they were given."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from expert_hub.seat_client.errors import OutboxInUse, OutboxOfOtherRoom, OutboxUnreadable

_TABLES = """
CREATE TABLE IF NOT EXISTS outbox_room (only INTEGER PRIMARY KEY CHECK (only = 1), room TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outbox_command (
    place INTEGER PRIMARY KEY AUTOINCREMENT, command_id TEXT NOT NULL UNIQUE, command BLOB NOT NULL
);
"""


class Kept(NamedTuple):
    """One command as it goes over the wire: its id and its JSON."""

    command_id: str
    command: bytes


class Outbox:
    """A file, or memory only, that keeps commands until they are answered.

    One outbox serves one seat of one room and one client at a time; the file holds scores, so only its owner
    may read it.
    """

    def __init__(self, path: Path | None, room: str) -> None:
        """Open or create the outbox.

        Args:
            path: file, or None for memory only.
            room: name of the room; an outbox that already belongs to another is refused.

        Raises:
            OutboxInUse: when another client holds the file.
            OutboxOfOtherRoom: when its commands are for another room.
            OutboxUnreadable: when it is not an outbox.
        """
        self._path = path
        with self._named_failures():
            self._connection = self._open()
            try:
                self._bind(room)
            except BaseException:
                self._connection.close()
                raise

    def add(self, kept: Kept) -> None:
        """Keep a command; when this returns it survives a power cut."""
        self._connection.execute("INSERT INTO outbox_command (command_id, command) VALUES (?, ?)", kept)

    def remove(self, command_id: str) -> None:
        """Forget a command that was answered; an unknown id changes nothing."""
        self._connection.execute("DELETE FROM outbox_command WHERE command_id = ?", (command_id,))

    def unanswered(self) -> list[Kept]:
        """All commands without an answer, oldest first."""
        with closing(self._connection.execute("SELECT command_id, command FROM outbox_command ORDER BY place")) as rows:
            return [Kept(*row) for row in rows]

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        if self._path is None:
            return sqlite3.connect(":memory:", isolation_level=None)
        # Created here so that it is private from its first byte on.
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600))
        return sqlite3.connect(self._path, isolation_level=None, timeout=0)

    def _bind(self, room: str) -> None:
        # EXCLUSIVE keeps the lock from the first write to the end of the process, however that comes.
        self._connection.executescript("PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA; BEGIN IMMEDIATE;")
        for statement in filter(str.strip, _TABLES.split(";")):
            self._connection.execute(statement)
        self._connection.execute("INSERT OR IGNORE INTO outbox_room VALUES (1, ?)", (room,))
        self._connection.execute("COMMIT")
        (bound,) = self._connection.execute("SELECT room FROM outbox_room").fetchone()
        if bound != room:
            raise OutboxOfOtherRoom(path=str(self._path), room=bound)

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise OutboxInUse(path=str(self._path)) from error
            raise OutboxUnreadable(path=str(self._path), why=str(error)) from error

"""The outbox of a relay: an SQLite file that a power cut does not harm and that says nothing without the credential.

Commands and tokens are sealed with AES-256-GCM under a key made from the relay's credential, which is not in the file;
tokens are found again through a keyed digest. A row is deleted once the hub has answered.
"""

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from expert_hub.foundation.chance import Chance
from expert_hub.foundation.vault import Vault
from expert_hub.relay.errors import StoreInUse, StoreOfOtherCredential, StoreUnreadable

_TABLES = """
CREATE TABLE IF NOT EXISTS relay_key (
    only INTEGER PRIMARY KEY CHECK (only = 1), salt BLOB NOT NULL, proof BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS relay_entry (
    room_id TEXT NOT NULL, account_id TEXT NOT NULL, token_index TEXT NOT NULL, token BLOB NOT NULL,
    PRIMARY KEY (room_id, account_id)
);
CREATE TABLE IF NOT EXISTS relay_command (
    place INTEGER PRIMARY KEY AUTOINCREMENT, room_id TEXT NOT NULL, account_id TEXT NOT NULL,
    command_id TEXT NOT NULL, command BLOB NOT NULL, refusal BLOB, UNIQUE (room_id, account_id, command_id)
);
"""
_PROOF = "expert-hub relay outbox"
_COLUMNS = "SELECT room_id, account_id, command_id, command, refusal FROM relay_command ORDER BY place"

LaneKey = tuple[str, str]
"""Room and account: whose commands follow each other."""


class Entry(NamedTuple):
    """A seat that signed in through this relay: where, as whom, with which token."""

    room_id: str
    account_id: str
    token: str


class KeptCommand(NamedTuple):
    """One command as it came, and the hub's refusal if the seat has not heard it yet."""

    room_id: str
    account_id: str
    command_id: str
    command: bytes
    refusal: bytes | None = None


class Store:
    """The file. Every call is one transaction that is on disk when it returns; for one thread at a time."""

    def __init__(self, path: Path, secret: str, chance: Chance) -> None:
        """Open or create the outbox.

        Args:
            path: the file; it is made with mode 0600.
            secret: credential of the relay, from which the key is made.
            chance: nonces and the salt.

        Raises:
            StoreInUse: another relay holds the file.
            StoreOfOtherCredential: it was made with another credential.
            StoreUnreadable: it is not an outbox of a relay.
        """
        self._path, self._chance = path, chance
        with self._named_failures():
            # Created here so that it is private from its first byte on.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
            try:
                self._begin()
                self._vault = self._unlock(secret)
            except BaseException:
                self._connection.close()
                raise

    def close(self) -> None:
        """Release the file."""
        self._connection.close()

    def apply(self, changes: Iterable[Callable[["Store"], None]]) -> None:
        """Carry out several changes in one transaction: one wait for the disk for all of them."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for change in changes:
                change(self)
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def add(self, kept: KeptCommand) -> None:
        """Keep a command; one that is there already stays as it is."""
        row = (kept.room_id, kept.account_id, kept.command_id, self._seal(kept.command.decode()))
        columns = "room_id, account_id, command_id, command"
        self._connection.execute(f"INSERT OR IGNORE INTO relay_command ({columns}) VALUES (?, ?, ?, ?)", row)  # noqa: S608

    def remove(self, lane: LaneKey, command_id: str) -> None:
        """Forget a command that the hub has answered."""
        where = "room_id = ? AND account_id = ? AND command_id = ?"
        self._connection.execute(f"DELETE FROM relay_command WHERE {where}", (*lane, command_id))  # noqa: S608

    def refuse(self, lane: LaneKey, command_id: str, refusal: bytes) -> None:
        """Keep the hub's refusal until the seat is there to hear it; the command itself is forgotten."""
        where = "room_id = ? AND account_id = ? AND command_id = ?"
        values = (self._seal("{}"), self._seal(refusal.decode()), *lane, command_id)
        self._connection.execute(f"UPDATE relay_command SET command = ?, refusal = ? WHERE {where}", values)  # noqa: S608

    def enter(self, entry: Entry) -> None:
        """Remember with which token a seat signed in last."""
        row = (entry.room_id, entry.account_id, self._vault.index(entry.token), self._seal(entry.token))
        self._connection.execute("INSERT OR REPLACE INTO relay_entry VALUES (?, ?, ?, ?)", row)

    def leave(self, lane: LaneKey) -> None:
        """Forget a sign-in that the hub no longer takes; commands stay until the same account signs in again."""
        self._connection.execute("DELETE FROM relay_entry WHERE room_id = ? AND account_id = ?", lane)

    def kept(self) -> list[KeptCommand]:
        """Every command without an answer, in the order in which they came."""
        with closing(self._connection.execute(_COLUMNS)) as rows:
            return [
                KeptCommand(room, account, name, self._open(command).encode(), self._opened(refusal))
                for room, account, name, command, refusal in rows
            ]

    def entries(self) -> list[Entry]:
        """Every sign-in that is remembered."""
        with closing(self._connection.execute("SELECT room_id, account_id, token FROM relay_entry")) as rows:
            return [Entry(room, account, self._open(token)) for room, account, token in rows]

    def _begin(self) -> None:
        # EXCLUSIVE keeps the lock from the first write to the end of the process, however that comes.
        pragmas = "PRAGMA locking_mode=EXCLUSIVE; PRAGMA synchronous=EXTRA; PRAGMA secure_delete=ON;"
        self._connection.executescript(pragmas + "BEGIN IMMEDIATE;" + _TABLES + "COMMIT;")

    def _unlock(self, secret: str) -> Vault:
        found = self._connection.execute("SELECT salt, proof FROM relay_key").fetchone()
        salt = found[0] if found else self._chance.octets(16)
        vault = Vault(HKDF(SHA256(), 64, salt, _PROOF.encode()).derive(hashlib.sha256(secret.encode()).digest()))
        if found is None:
            proof = vault.seal(_PROOF, self._chance.octets(12))
            self._connection.execute("INSERT INTO relay_key VALUES (1, ?, ?)", (salt, proof))
            return vault
        try:
            vault.open(found[1])
        except InvalidTag:
            raise StoreOfOtherCredential(path=str(self._path)) from None
        return vault

    def _seal(self, text: str) -> bytes:
        return self._vault.seal(text, self._chance.octets(12))

    def _open(self, sealed: bytes) -> str:
        return self._vault.open(sealed)

    def _opened(self, sealed: bytes | None) -> bytes | None:
        return None if sealed is None else self._open(sealed).encode()

    @contextmanager
    def _named_failures(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
                raise StoreInUse(path=str(self._path)) from error
            raise StoreUnreadable(path=str(self._path), why=str(error)) from error

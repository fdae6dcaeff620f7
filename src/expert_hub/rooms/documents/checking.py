"""Whether what is stored is still what was filed, and what was filed is still what the ledger says."""

import hashlib
from collections import Counter
from typing import Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import Language, NotFound
from expert_hub.ledger import service as ledger
from expert_hub.rooms import store as room_store
from expert_hub.rooms.documents import store
from expert_hub.rooms.documents.errors import DocumentDamaged
from expert_hub.rooms.documents.storage import Storage
from expert_hub.rooms.documents.tables import RoomDocument

Trouble = Literal["missing", "altered", "not-in-ledger", "only-in-ledger"]
_SAID: dict[Trouble, tuple[str, str]] = {
    "missing": ("文件丢失", "the file is missing"),
    "altered": ("文件内容与摘要不符", "the file was altered"),
    "not-in-ledger": ("账本中没有此文件", "the ledger does not have it"),
    "only-in-ledger": ("仅账本中有此文件，数据库中没有", "only the ledger has it, the database does not"),
}


class Difference(msgspec.Struct, frozen=True):
    """One document that differs: its id (none if only the ledger has it), its registered digest, and how."""

    document_id: str
    sha256: str
    trouble: Trouble

    def told(self, language: Language) -> str:
        """The difference as one line."""
        return f"{self.document_id or '-'} {self.sha256} {_SAID[self.trouble][language == 'en']}"


class Outcome(msgspec.Struct, frozen=True):
    """How many documents were looked at, and every difference."""

    checked: int
    differing: tuple[Difference, ...]


async def check_room(database: Database, storage: Storage, room_id: str) -> Outcome:
    """Hash everything that is stored for a room again and compare file, row and ledger.

    Raises:
        NotFound: there is no such room.
        StorageUnreachable: the storage does not answer.
    """
    async with database.read() as session:
        if await room_store.room_by_id(session, room_id) is None:
            raise NotFound
        rows = await store.documents_of(session, room_id)
        differing = await _against_ledger(session, room_id, rows)
    for row in rows:
        found = await _digest(storage, row.sha256)
        if found != row.sha256:
            differing.append(Difference(row.id, row.sha256, "altered" if found else "missing"))
    return Outcome(len(rows), tuple(differing))


async def _against_ledger(session: AsyncSession, room_id: str, rows: list[RoomDocument]) -> list[Difference]:
    balance: Counter[tuple[str, str, str, int, str]] = Counter()
    for entry in await ledger.entries_about(session, room_id):
        if entry.kind == "rooms/document":
            body = msgspec.json.decode(entry.text)["body"]
            what = (body["bid"], body["part"], body["kind"], body["size"], body["sha256"])
            balance[what] += 1 if body["change"] == "filed" else -1
    differing = []
    for row in rows:
        what = (row.bid_id, row.part, row.kind, row.size, row.sha256)
        if balance[what] < 1:
            differing.append(Difference(row.id, row.sha256, "not-in-ledger"))
        balance[what] -= 1
    return differing + [Difference("", what[4], "only-in-ledger") for what, left in balance.items() if left > 0]


async def _digest(storage: Storage, sha256: str) -> str | None:
    seen = hashlib.sha256()
    try:
        async for block in storage.read(sha256):
            seen.update(block)
    except DocumentDamaged:
        return None
    return seen.hexdigest()

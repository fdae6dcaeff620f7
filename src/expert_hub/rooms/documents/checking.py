"""Whether what is stored is still what was filed."""

import hashlib

import msgspec

from expert_hub.foundation.db import Database
from expert_hub.rooms.documents import store
from expert_hub.rooms.documents.errors import DocumentDamaged
from expert_hub.rooms.documents.storage import Storage


class Outcome(msgspec.Struct, frozen=True):
    """How many documents were looked at, and id and registered digest of those that are missing or altered."""

    checked: int
    differing: tuple[str, ...]


async def check_room(database: Database, storage: Storage, room_id: str) -> Outcome:
    """Hash everything that is stored for a room again.

    Raises:
        StorageUnreachable: the storage does not answer.
    """
    async with database.read() as session:
        rows = await store.documents_of(session, room_id)
    differing = [f"{row.id} {row.sha256}" for row in rows if await _digest(storage, row.sha256) != row.sha256]
    return Outcome(len(rows), tuple(differing))


async def _digest(storage: Storage, sha256: str) -> str | None:
    seen = hashlib.sha256()
    try:
        async for block in storage.read(sha256):
            seen.update(block)
    except DocumentDamaged:
        return None
    return seen.hexdigest()

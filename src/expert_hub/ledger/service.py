"""Append to the ledger and check it."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import msgspec
import rfc8785
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.clock import Clock, instant_text
from expert_hub.ledger import merkle, store
from expert_hub.ledger.notes import Checkpoint
from expert_hub.ledger.proofs import LedgerTree
from expert_hub.ledger.tables import LedgerEntry

_BATCH = 5_000


class NewEntry(msgspec.Struct, frozen=True):
    """What happened (`kind`, e.g. "draws/committed"), to what (`subject`), with which digests and codes (`body`)."""

    kind: str
    subject: str
    body: dict[str, Any] = {}


class Audit(msgspec.Struct, frozen=True):
    """Result of reading the ledger from its first entry: size, root, and the first entry that does not fit, if any."""

    size: int
    root: str
    first_fault: int | None = None
    why: str | None = None

    @property
    def ok(self) -> bool:
        """True if every entry fits."""
        return self.first_fault is None


async def append(session: AsyncSession, clock: Clock, entry: NewEntry) -> LedgerEntry:
    """Add one entry in the caller's transaction.

    The head row stays locked until that transaction ends, so indices follow the order of commits without a gap.
    """
    head = await store.lock_head(session)
    at = clock.now()
    text = canonical_text(head.size, instant_text(at), entry)
    leaf = merkle.leaf_hash(text.encode())
    frontier = merkle.grow(_split(head.frontier), head.size, leaf)
    row = LedgerEntry(
        index=head.size,
        at=at,
        kind=entry.kind,
        subject=entry.subject,
        text=text,
        leaf=leaf.hex(),
        root=merkle.root_of(frontier).hex(),
    )
    session.add(row)
    head.size += 1
    head.frontier = "".join(node.hex() for node in frontier)
    await session.flush()
    return row


def canonical_text(index: int, at: str, entry: NewEntry) -> str:
    """The text that is hashed: RFC 8785 JSON of index, instant, kind, subject and body."""
    return rfc8785.dumps(
        {"index": index, "at": at, "kind": entry.kind, "subject": entry.subject, "body": entry.body}
    ).decode()


async def verify(session: AsyncSession) -> Audit:
    """Read every entry, recompute every hash and root, and name the first that differs."""
    frontier: list[bytes] = []
    size = 0
    while rows := await store.entries_after(session, size - 1, _BATCH):
        for row in rows:
            frontier = merkle.grow(frontier, size, merkle.leaf_hash(row.text.encode()))
            why = _fault(row, size, frontier)
            if why:
                return Audit(size=size, root=merkle.root_of(frontier).hex(), first_fault=size, why=why)
            size += 1
    root = merkle.root_of(frontier).hex()
    head = await store.load_head(session)
    if (head.size if head else 0) != size or (_split(head.frontier) if head else []) != frontier:
        return Audit(size=size, root=root, first_fault=size, why="the head does not match the entries")
    return Audit(size=size, root=root)


def _fault(row: LedgerEntry, size: int, frontier: list[bytes]) -> str | None:
    if row.index != size:
        return f"entry {size} is missing"
    try:
        said = msgspec.json.decode(row.text)
        stands = (said["index"], datetime.fromisoformat(said["at"]), said["kind"], said["subject"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError):
        return "the text is not an entry"
    if stands != (row.index, row.at, row.kind, row.subject):
        return "the columns differ from the text"
    if row.leaf != merkle.leaf_hash(row.text.encode()).hex():
        return "the text was altered"
    return None if row.root == merkle.root_of(frontier).hex() else "the root does not follow from the entries before"


def _split(frontier: str) -> list[bytes]:
    octets = bytes.fromhex(frontier)
    return [octets[start : start + 32] for start in range(0, len(octets), 32)]


def checkpoint_at(origin: str, entry: LedgerEntry) -> Checkpoint:
    """The checkpoint behind an entry: the tree that ends with it."""
    return Checkpoint(origin, entry.index + 1, bytes.fromhex(entry.root))


async def tree_of(session: AsyncSession, size: int) -> LedgerTree:
    """The tree over the first `size` entries, for proofs."""
    return LedgerTree(await store.leaf_hashes(session, size))


async def texts_at(session: AsyncSession, indices: Collection[int]) -> list[tuple[int, str]]:
    """Index and text of these entries, in order."""
    return [(row.index, row.text) for row in await store.entries_at(session, indices)]


async def newest_entry(session: AsyncSession) -> LedgerEntry | None:
    """The last entry, or none of an empty ledger."""
    head = await store.load_head(session)
    rows = await store.entries_at(session, [head.size - 1]) if head and head.size else []
    return rows[0] if rows else None


async def entries_about(session: AsyncSession, subject: str) -> list[LedgerEntry]:
    """Every entry about one subject, in order."""
    return await store.entries_about(session, subject)

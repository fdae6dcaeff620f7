"""Takes files in and makes what seats read: spools, has them inspected and marked, keeps renditions for a while."""

import asyncio
import contextlib
import hashlib
import json
import os
import tempfile
import weakref
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from expert_hub.foundation.clock import HUB_ZONE, Clock
from expert_hub.foundation.settings import Settings
from expert_hub.rooms.documents.bounded import BoundedPrograms
from expert_hub.rooms.documents.errors import (
    DigestMismatch,
    DocumentRefused,
    DocumentTooLarge,
    DocumentTruncated,
    InspectionFailed,
)
from expert_hub.rooms.documents.rules import Kind
from expert_hub.rooms.documents.service import Shown
from expert_hub.rooms.documents.storage import Storage, digest_of, fetch, storage_of

_KEPT_S = 6 * 3600


class Sent(msgspec.Struct, frozen=True):
    """What the sender says of a file: its length and its SHA-256, where he says them."""

    size: int | None
    sha256: bytes | None


class Taken(msgspec.Struct, frozen=True):
    """A file that came whole and was looked into."""

    kind: Kind
    pages: int
    size: int
    sha256: str


class DocumentDesk:
    """One per process; the folder may be shared by several."""

    def __init__(self, settings: Settings, clock: Clock, programs: BoundedPrograms | None = None) -> None:
        self._clock = clock
        self.storage: Storage = storage_of(settings)
        self._programs = programs or BoundedPrograms()
        self._folder = settings.effective_documents_dir / ".work"
        self._fonts_dir = settings.fonts_dir
        self._limit_mib = settings.documents_max_mib
        self._making: weakref.WeakValueDictionary[str, asyncio.Lock] = weakref.WeakValueDictionary()

    @property
    def limit_octets(self) -> int:
        """Size of the largest file that is taken."""
        return self._limit_mib * 1024**2

    async def take(self, stream: AsyncIterator[bytes], sent: Sent) -> Taken:
        """Receive a file, look into it and keep it; whatever is refused leaves nothing behind.

        Raises:
            DocumentTooLarge, DocumentTruncated, DigestMismatch: it is not what was announced.
            DocumentRefused, InspectionFailed: it is not fit to be read.
            StorageUnreachable: it could not be kept.
        """
        if sent.size is not None and sent.size > self.limit_octets:
            raise DocumentTooLarge(limit_mib=self._limit_mib)
        with self._spool() as path:
            size, digest = await self._receive(stream, path)
            if sent.size is not None and size != sent.size:
                raise DocumentTruncated(expected=sent.size, received=size)
            if sent.sha256 is not None and sent.sha256 != digest:
                raise DigestMismatch(declared=sent.sha256.hex(), received=digest.hex())
            kind, pages = await self._inspect(path)
            await self.storage.keep(path, digest.hex())
        return Taken(kind, pages, size, digest.hex())

    @contextlib.contextmanager
    def _spool(self) -> Iterator[Path]:
        path = self._new("in-")
        try:
            yield path
        finally:
            path.unlink(missing_ok=True)

    def _new(self, prefix: str) -> Path:
        """An empty file of nobody else, readable by this account only."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=prefix, dir=self._folder)
        os.close(handle)
        return Path(name)

    async def _receive(self, stream: AsyncIterator[bytes], path: Path) -> tuple[int, bytes]:
        size, seen = 0, hashlib.sha256()
        with path.open("wb") as file:
            async for block in stream:
                size += len(block)
                if size > self.limit_octets:
                    raise DocumentTooLarge(limit_mib=self._limit_mib)
                seen.update(block)
                file.write(block)
        return size, seen.digest()

    async def _inspect(self, path: Path) -> tuple[Kind, int]:
        found = json.loads(await self._programs.run("expert_hub.rooms.documents.inspection", [str(path)]))
        if "kind" not in found:
            raise DocumentRefused(why_zh=found["zh"], why_en=found["en"])
        return Kind(found["kind"]), int(found["pages"])

    async def rendition(self, shown: Shown, at: datetime) -> Path:
        """The file that a viewer reads: with marks where its kind can carry them, else as it was filed.

        Made once for a reader and kept for some hours, so that the parts of one file that a browser asks for one by
        one belong together. Its name ends with the SHA-256 of its octets: one that is made anew has another time in
        its marks, hence another name, and never takes the place of one that is being read.

        Raises:
            DocumentDamaged: the original is missing or altered.
            InspectionFailed: it could not be marked within the limits.
        """
        row = shown.document
        name = hashlib.sha256(f"{row.sha256}\n{shown.reader}\n{shown.mark}".encode()).hexdigest()
        async with self._making.setdefault(name, asyncio.Lock()):
            path = next(iter(sorted(self._folder.glob(f"out-{name}-*"))), None)
            if path is None:
                self._forget_old()
                path = await self._make(shown, at, f"out-{name}")
        with contextlib.suppress(FileNotFoundError):
            os.utime(path, (at.timestamp(), at.timestamp()))
        return path

    async def _make(self, shown: Shown, at: datetime, name: str) -> Path:
        kind = Kind(shown.document.kind)
        original, marked = self._new("original-"), self._new("marked-")
        try:
            await fetch(self.storage, shown.document.sha256, original)
            if kind.is_markable:
                mark = f"{shown.mark} · {at.astimezone(HUB_ZONE):%Y-%m-%d %H:%M}"
                asked = json.dumps({"mark": mark, "fonts_dir": str(self._fonts_dir) if self._fonts_dir else None})
                arguments = [str(kind), str(original), str(marked)]
                await self._programs.run("expert_hub.rooms.documents.marking", arguments, asked.encode())
            made = marked if kind.is_markable else original
            if not made.stat().st_size:
                raise InspectionFailed
            return made.replace(self._folder / f"{name}-{await asyncio.to_thread(digest_of, made)}")
        finally:
            original.unlink(missing_ok=True)
            marked.unlink(missing_ok=True)

    def _forget_old(self) -> None:
        """Remove what nobody asked for within some hours, and what an ended process left."""
        oldest = self._clock.now().timestamp() - _KEPT_S
        for path in self._folder.glob("*-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < oldest:
                    path.unlink()

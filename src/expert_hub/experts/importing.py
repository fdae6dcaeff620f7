"""Importing a library file and a catalogue of specialities."""

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from itertools import islice
from pathlib import Path

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.experts import import_store as store
from expert_hub.experts.bulk import insert_rows, update_rows
from expert_hub.experts.errors import FileMissing
from expert_hub.experts.import_form import LibraryRow, RowFault, RowRules, cells_of, read_row
from expert_hub.experts.import_plan import Change, Entry, Outcome, Planner, Snapshot
from expert_hub.experts.import_reasons import reason
from expert_hub.experts.import_rows import Batch, Stamp, build_batch
from expert_hub.experts.reading import TableFile, open_table
from expert_hub.experts.rules import Reason, SpecialityLimits
from expert_hub.experts.source_rows import SourceRow
from expert_hub.experts.specialities import Catalogue, parse_catalogue, shipped_catalogue
from expert_hub.experts.tables import Expert, LibraryRegistration, Speciality
from expert_hub.foundation.chance import BufferedChance, Chance, new_id
from expert_hub.foundation.clock import Clock, local_date
from expert_hub.foundation.vault import Vault
from expert_hub.ledger.service import NewEntry, append

CHUNK = 2_000
MOST_LISTED = 20_000
"""Rejections and warnings listed one by one; the counts go on."""
_NONCE_BYTES = 12


class ImportContext(msgspec.Struct, frozen=True):
    """Everything an import needs beside the file. `library` names the library whose file this is."""

    clock: Clock
    chance: Chance
    vault: Vault
    library: str = "default"
    actor: str = "command-line"
    limits: SpecialityLimits = SpecialityLimits()
    progress: Callable[[int, int | None], None] | None = None


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the rows: `rows` is the sum of the five counts below it."""

    library: str
    form: str
    encoding: str | None
    file_sha256: str
    rows: int
    imported: int
    updated: int
    unchanged: int
    merged: int
    rejected: int
    warned: int
    ignored_columns: tuple[str, ...]
    rejections: tuple[RowFault, ...]
    warnings: tuple[RowFault, ...]


class CatalogueReport(msgspec.Struct, frozen=True):
    """How many codes a catalogue lists, and how many were new or had another name."""

    codes: int
    added: int
    renamed: int


class _Chunk(msgspec.Struct):
    entries: list[Entry]
    faults: list[RowFault]


async def import_library(session: AsyncSession, source: Path, context: ImportContext) -> ImportReport:
    """Import one library file in the caller's transaction.

    A row that cannot be accepted is listed with every reason and spoils no other. Importing the same file again
    changes nothing. Rows of one identity number become one person.

    Args:
        session: writes; the caller commits or rolls back the whole file.
        source: CSV or xlsx.
        context: library, clock, chance, vault, limits, progress.

    Raises:
        HubError: the file as a whole cannot be read (see `reading.open_table`); nothing is written.

    Source: domain EL-15 (merge by identity number), EL-23; engineering choice.
    """
    table = await asyncio.to_thread(open_table, source)
    await store.prepare(session)
    if not await store.speciality_codes(session):
        await import_catalogue(session, context.clock)
    at = context.clock.now()
    rules = RowRules(frozenset(await store.speciality_codes(session)), context.limits, local_date(at))
    stamp = Stamp(context.library, at, context.actor, table.sha256)
    tally = _Tally(table)
    ids = BufferedChance(context.chance)
    planner = Planner(lambda: new_id(ids))
    async with aclosing(_chunks(table, rules, context)) as chunks:
        async for chunk in chunks:
            tally.take_faults(chunk.faults)
            changes = await _plan(session, chunk.entries, planner, tally, context.library)
            await _write(session, changes, stamp)
            if context.progress is not None:
                context.progress(tally.rows, table.rows_total)
    report = tally.report(context.library)
    await append(session, context.clock, _ledger_entry(report, context.actor))
    return report


async def import_catalogue(session: AsyncSession, clock: Clock, path: Path | None = None) -> CatalogueReport:
    """Take over a catalogue of specialities; codes that it does not list stay, because experts may hold them.

    Args:
        session: writes; the caller commits.
        clock: for the ledger entry, which is written only when something changed.
        path: a file of the form of `catalogue.tsv`; None for the shipped one.

    Raises:
        FileMissing: the path leads to no file.
        CatalogueFault: a line of the file is wrong.

    Source: domain EL-07; 发改法规〔2018〕316号.
    """
    catalogue = await asyncio.to_thread(_read_catalogue, path)
    stored = await store.speciality_names(session)
    rows = [
        {"code": node.code, "name": node.name, "level": node.level, "parent": node.parent or None}
        for node in catalogue.by_code.values()
    ]
    added = [row for row in rows if row["code"] not in stored]
    renamed = [row for row in rows if row["code"] in stored and stored[str(row["code"])] != row["name"]]
    await insert_rows(session, Speciality, added)
    await store.rename_specialities(session, renamed)
    if added or renamed:
        counts = {"codes": len(rows), "added": len(added), "renamed": len(renamed)}
        await append(session, clock, NewEntry(kind="experts/catalogue-imported", subject="specialities", body=counts))
    return CatalogueReport(len(rows), len(added), len(renamed))


def _read_catalogue(path: Path | None) -> Catalogue:
    if path is None:
        return shipped_catalogue()
    if not path.is_file():
        raise FileMissing(file=path.name)
    return parse_catalogue(path.read_bytes(), path.name)


class _Tally:
    """Counts and lists of one import."""

    def __init__(self, table: TableFile) -> None:
        self._table = table
        self._counts: Counter[str] = Counter()
        self._rejections: list[RowFault] = []
        self._warnings: list[RowFault] = []
        self.rows = 0

    def take_faults(self, faults: list[RowFault]) -> None:
        for fault in faults:
            self.reject(fault)

    def reject(self, fault: RowFault) -> None:
        self.rows += 1
        self._counts["rejected"] += 1
        if len(self._rejections) < MOST_LISTED:
            self._rejections.append(fault)

    def accept(self, row: LibraryRow, outcome: Outcome) -> None:
        self.rows += 1
        self._counts[outcome] += 1
        if row.warnings:
            self._counts["warned"] += 1
            if len(self._warnings) < MOST_LISTED:
                self._warnings.append(RowFault(row.row, row.profile.name, row.warnings))

    def report(self, library: str) -> ImportReport:
        return ImportReport(
            library=library,
            form=self._table.form,
            encoding=self._table.encoding,
            file_sha256=self._table.sha256,
            rows=self.rows,
            imported=self._counts[Outcome.IMPORTED],
            updated=self._counts[Outcome.UPDATED],
            unchanged=self._counts[Outcome.UNCHANGED],
            merged=self._counts[Outcome.MERGED],
            rejected=self._counts["rejected"],
            warned=self._counts["warned"],
            ignored_columns=self._table.header.ignored,
            rejections=tuple(sorted(self._rejections, key=lambda fault: fault.row)),
            warnings=tuple(self._warnings),
        )


async def _chunks(table: TableFile, rules: RowRules, context: ImportContext) -> AsyncGenerator[_Chunk]:
    """The rows of the file in chunks; the next one is read in a thread while the caller writes the present one."""
    rows = table.rows()
    context = msgspec.structs.replace(context, chance=BufferedChance(context.chance))
    ahead = asyncio.ensure_future(asyncio.to_thread(_read_chunk, rows, table, rules, context))
    try:
        while True:
            chunk = await ahead
            if not chunk.entries and not chunk.faults:
                return
            ahead = asyncio.ensure_future(asyncio.to_thread(_read_chunk, rows, table, rules, context))
            yield chunk
    finally:
        # A thread cannot be stopped: wait for it, so that it does not outlive the file or the transaction.
        await asyncio.wait([ahead])


def _read_chunk(rows: Iterator[SourceRow], table: TableFile, rules: RowRules, context: ImportContext) -> _Chunk:
    chunk = _Chunk([], [])
    for source in islice(rows, CHUNK):
        value = _read_source_row(source, table, rules)
        if isinstance(value, RowFault):
            chunk.faults.append(value)
        else:
            chunk.entries.append(_entry(value, context))
    return chunk


def _read_source_row(source: SourceRow, table: TableFile, rules: RowRules) -> LibraryRow | RowFault:
    if source.fault is not None:
        return RowFault(source.number, None, (reason(source.fault, "row"),))
    if len(source.cells) > table.header.width and any(source.cells[table.header.width :]):
        return RowFault(source.number, None, (reason("experts/too-many-cells", "row"),))
    return read_row(source.number, cells_of(table.header.positions, source.cells), rules)


def _entry(row: LibraryRow, context: ImportContext) -> Entry:
    """Replace what must not be stored in clear, and digest the content."""
    vault, chance = context.vault, context.chance
    if any(relation.kind == "kin" for relation in row.profile.relations):
        relations = tuple(
            msgspec.structs.replace(each, org_code=vault.index(each.org_code)) if each.kind == "kin" else each
            for each in row.profile.relations
        )
        row = msgspec.structs.replace(row, profile=msgspec.structs.replace(row.profile, relations=relations))
    content = msgspec.json.encode((row.library_no, row.identity_number, row.mobile, row.profile)).decode()
    return Entry(
        row=row,
        identity_index=vault.index(row.identity_number),
        digest=vault.index(content),
        identity_sealed=vault.seal(row.identity_number, chance.octets(_NONCE_BYTES)),
        mobile_sealed=vault.seal(row.mobile, chance.octets(_NONCE_BYTES)),
    )


async def _plan(
    session: AsyncSession, entries: list[Entry], planner: Planner, tally: _Tally, library: str
) -> list[Change]:
    people = await store.known_people(session, {entry.identity_index for entry in entries})
    expert_ids = {person.expert_id for person in people.values()}
    numbers = {entry.row.library_no for entry in entries if entry.row.library_no is not None}
    snapshot = Snapshot(people, await store.known_registrations(session, library, expert_ids, numbers))
    planner.note_known(entries, snapshot)
    changes = []
    for entry in entries:
        decided = planner.decide(entry, snapshot)
        if isinstance(decided, Reason):
            tally.reject(RowFault(entry.row.row, entry.row.profile.name, (decided,)))
            continue
        tally.accept(entry.row, decided.outcome)
        if decided.outcome is not Outcome.UNCHANGED:
            changes.append(decided)
    return changes


async def _write(session: AsyncSession, changes: list[Change], stamp: Stamp) -> None:
    newcomers = {change.expert_id for change in changes if change.outcome is Outcome.IMPORTED}
    existing = {change.expert_id for change in changes} - newcomers
    stored = await store.registrations_of(session, existing) if existing else []
    standings = await store.lock_standings(session, existing) if existing else {}
    batch = await asyncio.to_thread(build_batch, changes, stored, standings, stamp)
    await _write_batch(session, batch)


async def _write_batch(session: AsyncSession, batch: Batch) -> None:
    await insert_rows(session, Expert, batch.new_experts)
    await update_rows(session, Expert, batch.changed_experts)
    await store.clear_children(session, batch.rewritten)
    await update_rows(session, LibraryRegistration, batch.changed_registrations)
    for table in store.CHILD_TABLES:
        await insert_rows(session, table, batch.children.get(table, []))


def _ledger_entry(report: ImportReport, actor: str) -> NewEntry:
    names = ("rows", "imported", "updated", "unchanged", "merged", "rejected")
    body = {
        "file_sha256": report.file_sha256,
        "library": report.library,
        "actor": actor,
        "counts": {name: getattr(report, name) for name in names},
    }
    return NewEntry(kind="experts/imported", subject=f"library:{report.library}"[:128], body=body)

"""`expert-hub room replay`: does what is stored of a room follow from its records?

Compared are the room's row (version, stage, digest, venues), the ledger's entries about its stages, the commands that
were answered, the tenures of its seats, the snapshot, and a report that somebody kept, if it is given. Views are
never stored; their digests are told so that two replays can be compared.
"""

from collections.abc import Iterator

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.room import Room
from expert_hub.foundation.errors import HubError, Language, NotFound
from expert_hub.ledger import merkle
from expert_hub.ledger import service as ledger
from expert_hub.rooms import snapshots, store
from expert_hub.rooms.rebuilding import (
    WORDS,
    Difference,
    Mark,
    Rebuilt,
    digest_of_document,
    rebuild,
    report_digest,
    view_digests,
)
from expert_hub.rooms.tables import EvaluationRoom

_OPENING = "open"


class ReportUnreadable(HubError):
    """The kept report is not JSON."""

    code = "rooms/report-unreadable"
    zh = "所给文件不是 JSON 格式的评标报告：{why}"
    en = "The file that was given is not a report in JSON: {why}"


class Replay(msgspec.Struct, frozen=True):
    """What a replay found.

    Attributes:
        room_id: the room.
        verdict: "PASS" or "FAIL".
        records: how many records were folded.
        stage: the stage they give.
        digest: the digest over them.
        report: SHA-256 of the report they give.
        views: SHA-256 of every viewer's view.
        differences: what is stored otherwise, records first, at most one of each kind of store.
    """

    room_id: str
    verdict: str
    records: int
    stage: str
    digest: str
    report: str
    views: dict[str, str]
    differences: tuple[Difference, ...]


async def replay_room(session: AsyncSession, room_id: str, kept_report: bytes | None = None) -> Replay:
    """Rebuild a room from its records and compare everything that is stored about it.

    Raises:
        NotFound: there is no such room.
        ReportUnreadable: the kept report is not JSON.
    """
    row = await store.room_by_id(session, room_id)
    if row is None:
        raise NotFound
    rebuilt = rebuild(room_id, await store.numbered_records(session, room_id))
    checks = [
        _record_fault(rebuilt),
        await _ledger_fault(session, rebuilt, room_id),
        _row_fault(rebuilt, row),
        await _command_fault(session, rebuilt, room_id),
        await _tenure_fault(session, rebuilt, room_id),
        await _snapshot_fault(session, rebuilt, room_id),
        _report_fault(rebuilt, kept_report),
    ]
    differences = tuple(found for found in checks if found is not None)
    room = rebuilt.room
    return Replay(
        room_id=room_id,
        verdict="FAIL" if differences else "PASS",
        records=room.version,
        stage=str(room.stage) if room.version else "",
        digest=room.digest,
        report=report_digest(room) if room.version else "",
        views=view_digests(room) if room.version else {},
        differences=differences,
    )


def told(difference: Difference, language: Language) -> str:
    """A difference as one sentence."""
    zh, en = WORDS[difference.why]
    place = {"record": ("", ""), "ledger": ("账本：", "ledger: "), "room": ("评标室登记：", "row of the room: ")}
    before = place.get(difference.where, ("", ""))[language != "zh"]
    return before + (zh if language == "zh" else en).format_map(msgspec.to_builtins(difference) | _given(difference))


def _given(difference: Difference) -> dict[str, object]:
    return {name: getattr(difference, name) for name in ("seq", "upto", "stored", "rebuilt")}


def _record_fault(rebuilt: Rebuilt) -> Difference | None:
    if rebuilt.broken is None and not rebuilt.room.version:
        return Difference("record", "missing", 1)
    return rebuilt.broken


async def _ledger_fault(session: AsyncSession, rebuilt: Rebuilt, room_id: str) -> Difference | None:
    """The first entry about a stage that does not fit; the range runs from the last entry that did."""
    entered = {mark.version: mark for mark in rebuilt.marks if mark.entered}
    sound = 0
    for entry in await ledger.entries_about(session, room_id):
        if entry.kind != "rooms/stage":
            continue
        said = msgspec.json.decode(entry.text)["body"]
        if entry.leaf != merkle.leaf_hash(entry.text.encode()).hex():
            return Difference("ledger", "altered", stored=str(entry.index))
        if said["version"] > rebuilt.room.version:
            # Behind the record that broke the fold; without one, records are missing at the end.
            break
        mark = entered.pop(said["version"], None)
        if mark is None:
            return Difference("ledger", "invented", stored=f"{entry.index}: {said['stage']}, {said['version']}")
        found = _compared(mark, sound, said["stage"], said["digest"])
        if found is not None:
            return found
        sound = mark.version
    missing = min(entered, default=None)
    return Difference("ledger", "unentered", missing) if missing is not None else None


def _compared(mark: Mark, sound: int, stage: str, digest: str) -> Difference | None:
    if digest != mark.digest:
        return Difference("ledger", "digest", sound + 1, mark.version, stored=digest, rebuilt=mark.digest)
    if stage != mark.stage:
        return Difference("ledger", "stage", mark.version, stored=stage, rebuilt=mark.stage)
    return None


def _row_fault(rebuilt: Rebuilt, row: EvaluationRoom) -> Difference | None:
    room = rebuilt.room
    if rebuilt.broken is not None or not room.version:
        return None
    venues = [venue.venue_id for venue in room.state.setup.venues]
    if row.version != room.version:
        return Difference("room", "version", room.version, stored=str(row.version), rebuilt=str(room.version))
    if row.digest != room.digest:
        return Difference("room", "digest", 1, room.version, stored=row.digest, rebuilt=room.digest)
    if row.stage != room.stage:
        return Difference("room", "stage", room.version, stored=row.stage, rebuilt=str(room.stage))
    if row.venues != venues:
        return Difference("room", "venues", 1, stored=", ".join(row.venues), rebuilt=", ".join(venues))
    return None


async def _command_fault(session: AsyncSession, rebuilt: Rebuilt, room_id: str) -> Difference | None:
    """The first command whose answer, or whose author, does not fit the records under its id."""
    answered = {command.command_id: command for command in await store.commands_of(session, room_id)}
    for mark in rebuilt.marks:
        if mark.command_id == _OPENING and mark.first == 1:
            continue
        command = answered.pop(mark.command_id, None)
        if command is None or command.version != mark.version:
            stored = "-" if command is None else f"{mark.command_id} @ {command.version}"
            return Difference(
                "command", "command", mark.first, stored=stored, rebuilt=f"{mark.command_id} @ {mark.version}"
            )
    left = min((command.version for command in answered.values()), default=None)
    if left is None or (rebuilt.broken is not None and left > rebuilt.room.version):
        return None
    ids = ", ".join(sorted(command.command_id for command in answered.values() if command.version == left))
    return Difference("command", "command", left, stored=f"{ids} @ {left}", rebuilt="-")


async def _tenure_fault(session: AsyncSession, rebuilt: Rebuilt, room_id: str) -> Difference | None:
    if rebuilt.broken is not None or not rebuilt.room.version:
        return None
    stored: dict[str, set[tuple[str, bool]]] = {}
    for tenure in await store.tenures_of(session, room_id):
        stored.setdefault(tenure.seat_id, set()).add((tenure.id, tenure.is_current))
    given = dict(_tenures(rebuilt.room))
    for seat_id in sorted(stored.keys() | given.keys()):
        if stored.get(seat_id) != given.get(seat_id):
            return Difference("tenure", "tenure", stored=seat_id)
    return None


async def _snapshot_fault(session: AsyncSession, rebuilt: Rebuilt, room_id: str) -> Difference | None:
    row = await store.snapshot_of(session, room_id)
    if row is None or rebuilt.broken is not None:
        return None
    records = (await store.numbered_records(session, room_id))[: row.version]
    at_snapshot = rebuild(room_id, records).room
    if at_snapshot.version == row.version and snapshots.is_true(row, at_snapshot):
        return None
    return Difference("snapshot", "snapshot", row.version, stored=row.digest, rebuilt=at_snapshot.digest)


def _tenures(room: Room) -> Iterator[tuple[str, set[tuple[str, bool]]]]:
    for seat_id, standing in room.state.seats.items():
        former = {(old.tenure_id, False) for old in room.state.former if old.seat_id == seat_id}
        yield seat_id, {(standing.tenure_id, True), *former}


def _report_fault(rebuilt: Rebuilt, kept: bytes | None) -> Difference | None:
    if kept is None or not rebuilt.room.version:
        return None
    try:
        stored = digest_of_document(kept)
    except msgspec.MsgspecError as error:
        raise ReportUnreadable(why=str(error)) from None
    given = report_digest(rebuilt.room)
    return Difference("report", "report", stored=stored, rebuilt=given) if stored != given else None

"""A room played to its end, then altered behind the program's back in every way that the stores allow."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.foundation.errors import NotFound
from expert_hub.rooms import store
from expert_hub.rooms.rebuilding import rebuild
from expert_hub.rooms.replay import Replay, ReportUnreadable, replay_room
from expert_hub.rooms.snapshots import taken

ROOM = "WHERE room_id = :room"
# Statement, and what must be named: where, why, and the record or the last of the records that may be.
TAMPERING: dict[str, tuple[str, tuple[str, str, int | None]]] = {
    "changed score": (
        f'UPDATE room_record SET text = replace(text, \'"value":"9"\', \'"value":"8"\') {ROOM} AND seq = :score',
        ("ledger", "digest", -1),
    ),
    "changed byte": (
        f"UPDATE room_record SET text = replace(text, 'score_entered', 'scoreXentered') {ROOM} AND seq = :score",
        ("record", "unreadable", 0),
    ),
    "changed spelling": (
        f"UPDATE room_record SET text = replace(text, '{{\"seq\"', '{{ \"seq\"') {ROOM} AND seq = :score",
        ("record", "form", 0),
    ),
    "missing record": (f"DELETE FROM room_record {ROOM} AND seq = :score", ("record", "missing", 0)),
    "missing last record": (f"DELETE FROM room_record {ROOM} AND seq = :last", ("room", "version", None)),
    "no records": (f"DELETE FROM room_record {ROOM}", ("record", "missing", 1)),
    "swapped records": (
        f"UPDATE room_record SET seq = 1000000 - seq {ROOM} AND seq IN (:score, :score + 1);"
        f"UPDATE room_record SET seq = 2 * :score + 1 - (1000000 - seq) {ROOM} AND seq > 500000",
        ("record", "moved", 0),
    ),
    "extra record": (
        "INSERT INTO room_record (room_id, seq, text) SELECT room_id, :last + 1, replace(text, "
        f"'\"seq\":' || :score || ',', '\"seq\":' || (:last + 1) || ',') FROM room_record {ROOM} AND seq = :score",
        ("room", "version", None),
    ),
    "changed version": ("UPDATE evaluation_room SET version = version - 1 WHERE id = :room", ("room", "version", None)),
    "changed stage": ("UPDATE evaluation_room SET stage = 'failed' WHERE id = :room", ("room", "stage", None)),
    "changed digest": (
        f"UPDATE evaluation_room SET digest = '{'0' * 64}' WHERE id = :room",
        ("room", "digest", None),
    ),
    "changed ledger body": (
        "UPDATE ledger_entry SET text = replace(text, 'detailed', 'retailed') WHERE subject = :room",
        ("ledger", "altered", None),
    ),
    "missing ledger entry": (
        "DELETE FROM ledger_entry WHERE subject = :room AND text LIKE '%detailed%'",
        ("ledger", "unentered", None),
    ),
    "missing command": (
        f"DELETE FROM room_command {ROOM} AND version = :score",
        ("command", "command", 0),
    ),
    "command with another answer": (
        f"UPDATE room_command SET version = version + 1 {ROOM} AND version = :score",
        ("command", "command", 0),
    ),
    "command without records": (
        "INSERT INTO room_command (room_id, command_id, account_id, body_sha256, version) "
        f"SELECT room_id, 'ghost', account_id, body_sha256, version FROM room_command {ROOM} AND version = :score",
        ("command", "command", 0),
    ),
    "snapshot with another digest": (
        f"UPDATE room_snapshot SET digest = '{'0' * 64}' {ROOM}",
        ("snapshot", "snapshot", None),
    ),
    "snapshot with another state": (
        f"UPDATE room_snapshot SET state = :blob {ROOM}",
        ("snapshot", "snapshot", None),
    ),
    "tenure given to somebody": (
        f"UPDATE seat_tenure SET is_current = :no {ROOM} AND seat_id = 's4'",
        ("tenure", "tenure", None),
    ),
}


class _Undo(Exception):
    """Ends a transaction without a commit."""


@asynccontextmanager
async def _undone(api: Any) -> AsyncIterator[AsyncSession]:
    try:
        async with api.hub.database.write() as session:
            yield session
            raise _Undo
    except _Undo:
        pass


async def test_a_room_played_to_its_end_passes_and_every_tampering_is_named(
    api: Any, closed_room: Callable[[], Awaitable[str]]
) -> None:
    room_id = await closed_room()
    async with api.hub.database.write() as session:
        records = await store.numbered_records(session, room_id)
        await store.put_snapshot(session, taken(rebuild(room_id, records).room))
    async with api.hub.database.read() as session:
        sound = await replay_room(session, room_id)
        row = text("SELECT min(seq) FROM room_record WHERE room_id = :room AND text LIKE '%score_entered%\"9\"%'")
        score = (await session.execute(row, {"room": room_id})).scalar_one()
    assert (sound.verdict, sound.stage, sound.differences) == ("PASS", "closed", ())
    assert len(sound.views) == 7 + 2 + 3
    places = {"room": room_id, "score": score, "last": sound.records, "no": False}
    places["blob"] = taken(rebuild(room_id, records[:2]).room).state
    for case, (statements, wanted) in TAMPERING.items():
        async with _undone(api) as session:
            for statement in statements.split(";"):
                used = {name: value for name, value in places.items() if f":{name}" in statement}
                assert (await session.execute(text(_typed(statement, api)), used)).rowcount, case  # type: ignore[attr-defined]
            found = await replay_room(session, room_id)
        assert found.verdict == "FAIL", case
        assert _named(found, score) == wanted, (case, found.differences)
    async with api.hub.database.read() as session:
        assert await replay_room(session, room_id) == sound
    await _kept_reports(api, room_id)


def _typed(statement: str, api: Any) -> str:
    # PostgreSQL must be told what a parameter is where it cannot see it.
    for name in ("score", "last"):
        statement = statement.replace(f":{name}", f"CAST(:{name} AS INTEGER)")
    return statement


def _named(found: Replay, score: int) -> tuple[str, str, int | None]:
    """Where, why, and the record: 0 for the tampered one, -1 for a range that holds it."""
    first = found.differences[0]
    if first.upto is not None and first.where == "ledger":
        return first.where, first.why, -1 if (first.seq or 0) <= score <= first.upto else None
    if first.seq == score:
        return first.where, first.why, 0
    return first.where, first.why, 1 if first.seq == 1 and first.where == "record" else None


async def _kept_reports(api: Any, room_id: str) -> None:
    kept = (await api.ask("GET", f"/rooms/{room_id}/report.json", "supervisor")).content
    async with api.hub.database.read() as session:
        assert (await replay_room(session, room_id, kept)).verdict == "PASS"
        altered = await replay_room(session, room_id, kept.replace(b'"rank":2', b'"rank":1'))
        assert [item.where for item in altered.differences] == ["report"]
        with pytest.raises(ReportUnreadable):
            await replay_room(session, room_id, b"%PDF")


async def test_a_room_that_was_just_opened_passes_and_an_unknown_one_is_not_found(api: Any) -> None:
    room_id = await api.room()
    async with api.hub.database.read() as session:
        found = await replay_room(session, room_id)
        assert (found.verdict, found.records, found.stage) == ("PASS", 2, "committee_ready")
        assert msgspec.json.decode(msgspec.json.encode(found))["views"] == found.views
        with pytest.raises(NotFound):
            await replay_room(session, "0" * 32)

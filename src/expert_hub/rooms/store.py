"""Statements of rooms: Core inserts, because a room writes on every key press of seven people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import and_, delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from evaluation.stages import HELD, OPEN
from expert_hub.foundation.db import rows_by_driver, write_by_driver
from expert_hub.rooms.tables import (
    EntryTicket,
    EvaluationRoom,
    RoomCommand,
    RoomRecord,
    RoomSnapshot,
    SeatPresence,
    SeatTenure,
)

# Each as SQLite and as PostgreSQL spell it.
_ADD_RECORDS = (
    "INSERT INTO room_record (room_id, seq, text)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each(?)",
    "INSERT INTO room_record (room_id, seq, text) VALUES ($1, $2, $3)",
)
_SET_HEADS = (
    "UPDATE evaluation_room SET version = json_extract(k.value, '$[0]'), stage = json_extract(k.value, '$[1]'),"
    " digest = json_extract(k.value, '$[2]') FROM json_each(?) AS k"
    " WHERE evaluation_room.id = json_extract(k.value, '$[3]')",
    "UPDATE evaluation_room SET version = $1, stage = $2, digest = $3 WHERE id = $4",
)
_ADD_COMMANDS = (
    "INSERT INTO room_command (room_id, command_id, account_id, body_sha256, version)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),"
    " json_extract(value, '$[3]'), json_extract(value, '$[4]') FROM json_each(?)",
    "INSERT INTO room_command (room_id, command_id, account_id, body_sha256, version) VALUES ($1, $2, $3, $4, $5)",
)
_LOCK_ROOMS = (
    "SELECT id, version FROM evaluation_room WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id",
    "SELECT id, version FROM evaluation_room WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE",
)
_SEATS = (
    "SELECT t.room_id, t.account_id, t.seat_id, t.venue_id FROM json_each(?) AS k JOIN seat_tenure AS t"
    " ON t.room_id = json_extract(k.value, '$[0]') AND t.account_id = json_extract(k.value, '$[1]') WHERE t.is_current",
    "SELECT t.room_id, t.account_id, t.seat_id, t.venue_id FROM unnest($1::text[], $2::text[]) AS k (room, account)"
    " JOIN seat_tenure AS t ON t.room_id = k.room AND t.account_id = k.account WHERE t.is_current",
)
_COMMANDS = (
    "SELECT c.room_id, c.command_id, c.account_id, c.body_sha256, c.version FROM json_each(?) AS k"
    " JOIN room_command AS c"
    " ON c.room_id = json_extract(k.value, '$[0]') AND c.command_id = json_extract(k.value, '$[1]')",
    "SELECT c.room_id, c.command_id, c.account_id, c.body_sha256, c.version"
    " FROM unnest($1::text[], $2::text[]) AS k (room, command)"
    " JOIN room_command AS c ON c.room_id = k.room AND c.command_id = k.command",
)
_RECORDS = (
    "SELECT r.room_id, r.text FROM json_each(?) AS known JOIN room_record AS r ON r.room_id = known.key"
    " AND r.seq > known.value ORDER BY r.room_id, r.seq",
    "SELECT r.room_id, r.text FROM json_each_text($1::json) AS known JOIN room_record AS r ON r.room_id = known.key"
    " AND r.seq > known.value::bigint ORDER BY r.room_id, r.seq",
)


async def room_by_id(session: AsyncSession, room_id: str) -> EvaluationRoom | None:
    """The room with this id."""
    return await session.get(EvaluationRoom, room_id)


async def room_of_lot(session: AsyncSession, lot_id: str) -> EvaluationRoom | None:
    """The room of a lot."""
    return (
        await session.execute(select(EvaluationRoom).where(col(EvaluationRoom.lot_id) == lot_id))
    ).scalar_one_or_none()


async def lock_room(session: AsyncSession, room_id: str) -> EvaluationRoom | None:
    """The room, locked until the transaction ends, so that commands of one room follow each other everywhere."""
    statement = select(EvaluationRoom).where(col(EvaluationRoom.id) == room_id).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one_or_none()


async def records_after(session: AsyncSession, room_id: str, seq: int) -> list[str]:
    """The canonical records above a sequence number, in order."""
    statement = (
        select(col(RoomRecord.text))
        .where(col(RoomRecord.room_id) == room_id, col(RoomRecord.seq) > seq)
        .order_by(col(RoomRecord.seq))
    )
    return list((await session.execute(statement)).scalars())


async def first_record(session: AsyncSession, room_id: str) -> str | None:
    """The canonical record that opened a room."""
    return (
        await session.execute(
            select(col(RoomRecord.text)).where(col(RoomRecord.room_id) == room_id, col(RoomRecord.seq) == 1)
        )
    ).scalar_one_or_none()


async def numbered_records(session: AsyncSession, room_id: str) -> list[tuple[int, str]]:
    """Sequence and text of every stored record, by sequence."""
    statement = (
        select(col(RoomRecord.seq), col(RoomRecord.text))
        .where(col(RoomRecord.room_id) == room_id)
        .order_by(col(RoomRecord.seq))
    )
    return [(row[0], row[1]) for row in await session.execute(statement)]


async def commands_of(session: AsyncSession, room_id: str) -> list[RoomCommand]:
    """Every command of a room that was carried out."""
    statement = select(RoomCommand).where(col(RoomCommand.room_id) == room_id)
    return list((await session.execute(statement)).scalars())


async def lock_rooms(session: AsyncSession, room_ids: Sequence[str]) -> dict[str, int]:
    """The versions of these rooms, locked in the order of their ids until the transaction ends."""
    return {row[0]: row[1] for row in await rows_by_driver(session, _LOCK_ROOMS, room_ids)}


async def add_records(session: AsyncSession, records: Sequence[tuple[str, int, str]]) -> None:
    """Write records: room, sequence and text."""
    await write_by_driver(session, _ADD_RECORDS, records)


async def set_heads(session: AsyncSession, heads: Sequence[tuple[int, str, str, str]]) -> None:
    """Write where rooms stand: version, stage, digest and room."""
    await write_by_driver(session, _SET_HEADS, heads)


async def commands_by_id(
    session: AsyncSession, keys: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], tuple[str, str, int]]:
    """Account, digest of the body and version of those commands (room, id) that were carried out."""
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in await rows_by_driver(session, _COMMANDS, keys)}


async def records_beyond(session: AsyncSession, known: Mapping[str, int]) -> dict[str, list[str]]:
    """The canonical records of several rooms above the sequence number known of each, in order, by room."""
    found: dict[str, list[str]] = {}
    for room_id, text in await rows_by_driver(session, _RECORDS, msgspec.json.encode(known).decode()):
        found.setdefault(room_id, []).append(text)
    return found


async def add_commands(session: AsyncSession, rows: Sequence[tuple[str, str, str, str, int]]) -> None:
    """Remember carried-out commands: room, id, account, digest of the body, version."""
    await write_by_driver(session, _ADD_COMMANDS, rows)


async def seats_of(session: AsyncSession, keys: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, str]]:
    """The present seats of those who have one, by room and account: seat and venue."""
    return {(row[0], row[1]): (row[2], row[3]) for row in await rows_by_driver(session, _SEATS, keys)}


async def snapshot_of(session: AsyncSession, room_id: str) -> RoomSnapshot | None:
    """The last snapshot of a room."""
    return await session.get(RoomSnapshot, room_id)


async def put_snapshot(session: AsyncSession, snapshot: RoomSnapshot) -> None:
    """Keep a snapshot in place of an older one of its room."""
    known = await session.get(RoomSnapshot, snapshot.room_id, with_for_update=True)
    if known is None:
        session.add(snapshot)
    elif known.version < snapshot.version or known.format != snapshot.format:
        await session.merge(snapshot)


async def add_ticket(session: AsyncSession, ticket: EntryTicket) -> None:
    """Keep a ticket."""
    session.add(ticket)


async def drop_tickets(session: AsyncSession, now: datetime) -> None:
    """Drop tickets whose time is over."""
    await session.execute(delete(EntryTicket).where(col(EntryTicket.expires_at) <= now))


async def take_ticket(session: AsyncSession, sha256: str) -> EntryTicket | None:
    """Take a ticket away; of many who try at once, one gets it."""
    statement = delete(EntryTicket).where(col(EntryTicket.sha256) == sha256).returning(EntryTicket)
    return (await session.execute(statement)).scalar_one_or_none()


async def tenure_of_account(session: AsyncSession, room_id: str, account_id: str) -> SeatTenure | None:
    """The present seat of an account in a room."""
    statement = select(SeatTenure).where(
        col(SeatTenure.room_id) == room_id, col(SeatTenure.account_id) == account_id, col(SeatTenure.is_current)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def tenure_of_seat(session: AsyncSession, room_id: str, seat_id: str) -> SeatTenure | None:
    """The present tenure of a seat."""
    statement = select(SeatTenure).where(
        col(SeatTenure.room_id) == room_id, col(SeatTenure.seat_id) == seat_id, col(SeatTenure.is_current)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def tenures_of(session: AsyncSession, room_id: str) -> list[SeatTenure]:
    """Every tenure of a room by seat."""
    statement = select(SeatTenure).where(col(SeatTenure.room_id) == room_id).order_by(col(SeatTenure.seat_id))
    return list((await session.execute(statement)).scalars())


async def rooms_of_account(session: AsyncSession, account_id: str) -> list[EvaluationRoom]:
    """The rooms in which an account sits."""
    statement = (
        select(EvaluationRoom)
        .join(SeatTenure, col(SeatTenure.room_id) == col(EvaluationRoom.id))
        .where(col(SeatTenure.account_id) == account_id, col(SeatTenure.is_current))
        .order_by(col(EvaluationRoom.opened_at))
    )
    return list((await session.execute(statement)).scalars())


async def versions_of(session: AsyncSession, room_ids: list[str]) -> dict[str, int]:
    """The committed version of each room."""
    statement = select(col(EvaluationRoom.id), col(EvaluationRoom.version)).where(col(EvaluationRoom.id).in_(room_ids))
    return {row[0]: row[1] for row in await session.execute(statement)}


class Heard(NamedTuple):
    """When the present holder of a seat was heard last."""

    room_id: str
    account_id: str
    seat_id: str
    heard_at: datetime
    is_offline: bool


async def note_heard(session: AsyncSession, heard: Sequence[tuple[str, str, datetime]]) -> None:
    """Note when accounts were heard in rooms; what was noted later stays."""
    rows = [{"room_id": each[0], "account_id": each[1], "heard_at": each[2], "is_offline": False} for each in heard]
    connection = await session.connection()
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(SeatPresence)
    later = statement.excluded.heard_at > col(SeatPresence.heard_at)
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["room_id", "account_id"], set_={"heard_at": statement.excluded.heard_at}, where=later
        ),
        rows,
    )


async def silent_or_offline(session: AsyncSession, heard_until: datetime) -> list[Heard]:
    """Those who sit in rooms that are not over and were not heard since, or are offline by the record."""
    columns = (SeatPresence.room_id, SeatPresence.account_id, SeatTenure.seat_id, SeatPresence.heard_at)
    statement = (
        select(*map(col, columns), col(SeatPresence.is_offline))
        .join(
            SeatTenure,
            and_(
                col(SeatTenure.room_id) == col(SeatPresence.room_id),
                col(SeatTenure.account_id) == col(SeatPresence.account_id),
            ),
        )
        .join(EvaluationRoom, col(EvaluationRoom.id) == col(SeatPresence.room_id))
        .where(col(SeatTenure.is_current), col(EvaluationRoom.stage).in_([str(stage) for stage in (*OPEN, *HELD)]))
        .where(or_(col(SeatPresence.heard_at) <= heard_until, col(SeatPresence.is_offline)))
        .order_by(col(SeatPresence.room_id), col(SeatTenure.seat_id))
    )
    found: Sequence[Any] = (await session.execute(statement)).all()
    return [Heard(*row) for row in found]


async def set_offline(session: AsyncSession, room_id: str, account_id: str, *, is_offline: bool) -> None:
    """Note whether the record says that a seat is offline."""
    row = await session.get(SeatPresence, (room_id, account_id))
    if row is not None:
        row.is_offline = is_offline

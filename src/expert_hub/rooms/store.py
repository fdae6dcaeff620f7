"""Statements of rooms: Core inserts, because a room writes on every key press of seven people."""

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.rooms.tables import EvaluationRoom, RoomCommand, RoomRecord, SeatTenure


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


async def add_records(session: AsyncSession, room_id: str, records: list[tuple[int, str]]) -> None:
    """Write records."""
    rows = [{"room_id": room_id, "seq": seq, "text": text} for seq, text in records]
    await session.execute(insert(RoomRecord), rows)


async def set_head(session: AsyncSession, room_id: str, version: int, stage: str, digest: str) -> None:
    """Write where the room stands."""
    await session.execute(
        update(EvaluationRoom)
        .where(col(EvaluationRoom.id) == room_id)
        .values(version=version, stage=stage, digest=digest)
    )


async def command_by_id(session: AsyncSession, room_id: str, command_id: str) -> RoomCommand | None:
    """The carried-out command with this id."""
    return await session.get(RoomCommand, (room_id, command_id))


async def add_command(session: AsyncSession, command: RoomCommand) -> None:
    """Remember a carried-out command."""
    await session.execute(insert(RoomCommand).values(command.model_dump()))


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

"""Statements of bid documents."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.rooms.documents.tables import RoomDocument, RoomDocumentOrder, RoomDocumentReading


async def documents_of(session: AsyncSession, room_id: str) -> list[RoomDocument]:
    """The documents of a room by bid, in the order in which they came."""
    statement = (
        select(RoomDocument)
        .where(col(RoomDocument.room_id) == room_id)
        .order_by(col(RoomDocument.bid_id), col(RoomDocument.added_at), col(RoomDocument.id))
    )
    return list((await session.execute(statement)).scalars())


async def remove_document(session: AsyncSession, document_id: str) -> None:
    """Take one document out."""
    await session.execute(delete(RoomDocument).where(col(RoomDocument.id) == document_id))


async def order_of(session: AsyncSession, room_id: str) -> RoomDocumentOrder | None:
    """The secret of the order of blind files, if the room has any."""
    return await session.get(RoomDocumentOrder, room_id)


async def readings_of(session: AsyncSession, room_id: str) -> list[RoomDocumentReading]:
    """Who opened what, oldest first."""
    statement = (
        select(RoomDocumentReading)
        .where(col(RoomDocumentReading.room_id) == room_id)
        .order_by(col(RoomDocumentReading.at), col(RoomDocumentReading.id))
    )
    return list((await session.execute(statement)).scalars())


async def last_reading_at(session: AsyncSession, document_id: str, account_id: str) -> datetime | None:
    """When an account was last noted to open a document, if ever."""
    statement = select(func.max(col(RoomDocumentReading.at))).where(
        col(RoomDocumentReading.document_id) == document_id, col(RoomDocumentReading.account_id) == account_id
    )
    return (await session.execute(statement)).scalar_one()

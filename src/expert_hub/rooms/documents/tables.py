"""Rows of bid documents."""

from datetime import datetime

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field

from expert_hub.foundation.tables import Table, instant


class RoomDocument(Table, table=True):
    """One file of one bid; its octets lie in the storage under `sha256`."""

    __tablename__ = "room_document"
    __table_args__ = (UniqueConstraint("room_id", "bid_id", "sha256"),)

    id: str = Field(primary_key=True, max_length=32)
    room_id: str = Field(foreign_key="evaluation_room.id", index=True, max_length=32)
    bid_id: str = Field(max_length=64)
    part: str = Field(max_length=16)
    title: str = Field(max_length=200)
    kind: str = Field(max_length=8)
    pages: int
    size: int = Field(sa_type=BigInteger)
    sha256: str = Field(max_length=64)
    added_by: str = Field(max_length=32)
    added_at: datetime = instant()


class RoomDocumentOrder(Table, table=True):
    """The secret from which each seat's order of blind files follows; its SHA-256 stands in the ledger."""

    __tablename__ = "room_document_order"

    room_id: str = Field(foreign_key="evaluation_room.id", primary_key=True, max_length=32)
    seed: str = Field(max_length=64)


class RoomDocumentReading(Table, table=True):
    """That an account opened a document."""

    __tablename__ = "room_document_reading"

    id: str = Field(primary_key=True, max_length=32)
    room_id: str = Field(foreign_key="evaluation_room.id", index=True, max_length=32)
    document_id: str = Field(foreign_key="room_document.id", max_length=32)
    account_id: str = Field(max_length=32)
    role: str = Field(max_length=32)
    seat_id: str = Field(max_length=16)
    at: datetime = instant()

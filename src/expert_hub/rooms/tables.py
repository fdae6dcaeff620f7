"""Rows of rooms."""

from datetime import datetime

from sqlmodel import Field

from expert_hub.foundation.tables import Table, document, instant


class EvaluationRoom(Table, table=True):
    """One room; `version` counts its records and `digest` runs over them; `venues` has the host first."""

    __tablename__ = "evaluation_room"

    id: str = Field(primary_key=True, max_length=32)
    lot_id: str = Field(foreign_key="lot.id", unique=True, max_length=32)
    draw_id: str = Field(foreign_key="draw.id", max_length=32)
    venues: list[str] = document()
    version: int
    stage: str = Field(index=True, max_length=32)
    digest: str = Field(max_length=64)
    opened_at: datetime = instant()


class RoomRecord(Table, table=True):
    """One event in its place; `text` is the canonical record, byte for byte what the digest runs over."""

    __tablename__ = "room_record"

    room_id: str = Field(foreign_key="evaluation_room.id", primary_key=True, max_length=32)
    seq: int = Field(primary_key=True)
    text: str


class RoomCommand(Table, table=True):
    """A command that was carried out, so that the same one sent again changes nothing and gets the same answer."""

    __tablename__ = "room_command"

    room_id: str = Field(foreign_key="evaluation_room.id", primary_key=True, max_length=32)
    command_id: str = Field(primary_key=True, max_length=64)
    account_id: str = Field(max_length=32)
    body_sha256: str = Field(max_length=64)
    version: int


class SeatTenure(Table, table=True):
    """One person's time on one seat. Opinions belong to the tenure, never to the seat."""

    __tablename__ = "seat_tenure"

    id: str = Field(primary_key=True, max_length=64)
    room_id: str = Field(foreign_key="evaluation_room.id", index=True, max_length=32)
    seat_id: str = Field(max_length=16)
    account_id: str = Field(index=True, max_length=32)
    venue_id: str = Field(max_length=32)
    is_current: bool = True


class RoomSnapshot(Table, table=True):
    """The folded state of a room at one version; only a convenience, the records are the truth."""

    __tablename__ = "room_snapshot"

    room_id: str = Field(foreign_key="evaluation_room.id", primary_key=True, max_length=32)
    version: int
    format: str = Field(max_length=64)
    digest: str = Field(max_length=64)
    state: bytes


class SeatPresence(Table, table=True):
    """When an account was last heard in a room, by any process; `is_offline` if the record says that its seat is."""

    __tablename__ = "seat_presence"

    room_id: str = Field(foreign_key="evaluation_room.id", primary_key=True, max_length=32)
    account_id: str = Field(primary_key=True, max_length=32)
    heard_at: datetime = instant()
    is_offline: bool = False


class EntryTicket(Table, table=True):
    """A ticket that opens one socket once, within seconds; only its digest is kept."""

    __tablename__ = "entry_ticket"

    sha256: str = Field(primary_key=True, max_length=64)
    room_id: str = Field(max_length=32)
    account_id: str = Field(max_length=32)
    expires_at: datetime = instant(index=True)
    session_expires_at: datetime = instant()

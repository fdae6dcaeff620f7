"""Rows of venues."""

from datetime import datetime

from sqlmodel import Field, UniqueConstraint

from expert_hub.foundation.tables import Table, instant


class Venue(Table, table=True):
    """A trading venue."""

    __tablename__ = "venue"

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=128)
    city_code: str = Field(index=True, max_length=6)
    address: str = Field(default="", max_length=255)
    phone: str = Field(default="", max_length=32)


class Workstation(Table, table=True):
    """A sealed seat with a terminal; `label` is room and number as painted on its door."""

    __tablename__ = "workstation"
    __table_args__ = (UniqueConstraint("venue_id", "label"),)

    id: str = Field(primary_key=True, max_length=64)
    venue_id: str = Field(foreign_key="venue.id", index=True, max_length=32)
    room: str = Field(max_length=64)
    label: str = Field(max_length=64)


class Booking(Table, table=True):
    """One workstation taken for a half-open time."""

    __tablename__ = "booking"
    __table_args__ = (UniqueConstraint("workstation_id", "starts_at"),)

    id: str = Field(primary_key=True, max_length=32)
    workstation_id: str = Field(foreign_key="workstation.id", max_length=64)
    subject: str = Field(index=True, max_length=64)
    starts_at: datetime = instant()
    ends_at: datetime = instant()

"""Rows of the expert library. The rows of a person follow from the registrations (`rules.combine`)."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field

from expert_hub.foundation.tables import Table, document, instant, optional_instant


class Expert(Table, table=True):
    """One person. The identity number is found through its keyed digest and shown only masked."""

    __tablename__ = "expert"
    __table_args__ = (Index(None, "standing", "id"), Index(None, "region_code", "id"))

    id: str = Field(primary_key=True, max_length=32)
    name: str = Field(max_length=64)
    identity_index: str = Field(unique=True, max_length=64)
    identity_sealed: bytes
    identity_masked: str = Field(max_length=18)
    born_on: date
    mobile_sealed: bytes
    mobile_masked: str = Field(max_length=11)
    title: str = Field(max_length=64)
    title_level: str = Field(max_length=16)
    employer_name: str = Field(max_length=200)
    employer_code: str = Field(max_length=18)
    region_code: str = Field(max_length=6)
    extra_regions: list[str] = document()
    standing: str = Field(max_length=16)
    appointed_on: date | None = None
    term_ends_on: date | None = None
    decided_standing: str | None = Field(default=None, max_length=16)
    decided_at: datetime | None = optional_instant()
    version: int = 1
    created_at: datetime = instant()
    updated_at: datetime = instant()


class ExpertSpeciality(Table, table=True):
    """One approved speciality of a person."""

    __tablename__ = "expert_speciality"
    __table_args__ = (Index(None, "code", "expert_id"), {"sqlite_with_rowid": False})

    expert_id: str = Field(primary_key=True, foreign_key="expert.id", max_length=32)
    code: str = Field(primary_key=True, max_length=7)


class ExpertRelation(Table, table=True):
    """One dated tie of a person; its id follows from its content, so that it outlives a new import."""

    __tablename__ = "expert_relation"

    id: str = Field(primary_key=True, max_length=32)
    expert_id: str = Field(foreign_key="expert.id", index=True, max_length=32)
    kind: str = Field(max_length=32)
    org_name: str = Field(max_length=200)
    org_code: str = Field(index=True, max_length=64)
    starts_on: date | None = None
    ends_on: date | None = None


class ExpertLeave(Table, table=True):
    """Days on which a person is not invited, both ends included."""

    __tablename__ = "expert_leave"

    expert_id: str = Field(primary_key=True, foreign_key="expert.id", max_length=32)
    starts_on: date = Field(primary_key=True)
    ends_on: date = Field(primary_key=True)


class LibraryRegistration(Table, table=True):
    """What one library says about one person; `digest` is keyed and covers every value of the row."""

    __tablename__ = "library_registration"
    # The library comes second: with it in front, a look-up of many numbers is planned as a scan of the library.
    __table_args__ = (UniqueConstraint("number", "library"), UniqueConstraint("digest", "library"))

    id: str = Field(primary_key=True, max_length=32)
    expert_id: str = Field(foreign_key="expert.id", index=True, max_length=32)
    library: str = Field(max_length=64)
    number: str | None = Field(default=None, max_length=64)
    digest: str = Field(max_length=64)
    payload: dict[str, Any] = document()
    former_employers: list[dict[str, Any]] = document()
    mobile_sealed: bytes
    recorded_at: datetime = instant()
    recorded_row: int


class StandingChange(Table, table=True):
    """One change of standing with who, why, by which decision and from which day."""

    __tablename__ = "expert_standing_change"

    id: str = Field(primary_key=True, max_length=32)
    expert_id: str = Field(foreign_key="expert.id", index=True, max_length=32)
    before: str = Field(max_length=16)
    after: str = Field(max_length=16)
    actor: str = Field(max_length=64)
    reason: str = Field(max_length=500)
    decision_id: str = Field(max_length=100)
    effective_on: date
    at: datetime = instant()


class Speciality(Table, table=True):
    """A node of the national classification CN-316."""

    __tablename__ = "speciality"

    code: str = Field(primary_key=True, max_length=7)
    name: str = Field(max_length=100)
    level: int
    parent: str | None = Field(default=None, index=True, max_length=7)

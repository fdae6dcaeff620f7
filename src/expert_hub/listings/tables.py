"""Rows of listings."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field

from expert_hub.foundation.tables import Table, document, instant


class Project(Table, table=True):
    """A transaction and the rule pack frozen for it."""

    __tablename__ = "project"

    id: str = Field(primary_key=True, max_length=32)
    code: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=255)
    category: str = Field(index=True, max_length=64)
    pack_id: str = Field(max_length=128)
    pack_version: str = Field(max_length=32)
    pack_sha256: str = Field(max_length=64)
    region_code: str = Field(index=True, max_length=6)
    procuring_entity: str = Field(max_length=255)
    procuring_entity_code: str = Field(max_length=18)
    budget_yuan: Decimal = Field(max_digits=18, decimal_places=2)
    registered_at: datetime = instant()


class Lot(Table, table=True):
    """A separately awarded part of a project; `form` is the tender form as registered."""

    __tablename__ = "lot"

    id: str = Field(primary_key=True, max_length=32)
    project_id: str = Field(foreign_key="project.id", index=True, max_length=32)
    code: str = Field(max_length=64)
    name: str = Field(max_length=255)
    state: str = Field(index=True, max_length=32)
    bid_deadline: datetime = instant()
    evaluation_starts_at: datetime = instant(index=True)
    evaluation_ends_at: datetime = instant()
    form: dict[str, Any] = document()

"""The base of every table: one metadata with named constraints, so that migrations can address them on both engines."""

from typing import Any

from sqlalchemy import JSON, Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from expert_hub.foundation.db import UtcDateTime

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Table = SQLModel
"""A table class is `class Thing(Table, table=True)` with an explicit `__tablename__`."""


def instant(*, nullable: bool = False, index: bool = False) -> Any:
    """A column for an instant, UTC aware."""
    return Field(sa_type=UtcDateTime, nullable=nullable, index=index)


def optional_instant(*, index: bool = False) -> Any:
    """A column for an instant that may be absent."""
    return Field(default=None, sa_type=UtcDateTime, nullable=True, index=index)


def document() -> Any:
    """A column for a JSON value (JSONB on PostgreSQL)."""
    return Field(sa_column=Column(JSON().with_variant(JSONB(), "postgresql"), nullable=False))

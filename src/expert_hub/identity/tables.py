"""Rows of identity."""

from datetime import datetime

from sqlmodel import Field

from expert_hub.foundation.tables import Table, document, instant


class Account(Table, table=True):
    """One person's or one program's entry. Experts get theirs when they accept an invitation, without a password."""

    __tablename__ = "account"

    id: str = Field(primary_key=True, max_length=32)
    username: str = Field(unique=True, max_length=64)
    display_name: str = Field(max_length=64)
    password_hash: str | None = Field(default=None, max_length=255)
    roles: list[str] = document()
    expert_id: str | None = Field(default=None, unique=True, max_length=32)
    venue_id: str | None = Field(default=None, max_length=32)
    organisation_code: str | None = Field(default=None, max_length=18)
    is_active: bool = True
    created_at: datetime = instant()

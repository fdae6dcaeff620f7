"""Rows of relays."""

from datetime import datetime

from sqlmodel import Field

from expert_hub.foundation.tables import Table, instant, optional_instant


class Relay(Table, table=True):
    """The relay of a guest venue; `session_id` names its newest connection, which ends every earlier one."""

    __tablename__ = "relay"

    id: str = Field(primary_key=True, max_length=32)
    venue_id: str = Field(foreign_key="venue.id", index=True, max_length=32)
    secret_sha256: str = Field(max_length=64)
    session_id: str | None = Field(default=None, max_length=32)
    added_at: datetime = instant()
    connected_at: datetime | None = optional_instant()
    revoked_at: datetime | None = optional_instant()

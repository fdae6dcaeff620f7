"""Rows about conflicts of interest: decisions, reviews, exclusions, opened bidders, and who sat with whom."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlmodel import Field

from expert_hub.foundation.tables import Table, document, instant, optional_instant


class ConflictDecision(Table, table=True):
    """A decision of a person about one expert and one ground (CF-01), until it is revoked.

    With `holds_everywhere` it holds for every lot in which the other side takes part, else for its own lot. The expert
    is no foreign key: registrations of one person may be merged later.
    """

    __tablename__ = "conflict_decision"

    id: str = Field(primary_key=True, max_length=32)
    lot_id: str = Field(foreign_key="lot.id", index=True, max_length=32)
    holds_everywhere: bool = Field(index=True)
    expert_id: str = Field(index=True, max_length=32)
    state: str = Field(max_length=16)
    ground: str = Field(max_length=3)
    party_code: str = Field(max_length=64)
    party_name: str = Field(max_length=255)
    reason: str = Field(max_length=500)
    evidence: str = Field(max_length=255)
    decided_by: str = Field(max_length=32)
    decided_at: datetime = instant()
    revoked_by: str | None = Field(default=None, max_length=32)
    revoked_at: datetime | None = optional_instant()


class ConflictReview(Table, table=True):
    """An uncertain match of a draw: the person is out, and somebody looks at it (CF-02)."""

    __tablename__ = "conflict_review"

    id: str = Field(primary_key=True, max_length=32)
    draw_id: str = Field(foreign_key="draw.id", index=True, max_length=32)
    lot_id: str = Field(foreign_key="lot.id", max_length=32)
    expert_id: str = Field(max_length=32)
    ground: str = Field(max_length=3)
    party_role: str = Field(max_length=32)
    party_code: str = Field(max_length=64)
    party_name: str = Field(max_length=255)
    relation: dict[str, Any] = document()
    state: str = Field(index=True, max_length=16)
    reason: str = Field(default="", max_length=500)
    decision_id: str | None = Field(default=None, foreign_key="conflict_decision.id", max_length=32)
    closed_by: str | None = Field(default=None, max_length=32)
    opened_at: datetime = instant()
    closed_at: datetime | None = optional_instant()


class ExclusionRecord(Table, table=True):
    """Why people were left out: 0 at the draw, 1, 2, ... of the second passes; sealed under the key of the hub.

    `sha256` is that of the record before it was sealed and stands in the ledger.
    """

    __tablename__ = "exclusion_record"

    draw_id: str = Field(primary_key=True, foreign_key="draw.id", max_length=32)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    record_sealed: bytes = Field(sa_type=LargeBinary)
    sha256: str = Field(max_length=64)
    made_at: datetime = instant()


class DrawOpening(Table, table=True):
    """The opened bidders against which the members of a draw are assessed; the one with the highest number counts."""

    __tablename__ = "draw_opening"

    draw_id: str = Field(primary_key=True, foreign_key="draw.id", max_length=32)
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    bidders: list[dict[str, Any]] = document()
    entered_by: str = Field(max_length=32)
    entered_at: datetime = instant()


class CoService(Table, table=True):
    """Two people who sat on one panel on a day, by keyed digests, smaller first: names are not for the database."""

    __tablename__ = "co_service"

    one_index: str = Field(primary_key=True, max_length=64)
    other_index: str = Field(primary_key=True, max_length=64)
    on_date: date = Field(primary_key=True, index=True)

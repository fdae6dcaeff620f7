"""Rows of draws."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, UniqueConstraint

from expert_hub.foundation.tables import Table, document, instant, optional_instant


class Draw(Table, table=True):
    """One attempt to draw the panel of a lot. Secrets are sealed until they are revealed."""

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("lot_id", "attempt"),)

    id: str = Field(primary_key=True, max_length=32)
    lot_id: str = Field(foreign_key="lot.id", max_length=32)
    attempt: int
    state: str = Field(index=True, max_length=32)
    requested_by: str = Field(max_length=32)
    supervised_by: str | None = Field(default=None, max_length=32)
    centre_secret_sealed: bytes = Field(sa_type=LargeBinary)
    pool_key_sealed: bytes = Field(sa_type=LargeBinary)
    centre_pledge: str = Field(max_length=64)
    supervisor_pledge: str | None = Field(default=None, max_length=64)
    place: str = Field(max_length=255)
    phone: str = Field(max_length=32)
    candidates: list[str] = document()
    committed: str | None = None
    commitment: str | None = Field(default=None, max_length=64)
    transcript: str | None = None
    requested_at: datetime = instant()
    committed_at: datetime | None = optional_instant()
    drawn_at: datetime | None = optional_instant()


class DrawPosition(Table, table=True):
    """One drawn place: `place` is its order in the transcript, `rank` in the panel or the reserve of its quota."""

    __tablename__ = "draw_position"
    __table_args__ = (UniqueConstraint("draw_id", "place"), UniqueConstraint("draw_id", "expert_id"))

    id: str = Field(primary_key=True, max_length=32)
    draw_id: str = Field(foreign_key="draw.id", max_length=32)
    quota_id: str = Field(max_length=64)
    rank: int
    place: int
    is_alternate: bool
    expert_id: str = Field(max_length=32)
    outcome: str = Field(default="drawn", max_length=16)


class Invitation(Table, table=True):
    """One invitation to one drawn expert.

    `rounds` is the number of the present attempt to reach the expert, `failures` counts what gateways refused since
    then. A worker acts on a row when it is due, and has it to itself until its lease ends.
    """

    __tablename__ = "invitation"

    id: str = Field(primary_key=True, max_length=32)
    draw_id: str = Field(foreign_key="draw.id", index=True, max_length=32)
    position_id: str = Field(foreign_key="draw_position.id", unique=True, max_length=32)
    code_sha256: str = Field(unique=True, max_length=64)
    parcel_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    expert_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    state: str = Field(index=True, max_length=16)
    rounds: int = 1
    failures: int = 0
    attempts_max: int
    answer_limit_s: int
    give_up_at: datetime = instant()
    queued_at: datetime = instant()
    due_at: datetime | None = optional_instant(index=True)
    leased_by: str | None = Field(default=None, max_length=32)
    leased_until: datetime | None = optional_instant()
    sent_at: datetime | None = optional_instant()
    delivered_at: datetime | None = optional_instant()
    answered_at: datetime | None = optional_instant()
    closed_at: datetime | None = optional_instant()


class InvitationAttempt(Table, table=True):
    """One finished try of one worker to hand a message to a channel, whatever came of it."""

    __tablename__ = "invitation_attempt"

    invitation_id: str = Field(primary_key=True, foreign_key="invitation.id", max_length=32)
    number: int = Field(primary_key=True)
    round: int
    channel: str = Field(max_length=16)
    worker: str = Field(max_length=32)
    started_at: datetime = instant()
    ended_at: datetime = instant()
    result: str = Field(max_length=16)
    reason: str = Field(max_length=32)


class InvitationReport(Table, table=True):
    """One signed report of a gateway; the same event reported again is the same row."""

    __tablename__ = "invitation_report"

    invitation_id: str = Field(primary_key=True, foreign_key="invitation.id", max_length=32)
    event_id: str = Field(primary_key=True, max_length=64)
    round: int
    channel: str = Field(max_length=16)
    event: str = Field(max_length=16)
    key: str = Field(max_length=1)
    happened_at: datetime | None = optional_instant()
    received_at: datetime = instant()
    body_sha256: str = Field(max_length=64)
    is_applied: bool

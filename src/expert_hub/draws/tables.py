"""Rows of draws."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, UniqueConstraint

from expert_hub.foundation.tables import Table, document, instant, optional_instant


class Draw(Table, table=True):
    """One attempt to draw the panel of a lot.

    `fixed`, `lottery` and the pool are settled when the draw is requested; `proposal` is the body that the supervisor
    is asked to sign, `body` the one that was committed. `key_centre_sealed` and `key_supervisor_sealed` are the two
    halves of the key that turns positions into persons: one under the key of the hub, one under that of the supervisor.
    `funnel` and `risk` are what the requester may see of the assessment; `direct_sealed`: who is selected directly.
    """

    __tablename__ = "draw"
    __table_args__ = (UniqueConstraint("lot_id", "attempt"),)

    id: str = Field(primary_key=True, max_length=32)
    lot_id: str = Field(foreign_key="lot.id", max_length=32)
    attempt: int
    state: str = Field(index=True, max_length=32)
    requested_by: str = Field(max_length=32)
    supervised_by: str | None = Field(default=None, max_length=32)
    contributors: list[str] = document()
    replacement: str = Field(max_length=16)
    place: str = Field(max_length=255)
    phone: str = Field(max_length=32)
    fixed: str
    lottery: str
    funnel: dict[str, Any] = document()
    risk: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON().with_variant(JSONB(), "postgresql")))
    direct_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    key_centre_sealed: bytes = Field(sa_type=LargeBinary)
    key_supervisor_sealed: bytes = Field(sa_type=LargeBinary)
    proposal: str | None = None
    policy: str | None = Field(default=None, max_length=64)
    body: str | None = None
    commitment: str | None = Field(default=None, unique=True, max_length=64)
    signatures: dict[str, str] = document()
    checked_in_at: datetime | None = optional_instant()
    revealed_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    closing: str | None = None
    transcript: str | None = None
    requested_at: datetime = instant()
    committed_at: datetime | None = optional_instant()
    drawn_at: datetime | None = optional_instant()


class DrawPool(Table, table=True):
    """The frozen pool of a draw, in a row of its own because it is large: leaves, and sealed candidate ids."""

    __tablename__ = "draw_pool"

    draw_id: str = Field(primary_key=True, foreign_key="draw.id", max_length=32)
    leaves: bytes = Field(sa_type=LargeBinary)
    candidates_sealed: bytes = Field(sa_type=LargeBinary)


class DrawRound(Table, table=True):
    """One drawing: 0 for the panel, 1, 2, ... for replacements. `value` is its seed once it was drawn.

    `key_sealed` holds the key of the pool between the supervisor's link and the beacon, and is then forgotten.
    """

    __tablename__ = "draw_round"

    draw_id: str = Field(primary_key=True, foreign_key="draw.id", max_length=32)
    number: int = Field(primary_key=True)
    state: str = Field(index=True, max_length=16)
    seats: list[int] = document()
    links: list[dict[str, Any]] = document()
    plan: list[dict[str, Any]] = document()
    level: int = 0
    entry: int
    checkpoint: str
    cosignatures: list[str] = document()
    revealed: dict[str, str] = document()
    escrowed: list[str] = document()
    key_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    beacon: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON().with_variant(JSONB(), "postgresql")))
    value: str | None = Field(default=None, max_length=64)
    filled: list[list[int]] = document()
    touched: list[int] = document()
    opened_at: datetime = instant()
    drawn_at: datetime | None = optional_instant()


class DrawPosition(Table, table=True):
    """One drawn person: `number` is the drawing, `seat` the seat, `position` the leaf.

    An alternate drawn ahead has no seat until it takes one; `place` is its order. `expert_sealed` opens with the key of
    the pool only. `account_id` is the entry to the room that was made when the person accepted. A directly selected
    person was not drawn: `quota` and `position` are negative. `assessed` is the number of the newest opening of bids
    against which the member was assessed.
    """

    __tablename__ = "draw_position"
    __table_args__ = (UniqueConstraint("draw_id", "position"),)

    id: str = Field(primary_key=True, max_length=32)
    draw_id: str = Field(foreign_key="draw.id", index=True, max_length=32)
    number: int
    seat: int | None = None
    place: int
    position: int
    quota: int
    quota_id: str = Field(max_length=64)
    is_alternate: bool
    expert_sealed: bytes = Field(sa_type=LargeBinary)
    account_id: str | None = Field(default=None, unique=True, max_length=32)
    outcome: str = Field(default="drawn", max_length=16)
    entry: int | None = None
    evidence: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON().with_variant(JSONB(), "postgresql")))
    assessed: int = 0

    @property
    def is_direct(self) -> bool:
        """True if the person was selected directly and not drawn."""
        return self.quota < 0


class DrawParty(Table, table=True):
    """A registered chain of a contributing party. At most one of each party is in use: the one not retired."""

    __tablename__ = "draw_party"

    tip: str = Field(primary_key=True, max_length=64)
    party: str = Field(index=True, max_length=64)
    ed25519: str = Field(max_length=64)
    x25519: str = Field(max_length=64)
    length: int
    used: int = 0
    revealed: int = 0
    last: str = Field(max_length=64)
    document: dict[str, Any] = document()
    account_id: str | None = Field(default=None, max_length=32)
    entry: int
    is_retired: bool = False


class DrawLink(Table, table=True):
    """Which drawing used which link: each link once, whoever asks at the same time."""

    __tablename__ = "draw_link"

    tip: str = Field(primary_key=True, foreign_key="draw_party.tip", max_length=64)
    index: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    draw_id: str = Field(foreign_key="draw.id", index=True, max_length=32)
    number: int
    entry: int


class DrawPolicy(Table, table=True):
    """Every policy under which a draw was committed, by its hash."""

    __tablename__ = "draw_policy"

    hash: str = Field(primary_key=True, max_length=64)
    text: str


class Engagement(Table, table=True):
    """Time that a drawn person has given away, found by a keyed digest of the person (C17), never by name or draw."""

    __tablename__ = "engagement"

    id: str = Field(primary_key=True, max_length=32)
    person_index: str = Field(index=True, max_length=64)
    starts_at: datetime = instant()
    ends_at: datetime = instant()
    city: str = Field(max_length=6)
    drawn_at: datetime = instant(index=True)
    is_over: bool = False


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
    code_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
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

"""Invitations that a worker sends, repeats and ends; attempts and gateway reports

Revision ID: 0002
Revises: 0001
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parcel_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("expert_sealed", sa.LargeBinary(), nullable=True))
        for name in ("rounds", "failures", "attempts_max", "answer_limit_s"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        for name in ("give_up_at", "due_at", "leased_until", "delivered_at", "closed_at"):
            batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("leased_by", sa.String(length=32), nullable=True))
    # What waited to be sent under the old schema names no number: the worker ends it and asks somebody else.
    op.execute(
        "UPDATE invitation SET rounds = 1, failures = 0, attempts_max = 1, answer_limit_s = 600, give_up_at = queued_at"
    )
    op.execute("UPDATE invitation SET due_at = queued_at WHERE state IN ('queued', 'sent')")
    op.execute("UPDATE invitation SET closed_at = answered_at WHERE state = 'declined'")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        for name in ("rounds", "failures", "attempts_max", "answer_limit_s"):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("give_up_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.drop_column("message_sealed")
        batch_op.create_index(batch_op.f("ix_invitation_due_at"), ["due_at"], unique=False)

    op.create_table(
        "invitation_attempt",
        sa.Column("invitation_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("worker", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_attempt_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("invitation_id", "number", name=op.f("pk_invitation_attempt")),
    )
    op.create_table(
        "invitation_report",
        sa.Column("invitation_id", sa.String(length=32), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("event", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=1), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_applied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invitation_report_invitation_id_invitation")
        ),
        sa.PrimaryKeyConstraint("invitation_id", "event_id", name=op.f("pk_invitation_report")),
    )


def downgrade() -> None:
    op.drop_table("invitation_report")
    op.drop_table("invitation_attempt")
    # The old schema knows no other way to end than these two.
    op.execute("UPDATE invitation SET state = 'declined' WHERE state NOT IN ('queued', 'sent', 'accepted')")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_due_at"))
        batch_op.add_column(sa.Column("message_sealed", sa.LargeBinary(), nullable=True))
        for name in (
            "parcel_sealed", "expert_sealed", "rounds", "failures", "attempts_max", "answer_limit_s", "give_up_at",
            "due_at", "leased_by", "leased_until", "delivered_at", "closed_at",
        ):  # fmt: skip
            batch_op.drop_column(name)

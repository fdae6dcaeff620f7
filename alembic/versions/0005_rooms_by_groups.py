"""Snapshots of rooms, and tickets for their sockets.

Revision ID: 0005
Revises: 0006
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0005"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "room_snapshot",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("format", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["evaluation_room.id"], name=op.f("fk_room_snapshot_room_id_evaluation_room")
        ),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room_snapshot")),
    )
    op.create_table(
        "entry_ticket",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_entry_ticket")),
    )
    with op.batch_alter_table("entry_ticket", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entry_ticket_expires_at"), ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("entry_ticket")
    op.drop_table("room_snapshot")

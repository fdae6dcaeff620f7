"""Bid documents of rooms, the secret order of blind ones, and who opened what

Revision ID: 0006
Revises: 0004
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0006"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "room_document",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("bid_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("added_by", sa.String(length=32), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["evaluation_room.id"], name=op.f("fk_room_document_room_id_evaluation_room")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_document")),
        sa.UniqueConstraint("room_id", "bid_id", "sha256", name=op.f("uq_room_document_room_id_bid_id_sha256")),
    )
    op.create_index(op.f("ix_room_document_room_id"), "room_document", ["room_id"], unique=False)
    op.create_table(
        "room_document_order",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["evaluation_room.id"], name=op.f("fk_room_document_order_room_id_evaluation_room")
        ),
        sa.PrimaryKeyConstraint("room_id", name=op.f("pk_room_document_order")),
    )
    op.create_table(
        "room_document_reading",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("document_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("seat_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["evaluation_room.id"], name=op.f("fk_room_document_reading_room_id_evaluation_room")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["room_document.id"], name=op.f("fk_room_document_reading_document_id_room_document")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_document_reading")),
    )
    op.create_index(op.f("ix_room_document_reading_room_id"), "room_document_reading", ["room_id"], unique=False)


def downgrade() -> None:
    op.drop_table("room_document_reading")
    op.drop_table("room_document_order")
    op.drop_table("room_document")

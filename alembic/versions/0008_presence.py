"""When the seats of rooms were heard last

Revision ID: 0008
Revises: 0007
"""

from collections.abc import Sequence

import sqlalchemy as sa

from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "seat_presence",
        sa.Column("room_id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_offline", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["evaluation_room.id"], name=op.f("fk_seat_presence_room_id_evaluation_room")
        ),
        sa.PrimaryKeyConstraint("room_id", "account_id", name=op.f("pk_seat_presence")),
    )


def downgrade() -> None:
    op.drop_table("seat_presence")

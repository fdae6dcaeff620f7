"""Conflicts: decisions, reviews, exclusion records, opened bidders, who sat with whom; risk, direct selection

Revision ID: 0004
Revises: 0003
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def _json() -> sa.types.TypeEngine[object]:
    return sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "conflict_decision",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("lot_id", sa.String(length=32), nullable=False),
        sa.Column("holds_everywhere", sa.Boolean(), nullable=False),
        sa.Column("expert_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("ground", sa.String(length=3), nullable=False),
        sa.Column("party_code", sa.String(length=64), nullable=False),
        sa.Column("party_name", sa.String(length=255), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("evidence", sa.String(length=255), nullable=False),
        sa.Column("decided_by", sa.String(length=32), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(length=32), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_conflict_decision_lot_id_lot")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_decision")),
    )
    with op.batch_alter_table("conflict_decision", schema=None) as batch_op:
        for name in ("lot_id", "holds_everywhere", "expert_id"):
            batch_op.create_index(batch_op.f(f"ix_conflict_decision_{name}"), [name], unique=False)

    op.create_table(
        "conflict_review",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("lot_id", sa.String(length=32), nullable=False),
        sa.Column("expert_id", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=3), nullable=False),
        sa.Column("party_role", sa.String(length=32), nullable=False),
        sa.Column("party_code", sa.String(length=64), nullable=False),
        sa.Column("party_name", sa.String(length=255), nullable=False),
        sa.Column("relation", _json(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("decision_id", sa.String(length=32), nullable=True),
        sa.Column("closed_by", sa.String(length=32), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_conflict_review_draw_id_draw")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_conflict_review_lot_id_lot")),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["conflict_decision.id"], name=op.f("fk_conflict_review_decision_id_conflict_decision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflict_review")),
    )
    with op.batch_alter_table("conflict_review", schema=None) as batch_op:
        for name in ("draw_id", "state"):
            batch_op.create_index(batch_op.f(f"ix_conflict_review_{name}"), [name], unique=False)

    op.create_table(
        "exclusion_record",
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_exclusion_record_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_exclusion_record")),
    )
    op.create_table(
        "draw_opening",
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bidders", _json(), nullable=False),
        sa.Column("entered_by", sa.String(length=32), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_opening_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_opening")),
    )
    op.create_table(
        "co_service",
        sa.Column("one_index", sa.String(length=64), nullable=False),
        sa.Column("other_index", sa.String(length=64), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("one_index", "other_index", "on_date", name=op.f("pk_co_service")),
    )
    with op.batch_alter_table("co_service", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_co_service_on_date"), ["on_date"], unique=False)

    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.add_column(sa.Column("risk", _json(), nullable=True))
        batch_op.add_column(sa.Column("direct_sealed", sa.LargeBinary(), nullable=True))
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        batch_op.add_column(sa.Column("assessed", sa.Integer(), nullable=True))
    op.execute("UPDATE draw_position SET assessed = 0")
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        batch_op.alter_column("assessed", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        batch_op.drop_column("assessed")
    with op.batch_alter_table("draw", schema=None) as batch_op:
        batch_op.drop_column("direct_sealed")
        batch_op.drop_column("risk")
    for name in ("co_service", "draw_opening", "exclusion_record", "conflict_review", "conflict_decision"):
        op.drop_table(name)

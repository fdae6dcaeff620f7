"""Draws by XD-1: parties and their chains, drawings, frozen pools, sealed places

Revision ID: 0003
Revises: 0002
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


_DRAW_JSON = ("contributors", "funnel", "signatures")
_OLD_DRAW = (
    "supervisor_pledge",
    "centre_pledge",
    "committed",
    "centre_secret_sealed",
    "candidates",
    "pool_key_sealed",
)
_NEW_DRAW = (
    "closing",
    "revealed_sealed",
    "checked_in_at",
    "signatures",
    "body",
    "policy",
    "proposal",
    "key_supervisor_sealed",
    "key_centre_sealed",
    "funnel",
    "lottery",
    "fixed",
    "replacement",
    "contributors",
)


def upgrade() -> None:
    op.create_table(
        "draw_party",
        sa.Column("tip", sa.String(length=64), nullable=False),
        sa.Column("party", sa.String(length=64), nullable=False),
        sa.Column("ed25519", sa.String(length=64), nullable=False),
        sa.Column("x25519", sa.String(length=64), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("revealed", sa.Integer(), nullable=False),
        sa.Column("last", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=True),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("tip", name=op.f("pk_draw_party")),
    )
    with op.batch_alter_table("draw_party", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_party_party"), ["party"], unique=False)

    op.create_table(
        "draw_policy",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_draw_policy")),
    )
    op.create_table(
        "engagement",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_index", sa.String(length=64), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("city", sa.String(length=6), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_engagement")),
    )
    with op.batch_alter_table("engagement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_engagement_drawn_at"), ["drawn_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_engagement_person_index"), ["person_index"], unique=False)

    op.create_table(
        "draw_link",
        sa.Column("tip", sa.String(length=64), nullable=False),
        sa.Column("index", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_link_draw_id_draw")),
        sa.ForeignKeyConstraint(["tip"], ["draw_party.tip"], name=op.f("fk_draw_link_tip_draw_party")),
        sa.PrimaryKeyConstraint("tip", "index", name=op.f("pk_draw_link")),
    )
    with op.batch_alter_table("draw_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_link_draw_id"), ["draw_id"], unique=False)

    op.create_table(
        "draw_pool",
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("leaves", sa.LargeBinary(), nullable=False),
        sa.Column("candidates_sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_pool_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", name=op.f("pk_draw_pool")),
    )
    op.create_table(
        "draw_round",
        sa.Column("draw_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seats", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("links", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("plan", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("checkpoint", sa.String(), nullable=False),
        sa.Column("cosignatures", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("revealed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("escrowed", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("key_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("beacon", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=True),
        sa.Column("value", sa.String(length=64), nullable=True),
        sa.Column("filled", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("touched", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_round_draw_id_draw")),
        sa.PrimaryKeyConstraint("draw_id", "number", name=op.f("pk_draw_round")),
    )
    with op.batch_alter_table("draw_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draw_round_state"), ["state"], unique=False)

    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("draw", schema=None) as batch_op:
        for name in _DRAW_JSON:
            batch_op.add_column(sa.Column(name, json, nullable=True))
        batch_op.add_column(sa.Column("replacement", sa.String(length=16), nullable=True))
        for name in ("fixed", "lottery", "proposal", "body", "closing"):
            batch_op.add_column(sa.Column(name, sa.String(), nullable=True))
        for name in ("key_centre_sealed", "key_supervisor_sealed", "revealed_sealed"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("policy", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        for name in ("number", "seat", "position", "quota", "entry"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("expert_sealed", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("account_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("evidence", json, nullable=True))
    _convert(op.get_bind())
    with op.batch_alter_table("draw", schema=None) as batch_op:
        for name in _DRAW_JSON:
            batch_op.alter_column(name, existing_type=json, nullable=False)
        batch_op.alter_column("replacement", existing_type=sa.String(length=16), nullable=False)
        for name in ("fixed", "lottery"):
            batch_op.alter_column(name, existing_type=sa.String(), nullable=False)
        for name in ("key_centre_sealed", "key_supervisor_sealed"):
            batch_op.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_draw_commitment"), ["commitment"])
        for name in _OLD_DRAW:
            batch_op.drop_column(name)
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        for name in ("number", "position", "quota"):
            batch_op.alter_column(name, existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("expert_sealed", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_draw_position_draw_id_expert_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_draw_position_draw_id_place"), type_="unique")
        batch_op.create_index(batch_op.f("ix_draw_position_draw_id"), ["draw_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_draw_position_account_id"), ["account_id"])
        batch_op.create_unique_constraint(batch_op.f("uq_draw_position_draw_id_position"), ["draw_id", "position"])
        batch_op.drop_column("rank")
        batch_op.drop_column("expert_id")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("code_sealed", sa.LargeBinary(), nullable=True))
        batch_op.drop_column("expert_sealed")


def _convert(bind: sa.Connection) -> None:
    """Carry draws of the first form over: complete ones stay, others end as void; nothing they held is thrown away.

    What has no place of its own any more is kept where XD-1 keeps the like: the committed document in `fixed`, the key
    of the pool and the centre's secret in the two key columns, the candidates in the pool, the expert's id (in clear,
    as it was) in `expert_sealed`.
    """
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    draws = sa.table(
        "draw",
        *(sa.column(name) for name in ("id", "state", "committed", "fixed", "lottery", "replacement")),
        *(sa.column(name, json) for name in ("contributors", "funnel", "signatures", "candidates")),
        *(sa.column(name) for name in ("centre_pledge", "supervisor_pledge")),
        *(sa.column(name, sa.LargeBinary()) for name in ("pool_key_sealed", "centre_secret_sealed")),
        *(sa.column(name, sa.LargeBinary()) for name in ("key_centre_sealed", "key_supervisor_sealed")),
    )
    pools = sa.table(
        "draw_pool",
        sa.column("draw_id"),
        sa.column("leaves", sa.LargeBinary()),
        sa.column("candidates_sealed", sa.LargeBinary()),
    )
    for row in bind.execute(sa.select(draws)).mappings().all():
        values = {
            "state": row["state"] if row["state"] == "ready" else "void",
            "fixed": row["committed"] or "{}",
            "lottery": "{}",
            "replacement": "next_in_order",
            "contributors": [],
            "funnel": {},
            "signatures": {"centre_pledge": row["centre_pledge"], "supervisor_pledge": row["supervisor_pledge"] or ""},
            "key_centre_sealed": row["pool_key_sealed"],
            "key_supervisor_sealed": row["centre_secret_sealed"],
        }
        bind.execute(draws.update().where(draws.c.id == row["id"]).values(values))
        kept = "\n".join(row["candidates"] or ()).encode()
        bind.execute(pools.insert().values(draw_id=row["id"], leaves=b"", candidates_sealed=kept))
    _convert_positions(bind)


def _convert_positions(bind: sa.Connection) -> None:
    names = ("id", "draw_id", "place", "is_alternate", "outcome", "expert_id", "number", "seat", "position", "quota")
    positions = sa.table(
        "draw_position", *(sa.column(name) for name in names), sa.column("expert_sealed", sa.LargeBinary())
    )
    seats: dict[str, int] = {}
    for row in bind.execute(sa.select(positions).order_by(positions.c.draw_id, positions.c.place)).mappings().all():
        has_seat = not row["is_alternate"] or row["outcome"] != "drawn"
        seat = seats.get(row["draw_id"], 0)
        seats[row["draw_id"]] = seat + has_seat
        values = {
            "number": 0,
            "seat": seat if has_seat else None,
            "position": row["place"],
            "quota": 0,
            "expert_sealed": row["expert_id"].encode(),
        }
        bind.execute(positions.update().where(positions.c.id == row["id"]).values(values))


def downgrade() -> None:
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM draw_round")).scalar_one():
        raise RuntimeError("draws were made by XD-1: their rows have no form in the older schema")
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expert_sealed", sa.LargeBinary(), nullable=True))
        batch_op.drop_column("code_sealed")
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expert_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("rank", sa.Integer(), nullable=True))
    with op.batch_alter_table("draw", schema=None) as batch_op:
        for name in ("pool_key_sealed", "centre_secret_sealed"):
            batch_op.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("candidates", json, nullable=True))
        batch_op.add_column(sa.Column("committed", sa.String(), nullable=True))
        for name in ("centre_pledge", "supervisor_pledge"):
            batch_op.add_column(sa.Column(name, sa.String(length=64), nullable=True))
    _convert_back(bind)
    with op.batch_alter_table("draw_position", schema=None) as batch_op:
        batch_op.alter_column("expert_id", existing_type=sa.String(length=32), nullable=False)
        batch_op.alter_column("rank", existing_type=sa.Integer(), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_draw_position_draw_id_position"), type_="unique")
        batch_op.drop_constraint(batch_op.f("uq_draw_position_account_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_draw_position_draw_id"))
        batch_op.create_unique_constraint(batch_op.f("uq_draw_position_draw_id_place"), ["draw_id", "place"])
        batch_op.create_unique_constraint(batch_op.f("uq_draw_position_draw_id_expert_id"), ["draw_id", "expert_id"])
        for name in ("evidence", "entry", "account_id", "expert_sealed", "quota", "position", "seat", "number"):
            batch_op.drop_column(name)
    with op.batch_alter_table("draw", schema=None) as batch_op:
        for name in ("pool_key_sealed", "centre_secret_sealed"):
            batch_op.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("candidates", existing_type=json, nullable=False)
        batch_op.alter_column("centre_pledge", existing_type=sa.String(length=64), nullable=False)
        batch_op.drop_constraint(batch_op.f("uq_draw_commitment"), type_="unique")
        for name in _NEW_DRAW:
            batch_op.drop_column(name)
    for name in ("draw_round", "draw_pool", "draw_link", "engagement", "draw_policy", "draw_party"):
        op.drop_table(name)


def _convert_back(bind: sa.Connection) -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
    draws = sa.table(
        "draw",
        *(sa.column(name) for name in ("id", "committed", "fixed", "centre_pledge", "supervisor_pledge")),
        *(sa.column(name, json) for name in ("signatures", "candidates")),
        *(sa.column(name, sa.LargeBinary()) for name in ("pool_key_sealed", "centre_secret_sealed")),
        *(sa.column(name, sa.LargeBinary()) for name in ("key_centre_sealed", "key_supervisor_sealed")),
    )
    pools = sa.table("draw_pool", sa.column("draw_id"), sa.column("candidates_sealed", sa.LargeBinary()))
    kept = {row[0]: row[1] for row in bind.execute(sa.select(pools.c.draw_id, pools.c.candidates_sealed))}
    for row in bind.execute(sa.select(draws)).mappings().all():
        values = {
            "committed": None if row["fixed"] == "{}" else row["fixed"],
            "pool_key_sealed": row["key_centre_sealed"],
            "centre_secret_sealed": row["key_supervisor_sealed"],
            "candidates": kept.get(row["id"], b"").decode().split("\n"),
            "centre_pledge": row["signatures"].get("centre_pledge", ""),
            "supervisor_pledge": row["signatures"].get("supervisor_pledge") or None,
        }
        bind.execute(draws.update().where(draws.c.id == row["id"]).values(values))
    positions = sa.table(
        "draw_position",
        *(sa.column(name) for name in ("id", "draw_id", "quota_id", "place", "is_alternate", "expert_id", "rank")),
        sa.column("expert_sealed", sa.LargeBinary()),
    )
    ranks: dict[tuple[str, str, bool], int] = {}
    for row in bind.execute(sa.select(positions).order_by(positions.c.draw_id, positions.c.place)).mappings().all():
        key = row["draw_id"], row["quota_id"], row["is_alternate"]
        ranks[key] = ranks.get(key, -1) + 1
        values = {"expert_id": row["expert_sealed"].decode(), "rank": ranks[key]}
        bind.execute(positions.update().where(positions.c.id == row["id"]).values(values))

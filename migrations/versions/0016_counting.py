"""Counting: bins to be counted, who has counted them, and what was found."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
OPEN = "state IN ('open', 'recount', 'counting', 'review')"


def upgrade() -> None:
    op.create_table(
        "count_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("round", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("claimed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_at_bin", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "last_quantity",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'counting', 'recount', 'review', 'done', 'cancelled')",
            name=op.f("ck_count_task_state"),
        ),
        sa.CheckConstraint(
            "cause IN ('hand', 'oldest', 'short', 'not_empty')",
            name=op.f("ck_count_task_cause"),
        ),
        sa.CheckConstraint(
            "state <> 'counting' OR claimed_by_id IS NOT NULL",
            name=op.f("ck_count_task_claimed"),
        ),
        sa.CheckConstraint("round >= 1", name=op.f("ck_count_task_round")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_count_task_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_count_task_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["user_account.id"], name=op.f("fk_count_task_claimed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_count_task_approved_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_task")),
    )
    op.create_index(
        "uq_count_task_open",
        "count_task",
        ["location_id", sa.text("coalesce(product_id, 0)")],
        unique=True,
        postgresql_where=sa.text(OPEN),
    )
    op.create_index(
        "uq_count_task_claimed_by",
        "count_task",
        ["claimed_by_id"],
        unique=True,
        postgresql_where=sa.text("state = 'counting'"),
    )
    op.create_index("ix_count_task_state", "count_task", ["state", "id"], unique=False)
    op.create_index("ix_count_task_cause", "count_task", ["cause", "id"], unique=False)
    op.create_index("ix_count_task_location", "count_task", ["location_id", "id"], unique=False)
    op.create_index("ix_count_task_product", "count_task", ["product_id", "id"], unique=False)
    op.create_table(
        "count_round",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("is_same_person", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_count_round_number")),
        sa.ForeignKeyConstraint(
            ["task_id"], ["count_task.id"], name=op.f("fk_count_round_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_count_round_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_round")),
        sa.UniqueConstraint("task_id", "number", name=op.f("uq_count_round_task_id_number")),
    )
    op.create_table(
        "count_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("is_expected", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("counted", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("on_hand", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "unit_cost",
            sa.Numeric(precision=14, scale=4),
            server_default="0",
            nullable=False,
        ),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("recount_reason", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'matched', 'review', 'recount', 'posted', 'dropped')",
            name=op.f("ck_count_line_state"),
        ),
        sa.CheckConstraint("counted >= 0", name=op.f("ck_count_line_counted")),
        sa.CheckConstraint(
            "state = 'open' OR (counted IS NOT NULL AND on_hand IS NOT NULL)",
            name=op.f("ck_count_line_compared"),
        ),
        sa.CheckConstraint(
            "recount_reason IS NULL OR recount_reason IN ('large', 'moved', 'asked')",
            name=op.f("ck_count_line_recount_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["count_task.id"], name=op.f("fk_count_line_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_count_line_product_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_count_line_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_count_line")),
    )
    op.create_index("ix_count_line_product", "count_line", ["product_id"], unique=False)
    op.create_index(
        "uq_count_line_product",
        "count_line",
        ["task_id", "round", "product_id", sa.text("coalesce(lot_id, 0)")],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("count_line")
    op.drop_table("count_round")
    op.drop_table("count_task")

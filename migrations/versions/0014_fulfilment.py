"""Pick tasks, parcels, and what has to go back to its bin."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pick_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("state", sa.Text(), server_default="claimed", nullable=False),
        sa.Column("claimed_by_id", sa.BigInteger(), nullable=True),
        sa.Column("device", sa.Text(), server_default="", nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bin_id", sa.BigInteger(), nullable=True),
        sa.Column("tote_line_id", sa.BigInteger(), nullable=True),
        sa.Column("last_line_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_line_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "last_quantity",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('ready', 'claimed', 'picking', 'picked', 'frozen', 'released', 'done')",
            name=op.f("ck_pick_task_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('claimed', 'picking') OR claimed_by_id IS NOT NULL",
            name=op.f("ck_pick_task_claimed"),
        ),
        sa.ForeignKeyConstraint(["bin_id"], ["location.id"], name=op.f("fk_pick_task_bin_id")),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["user_account.id"], name=op.f("fk_pick_task_claimed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_task")),
    )
    op.create_index("ix_pick_task_state", "pick_task", ["state", "id"], unique=False)
    op.create_index(
        "uq_pick_task_claimed_by",
        "pick_task",
        ["claimed_by_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('claimed', 'picking')"),
    )
    op.create_table(
        "pick_task_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("tote_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('open', 'picked', 'packing', 'shipped', 'frozen', 'released')",
            name=op.f("ck_pick_task_order_state"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_pick_task_order_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["pick_task.id"], name=op.f("fk_pick_task_order_task_id")
        ),
        sa.ForeignKeyConstraint(
            ["tote_id"], ["location.id"], name=op.f("fk_pick_task_order_tote_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_task_order")),
        sa.UniqueConstraint(
            "task_id", "position", name=op.f("uq_pick_task_order_task_id_position")
        ),
    )
    op.create_index(
        "ix_pick_task_order_state", "pick_task_order", ["state", "id"], unique=False
    )
    op.create_index(
        "uq_pick_task_order_order",
        "pick_task_order",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_index(
        "uq_pick_task_order_tote",
        "pick_task_order",
        ["tote_id"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "parcel",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("task_order_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("weight_kg", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("length_cm", sa.Numeric(precision=8, scale=1), nullable=True),
        sa.Column("width_cm", sa.Numeric(precision=8, scale=1), nullable=True),
        sa.Column("height_cm", sa.Numeric(precision=8, scale=1), nullable=True),
        sa.Column("carrier", sa.Text(), server_default="", nullable=False),
        sa.Column("tracking", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('open', 'shipped', 'cancelled')", name=op.f("ck_parcel_state")
        ),
        sa.CheckConstraint(
            "length_cm > 0 AND width_cm > 0 AND height_cm > 0", name=op.f("ck_parcel_size")
        ),
        sa.CheckConstraint("weight_kg > 0", name=op.f("ck_parcel_weight")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_parcel_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_order_id"], ["pick_task_order.id"], name=op.f("fk_parcel_task_order_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel")),
        sa.UniqueConstraint(
            "task_order_id", "number", name=op.f("uq_parcel_task_order_id_number")
        ),
    )
    op.create_index("ix_parcel_order", "parcel", ["order_id", "id"], unique=False)
    op.create_table(
        "pick_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "picked", sa.Numeric(precision=14, scale=3), server_default="0", nullable=False
        ),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(reason IS NULL) = (state NOT IN ('partial', 'short')) AND (reason IS NULL OR reason IN ('not_found', 'damaged', 'wrong_bin'))",
            name=op.f("ck_pick_line_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'picked', 'partial', 'short', 'skipped', 'cancelled')",
            name=op.f("ck_pick_line_state"),
        ),
        sa.CheckConstraint(
            "quantity > 0 AND picked BETWEEN 0 AND quantity", name=op.f("ck_pick_line_picked")
        ),
        sa.ForeignKeyConstraint(
            ["finished_by_id"], ["user_account.id"], name=op.f("fk_pick_line_finished_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_pick_line_location_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_pick_line_lot_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_pick_line_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["sales_order_line.id"], name=op.f("fk_pick_line_order_line_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_pick_line_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["pick_task.id"], name=op.f("fk_pick_line_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pick_line")),
    )
    op.create_index("ix_pick_line_finished_at", "pick_line", ["finished_at"], unique=False)
    op.create_index("ix_pick_line_order", "pick_line", ["order_id"], unique=False)
    op.create_index(
        "ix_pick_line_task", "pick_line", ["task_id", "sequence", "id"], unique=False
    )
    op.create_table(
        "put_back",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("tote_id", sa.BigInteger(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_put_back_quantity")),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user_account.id"], name=op.f("fk_put_back_done_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_put_back_location_id")
        ),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_put_back_lot_id")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_put_back_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_put_back_product_id")
        ),
        sa.ForeignKeyConstraint(["tote_id"], ["location.id"], name=op.f("fk_put_back_tote_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_put_back")),
    )
    op.create_index(
        "ix_put_back_open",
        "put_back",
        ["tote_id", "id"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
    )
    op.create_index("ix_put_back_order", "put_back", ["order_id"], unique=False)
    op.create_table(
        "parcel_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("parcel_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_parcel_line_quantity")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["sales_order_line.id"],
            name=op.f("fk_parcel_line_order_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["parcel_id"], ["parcel.id"], name=op.f("fk_parcel_line_parcel_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parcel_line")),
        sa.UniqueConstraint(
            "parcel_id", "order_line_id", name=op.f("uq_parcel_line_parcel_id_order_line_id")
        ),
    )


def downgrade() -> None:
    op.drop_table("parcel_line")
    op.drop_table("put_back")
    op.drop_table("pick_line")
    op.drop_table("parcel")
    op.drop_table("pick_task_order")
    op.drop_table("pick_task")

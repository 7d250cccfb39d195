"""Deliveries in somebody's hands at the dock: what is scanned, and not put away yet."""

import sqlalchemy as sa
from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receiving_task",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("delivery_note", sa.Text(), server_default="", nullable=False),
        sa.Column("is_done", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "last_quantity",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("refused_code", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_receiving_task_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_receiving_task_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_task")),
    )
    op.create_index(
        "ix_receiving_task_order", "receiving_task", ["order_id", "id"], unique=False
    )
    op.create_index(
        "uq_receiving_task_user",
        "receiving_task",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("NOT is_done"),
    )
    op.create_table(
        "receiving_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(product_id IS NULL) = (code <> '')", name=op.f("ck_receiving_line_code")
        ),
        sa.CheckConstraint(
            "condition IN ('good', 'damaged', 'aside')",
            name=op.f("ck_receiving_line_condition"),
        ),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_receiving_line_quantity")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_receiving_line_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["receiving_task.id"], name=op.f("fk_receiving_line_task_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receiving_line")),
    )
    op.create_index("ix_receiving_line_task", "receiving_line", ["task_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("receiving_line")
    op.drop_table("receiving_task")

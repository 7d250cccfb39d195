"""What came of deliveries, and what of it was put aside."""

import sqlalchemy as sa
from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goods_receipt",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("delivery_note", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_goods_receipt_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_goods_receipt_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_goods_receipt_posting_id")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_goods_receipt_undone_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_goods_receipt_vendor_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_receipt")),
        sa.UniqueConstraint("key", name=op.f("uq_goods_receipt_key")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_goods_receipt_posting_id")),
    )
    op.create_index("ix_goods_receipt_order", "goods_receipt", ["order_id", "id"], unique=False)
    op.create_index(
        "ix_goods_receipt_undone",
        "goods_receipt",
        ["id"],
        unique=False,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index(
        "ix_goods_receipt_vendor", "goods_receipt", ["vendor_id", "id"], unique=False
    )
    op.create_table(
        "goods_receipt_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=True),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "(condition = 'unknown') = (code <> '')", name=op.f("ck_goods_receipt_line_code")
        ),
        sa.CheckConstraint(
            "condition IN ('good', 'damaged', 'excess', 'unordered', 'unknown')",
            name=op.f("ck_goods_receipt_line_condition"),
        ),
        sa.CheckConstraint(
            "condition NOT IN ('good', 'damaged') OR order_line_id IS NOT NULL",
            name=op.f("ck_goods_receipt_line_order_line"),
        ),
        sa.CheckConstraint(
            "product_id IS NULL OR location_id IS NOT NULL",
            name=op.f("ck_goods_receipt_line_location"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_goods_receipt_line_quantity")),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_goods_receipt_line_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["purchase_order_line.id"],
            name=op.f("fk_goods_receipt_line_order_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_goods_receipt_line_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["goods_receipt.id"], name=op.f("fk_goods_receipt_line_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_goods_receipt_line")),
    )
    op.create_index(
        "ix_goods_receipt_line_order_line",
        "goods_receipt_line",
        ["order_line_id"],
        unique=False,
    )
    op.create_index(
        "ix_goods_receipt_line_product",
        "goods_receipt_line",
        ["product_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_goods_receipt_line_receipt",
        "goods_receipt_line",
        ["receipt_id", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("goods_receipt_line")
    op.drop_table("goods_receipt")

"""Returns to vendors: goods that go back, and the credit that they are to bring."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index

revision = "0173"
down_revision = "0172"
branch_labels = None
depends_on = None

QUANTITY, MONEY = sa.Numeric(precision=14, scale=3), sa.Numeric(precision=14, scale=4)
NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "vendor_return",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("their_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("expected_credit", MONEY, server_default="0", nullable=False),
        sa.Column("granted_credit", MONEY, nullable=True),
        sa.Column("credited_on", sa.Date(), nullable=True),
        sa.Column("credit_note", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posting_id", sa.BigInteger(), nullable=True),
        sa.Column("steps", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'credited', 'cancelled')",
            name=op.f("ck_vendor_return_status"),
        ),
        sa.CheckConstraint(
            "cause IN ('damaged', 'wrong', 'excess', 'expired', 'unsold', 'other')",
            name=op.f("ck_vendor_return_cause"),
        ),
        sa.CheckConstraint(
            "expected_credit >= 0", name=op.f("ck_vendor_return_expected_credit")
        ),
        sa.CheckConstraint("granted_credit >= 0", name=op.f("ck_vendor_return_granted_credit")),
        sa.CheckConstraint(
            "(status = 'credited') = (granted_credit IS NOT NULL)",
            name=op.f("ck_vendor_return_credit"),
        ),
        sa.CheckConstraint(
            "(status IN ('sent', 'credited')) = (posting_id IS NOT NULL)",
            name=op.f("ck_vendor_return_posted"),
        ),
        *(
            sa.ForeignKeyConstraint([name], [f"{other}.id"], name=f"fk_vendor_return_{name}")
            for name, other in (
                ("vendor_id", "vendor"),
                ("warehouse_id", "location"),
                ("posting_id", "posting"),
                ("actor_id", "user_account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vendor_return"),
        sa.UniqueConstraint("key", name="uq_vendor_return_key"),
        sa.UniqueConstraint("posting_id", name="uq_vendor_return_posting_id"),
        if_not_exists=True,
    )
    for name in ("status", "vendor_id", "warehouse_id"):
        index = f"ix_vendor_return_{name.removesuffix('_id')}"
        create_index(index, "vendor_return", [name, "id"])
    op.create_table(
        "vendor_return_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_line_id", sa.BigInteger(), nullable=True),
        sa.Column("is_aside", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("unit_price", MONEY, nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_vendor_return_line_quantity")),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_vendor_return_line_unit_price")),
        sa.CheckConstraint(
            "NOT is_aside OR receipt_line_id IS NOT NULL",
            name=op.f("ck_vendor_return_line_aside"),
        ),
        *(
            sa.ForeignKeyConstraint(
                [name], [f"{other}.id"], name=f"fk_vendor_return_line_{name}"
            )
            for name, other in (
                ("return_id", "vendor_return"),
                ("product_id", "product"),
                ("receipt_line_id", "goods_receipt_line"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vendor_return_line"),
        if_not_exists=True,
    )
    create_index("ix_vendor_return_line_return", "vendor_return_line", ["return_id", "id"])
    create_index("ix_vendor_return_line_product", "vendor_return_line", ["product_id", "id"])
    create_index(
        "ix_vendor_return_line_receipt_line", "vendor_return_line", ["receipt_line_id"]
    )


def downgrade() -> None:
    op.drop_table("vendor_return_line")
    op.drop_table("vendor_return")

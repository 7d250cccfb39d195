"""What goods have cost, last and on average, and what it cost to get them here."""

import sqlalchemy as sa
from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "product_cost",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "last", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column(
            "average", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("last >= 0 AND average >= 0", name=op.f("ck_product_cost_amounts")),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_cost_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_cost")),
        sa.UniqueConstraint("product_id", name=op.f("uq_product_cost_product_id")),
    )
    op.create_table(
        "landed_cost",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("receipt_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("spread", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('freight', 'duty', 'insurance', 'other')",
            name=op.f("ck_landed_cost_kind"),
        ),
        sa.CheckConstraint(
            "spread IN ('value', 'weight', 'quantity')", name=op.f("ck_landed_cost_spread")
        ),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_landed_cost_amount")),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_landed_cost_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["goods_receipt.id"], name=op.f("fk_landed_cost_receipt_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_landed_cost")),
    )
    op.create_index("ix_landed_cost_receipt", "landed_cost", ["receipt_id", "id"], unique=False)
    op.create_table(
        "cost_entry",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("receipt_line_id", sa.BigInteger(), nullable=False),
        sa.Column("landed_id", sa.BigInteger(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column(
            "difference", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column("average_before", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column("average_after", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "kind IN ('receipt', 'undone', 'landed')", name=op.f("ck_cost_entry_kind")
        ),
        sa.ForeignKeyConstraint(
            ["landed_id"], ["landed_cost.id"], name=op.f("fk_cost_entry_landed_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_cost_entry_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["receipt_line_id"],
            ["goods_receipt_line.id"],
            name=op.f("fk_cost_entry_receipt_line_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_entry")),
    )
    op.create_index("ix_cost_entry_line", "cost_entry", ["receipt_line_id"], unique=False)
    op.create_index("ix_cost_entry_product", "cost_entry", ["product_id", "id"], unique=False)


def downgrade() -> None:
    for table in ("cost_entry", "landed_cost", "product_cost"):
        op.drop_table(table)

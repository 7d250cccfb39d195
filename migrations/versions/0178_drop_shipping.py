"""Vendors deliver to customers: which line of theirs is for which of ours, and what goes back.

A column with a constant default costs nothing; the checks are added without a look at the rows,
which are read afterwards, and lock nobody out meanwhile.
"""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index
from migrations.session import unhurried

revision = "0178"
down_revision = "0177"
branch_labels = None
depends_on = None

QUANTITY = sa.Numeric(precision=14, scale=3)
COLUMNS = {
    "sales_order_line": "quantity_direct numeric(14, 3) NOT NULL DEFAULT '0'",
    "purchase_order": "delivery_address text NOT NULL DEFAULT ''",
    "vendor_return": "is_direct boolean NOT NULL DEFAULT false",
}
RULES = {
    "sales_order_line": {
        "ck_sales_order_line_direct": (
            "quantity_direct >= 0 "
            "AND quantity_shipped + quantity_cancelled + quantity_direct <= quantity"
        ),
    },
    "purchase_order": {
        "ck_purchase_order_drop_ship": "(channel = 'drop_ship') = (delivery_address <> '')",
    },
}


def upgrade() -> None:
    for table, column in COLUMNS.items():
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
    for table, rules in RULES.items():
        for name, rule in rules.items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({rule}) NOT VALID")
    op.execute(
        "ALTER TABLE vendor_return DROP CONSTRAINT IF EXISTS uq_vendor_return_posting_id"
    )
    op.create_table(
        "drop_shipment",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purchase_line_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("delivered", QUANTITY, server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("delivered >= 0", name=op.f("ck_drop_shipment_delivered")),
        sa.ForeignKeyConstraint(
            ["purchase_line_id"],
            ["purchase_order_line.id"],
            name=op.f("fk_drop_shipment_purchase_line_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["sales_order_line.id"],
            name=op.f("fk_drop_shipment_order_line_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drop_shipment")),
        sa.UniqueConstraint("purchase_line_id", name=op.f("uq_drop_shipment_purchase_line_id")),
        if_not_exists=True,
    )
    create_index("ix_drop_shipment_order_line", "drop_shipment", ["order_line_id"])
    create_index(
        "uq_vendor_return_posting",
        "vendor_return",
        ["posting_id", "vendor_id"],
        unique=True,
        postgresql_where=sa.text("posting_id IS NOT NULL"),
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for table, rules in RULES.items():
            for name in rules:
                op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_table("drop_shipment")
    drop_index("uq_vendor_return_posting", "vendor_return")
    op.create_unique_constraint("uq_vendor_return_posting_id", "vendor_return", ["posting_id"])
    for table, column in COLUMNS.items():
        op.drop_column(table, column.partition(" ")[0])

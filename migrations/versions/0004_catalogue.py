"""Indexes for the orders and filters of the lists, numbers for generated codes."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CONTACTS = ("customer", "vendor")
CONTACT_COLUMNS = ("company", "country", "updated_at")


def upgrade() -> None:
    op.create_index("ix_product_price", "product", ["price", "sku"])
    op.create_index("ix_product_updated_at", "product", ["updated_at", "sku"])
    op.create_index("ix_product_supplier", "product", ["supplier_id", "sku"])
    op.drop_index("ix_product_supplier_id", table_name="product")
    op.create_index(
        "ix_product_inactive", "product", ["sku"], postgresql_where=sa.text("NOT is_active")
    )
    for table in CONTACTS:
        op.execute(f"CREATE SEQUENCE {table}_code_seq AS bigint")
        for column in CONTACT_COLUMNS:
            op.create_index(f"ix_{table}_{column}", table, [column, sa.text("lower(code)")])


def downgrade() -> None:
    for table in CONTACTS:
        for column in CONTACT_COLUMNS:
            op.drop_index(f"ix_{table}_{column}", table_name=table)
        op.execute(f"DROP SEQUENCE {table}_code_seq")
    op.drop_index("ix_product_inactive", table_name="product")
    op.create_index("ix_product_supplier_id", "product", ["supplier_id"])
    op.drop_index("ix_product_supplier", table_name="product")
    op.drop_index("ix_product_updated_at", table_name="product")
    op.drop_index("ix_product_price", table_name="product")

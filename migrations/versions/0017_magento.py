"""Shops: their addresses, and what is to be written to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "connection", sa.Column("address", sa.Text(), server_default="", nullable=False)
    )
    op.create_index(  # the invoices of an order
        "ix_external_record_order",
        "external_record",
        ["connection_id", sa.text("(payload ->> 'order_id')")],
        postgresql_where=sa.text("payload ? 'order_id'"),
    )


def downgrade() -> None:
    op.drop_index("ix_external_record_order", "external_record")
    op.drop_column("connection", "address")

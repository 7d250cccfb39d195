"""Shops: their addresses, and what is to be written to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "connection", sa.Column("address", sa.Text(), server_default="", nullable=False)
    )
    op.add_column(
        "connection", sa.Column("stock_source", sa.Text(), server_default="", nullable=False)
    )
    op.add_column("parcel", sa.Column("posting_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        op.f("fk_parcel_posting_id"), "parcel", "posting", ["posting_id"], ["id"]
    )
    op.create_index("ix_parcel_posting", "parcel", ["posting_id"])
    create_outbound()
    create_told_stock()
    op.create_index(  # the invoices of an order
        "ix_external_record_order",
        "external_record",
        ["connection_id", sa.text("(payload ->> 'order_id')")],
        postgresql_where=sa.text("payload ? 'order_id'"),
    )


def create_outbound() -> None:
    op.create_table(
        "outbound_write",
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("attempts", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(),
            nullable=False,
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'refused', 'dismissed')",
            name=op.f("ck_outbound_write_state"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbound_write_attempts")),
        sa.CheckConstraint(
            "(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_outbound_write_sent")
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"],
            name=op.f("fk_outbound_write_connection_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbound_write")),
        sa.UniqueConstraint(
            "connection_id", "key", name=op.f("uq_outbound_write_connection_id_key")
        ),
    )  # fmt: skip
    op.create_index(
        "ix_outbound_write_due", "outbound_write", ["due_at", "id"],
        postgresql_where=sa.text("state = 'waiting'"),
    )  # fmt: skip
    op.create_index("ix_outbound_write_connection", "outbound_write", ["connection_id", "id"])
    op.create_index(
        "ix_outbound_write_state", "outbound_write", ["connection_id", "state", "id"]
    )
    op.create_index(
        "ix_outbound_write_subject", "outbound_write", ["subject_type", "subject_id"]
    )


def create_told_stock() -> None:
    op.create_table(
        "told_stock",
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name=op.f("fk_told_stock_connection_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_told_stock_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_stock")),
        sa.UniqueConstraint(
            "connection_id", "product_id", name=op.f("uq_told_stock_connection_id_product_id")
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_external_record_order", "external_record")
    op.drop_table("told_stock")
    op.drop_table("outbound_write")
    op.drop_index("ix_parcel_posting", "parcel")
    op.drop_constraint(op.f("fk_parcel_posting_id"), "parcel")
    op.drop_column("parcel", "posting_id")
    op.drop_column("connection", "stock_source")
    op.drop_column("connection", "address")

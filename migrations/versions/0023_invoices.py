"""Invoices of whatever system: whose they are in plain columns, lines in a table of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

WHOSE = """UPDATE invoice SET system = connection.system, account = connection.account
FROM connection WHERE connection.id = invoice.connection_id"""
WHOSE_BACK = """UPDATE invoice SET connection_id = connection.id
FROM connection WHERE (connection.system, connection.account) = (invoice.system, invoice.account)"""
# Lines, tax and addresses were read from the mirror when somebody looked: now they are written
# down, by the next sync or the next time that changes are applied.
WAIT = """UPDATE external_record SET projected_at = NULL WHERE kind = 'invoice'
AND connection_id IN (SELECT id FROM connection WHERE system = 'quickbooks')"""


def upgrade() -> None:
    for column in ("system", "account", "bill_to", "ship_to"):
        op.add_column(
            "invoice", sa.Column(column, sa.Text(), server_default="", nullable=False)
        )
    op.add_column("invoice", sa.Column("tax", sa.Numeric(14, 4), nullable=True))
    op.execute(WHOSE)
    for column in ("system", "account"):
        op.alter_column("invoice", column, server_default=None)
    op.drop_index("ix_invoice_customer_ref", "invoice")
    op.drop_column("invoice", "connection_id")  # and with it what was unique
    op.create_unique_constraint(
        op.f("uq_invoice_system_account_external_id"),
        "invoice",
        ["system", "account", "external_id"],
    )
    op.create_index("ix_invoice_customer_ref", "invoice", ["system", "account", "customer_ref"])
    create_lines()
    op.execute(WAIT)


def create_lines() -> None:
    op.create_table(
        "invoice_line",
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product_ref", sa.Text(), server_default="", nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("item", sa.Text(), server_default="", nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("price", sa.Numeric(14, 4), nullable=True),
        sa.Column("amount", sa.Numeric(14, 4), nullable=True),
        sa.Column("is_part", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at", sa.DateTime(timezone=True), server_default=sa.func.now(),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_invoice_line_product_id"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
        sa.UniqueConstraint(
            "invoice_id", "position", name=op.f("uq_invoice_line_invoice_id_position")
        ),
    )  # fmt: skip
    op.create_index("ix_invoice_line_product", "invoice_line", ["product_id"])
    op.create_index("ix_invoice_line_product_ref", "invoice_line", ["product_ref"])


def downgrade() -> None:
    op.drop_table("invoice_line")
    op.add_column("invoice", sa.Column("connection_id", sa.BigInteger(), nullable=True))
    op.execute(WHOSE_BACK)
    op.alter_column("invoice", "connection_id", nullable=False)
    op.create_foreign_key(
        op.f("fk_invoice_connection_id"), "invoice", "connection", ["connection_id"], ["id"]
    )
    op.create_unique_constraint(
        op.f("uq_invoice_connection_id_external_id"),
        "invoice",
        ["connection_id", "external_id"],
    )
    op.drop_index("ix_invoice_customer_ref", "invoice")
    op.create_index("ix_invoice_customer_ref", "invoice", ["connection_id", "customer_ref"])
    for column in ("system", "account", "bill_to", "ship_to", "tax"):
        op.drop_column("invoice", column)

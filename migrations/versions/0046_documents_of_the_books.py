"""Sales receipts, credit memos, estimates and payments, as the books have them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLE = "book_document"
KINDS = "kind IN ('sales_receipt', 'credit_memo', 'estimate', 'payment')"
SEARCH = "' ' || search_text(number || ' ' || customer_name || ' ' || reference)"
NOW = sa.text("now()")


def text(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=server_default, nullable=False)


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(text(name) for name in ("system", "account", "kind", "external_id", "number")),
        *(text(name) for name in ("reference", "customer_ref", "customer_name")),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        text("state", server_default=""),
        text("currency"),
        sa.Column("total", sa.Numeric(14, 4), nullable=False),
        sa.Column("balance", sa.Numeric(14, 4), nullable=False),
        sa.Column("tax", sa.Numeric(14, 4), nullable=True),
        *(text(name, server_default="") for name in ("bill_to", "ship_to", "method")),
        sa.Column("lines", JSONB(), server_default="[]", nullable=False),
        sa.Column("is_void", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("is_listed", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search", sa.Text(), sa.Computed(SEARCH, persisted=True), nullable=False
        ),
        sa.Column(
            "number_key",
            sa.Text(),
            sa.Computed("code_key(number)", persisted=True),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(KINDS, name=op.f("ck_book_document_kind")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name="fk_book_document_customer_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_book_document"),
        sa.UniqueConstraint(
            "system", "account", "kind", "external_id",
            name="uq_book_document_system_account_kind_external_id",
        ),
    )  # fmt: skip
    op.create_index(
        "ix_book_document_search", TABLE, ["search"], postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )  # fmt: skip
    op.create_index(
        "ix_book_document_number_key", TABLE, ["number_key"],
        postgresql_ops={"number_key": "text_pattern_ops"},
    )  # fmt: skip
    for name, columns in {
        "document_date": ["document_date", "id"],
        "kind": ["kind", "document_date", "id"],
        "number": ["number", "id"],
        "total": ["total", "id"],
        "customer_name": ["customer_name", "id"],
        "customer": ["customer_id", "document_date"],
        "customer_ref": ["system", "account", "customer_ref"],
    }.items():
        op.create_index(f"ix_book_document_{name}", TABLE, columns)


def downgrade() -> None:
    op.drop_table(TABLE)

"""Bills and purchase orders of the books, and which of our orders they are about."""

import sqlalchemy as sa
from alembic import op

revision = "0183"
down_revision = "0182"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(precision=14, scale=4)
NOW = sa.text("now()")
# What is mirrored already becomes documents with the next changes that come in.
WAIT = """UPDATE external_record SET projected_at = NULL
WHERE kind IN ('bill', 'purchase_order') AND projected_at IS NOT NULL"""
SEARCH = "' ' || search_text(number || ' ' || vendor_name || ' ' || note)"


def upgrade() -> None:
    _create_documents()
    _create_lines()
    _create_matches()
    op.execute(WAIT)


def downgrade() -> None:
    for table in ("order_match", "vendor_document_line", "vendor_document"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str, server_default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=server_default, nullable=False)


def _flag(name: str, server_default: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=server_default, nullable=False)


def _list(name: str) -> sa.Column[list[str]]:
    return sa.Column(name, sa.ARRAY(sa.Text()), server_default="{}", nullable=False)


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _create_documents() -> None:
    name = "vendor_document"
    op.create_table(
        name,
        _id(),
        *(_text(one) for one in ("system", "account", "kind", "external_id", "number")),
        *(_text(one) for one in ("vendor_ref", "vendor_name")),
        _number("vendor_id"),
        sa.Column("document_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=True),
        _text("state", ""),
        _text("currency"),
        sa.Column("total", MONEY, nullable=False),
        sa.Column("balance", MONEY, nullable=False),
        sa.Column("tax", MONEY, nullable=True),
        _text("note", ""),
        _list("mentions"),
        _list("orders_ref"),
        _flag("is_void", "false"),
        _flag("is_active", "true"),
        _flag("is_listed", "true"),
        _flag("is_settled", "false"),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=True),
        _created(),
        sa.Column(
            "number_key", sa.Text(), sa.Computed("code_key(number)", persisted=True),
            nullable=False,
        ),
        sa.Column("search", sa.Text(), sa.Computed(SEARCH, persisted=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('bill', 'purchase_order')", name=op.f(f"ck_{name}_kind")
        ),
        _refers(name, "vendor_id", "vendor"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            *("system", "account", "kind", "external_id"),
            name=f"uq_{name}_system_account_kind_external_id",
        ),
    )  # fmt: skip
    op.create_index(
        f"ix_{name}_search", name, ["search"], postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )  # fmt: skip
    op.create_index(
        f"ix_{name}_number_key", name, ["number_key"],
        postgresql_ops={"number_key": "text_pattern_ops"},
    )  # fmt: skip
    op.create_index(f"ix_{name}_date", name, ["document_date", "id"])
    op.create_index(f"ix_{name}_vendor", name, ["vendor_id", "document_date"])
    op.create_index(f"ix_{name}_vendor_ref", name, ["system", "account", "vendor_ref"])
    unsettled = sa.text("NOT is_settled")
    op.create_index(f"ix_{name}_unsettled", name, ["id"], postgresql_where=unsettled)


def _create_lines() -> None:
    name = "vendor_document_line"
    op.create_table(
        name,
        _id(),
        _number("document_id", nullable=False),
        _number("position", nullable=False),
        _text("product_ref", ""),
        _number("product_id"),
        _text("item", ""),
        _text("description", ""),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("price", MONEY, nullable=True),
        sa.Column("amount", MONEY, nullable=True),
        _flag("is_part", "false"),
        _created(),
        _refers(name, "document_id", "vendor_document", "CASCADE"),
        _refers(name, "product_id", "product", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("document_id", "position", name=f"uq_{name}_document_id_position"),
    )
    op.create_index(f"ix_{name}_product", name, ["product_id"])
    op.create_index(f"ix_{name}_product_ref", name, ["product_ref"])


def _create_matches() -> None:
    name = "order_match"
    op.create_table(
        name,
        _id(),
        _number("document_id", nullable=False),
        _number("order_id", nullable=False),
        _text("state"),
        _text("reason"),
        _number("decided_by_id"),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        _created(),
        sa.CheckConstraint(
            "state IN ('proposed', 'matched', 'refused')", name=op.f(f"ck_{name}_state")
        ),
        _refers(name, "document_id", "vendor_document", "CASCADE"),
        _refers(name, "order_id", "purchase_order"),
        _refers(name, "decided_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("document_id", "order_id", name=f"uq_{name}_document_id_order_id"),
    )
    op.create_index(f"ix_{name}_order", name, ["order_id", "id"])

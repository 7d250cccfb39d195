"""Purchase orders, their lines, up to which amount roles approve them, and search in them."""

import sqlalchemy as sa
from alembic import op

from migrations.search_function import CODE, FUNCTION

revision = "0074"
down_revision = "0064"
branch_labels = None
depends_on = None

# The vendor's number and that of a file lead to an order as its own does.
CODES = ("number_key", "external_key", "reference_key")
TABLES = ("purchase_order_line", "purchase_order", "approval_limit")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE purchase_order_number_seq AS bigint")
    op.create_table(
        "approval_limit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=4), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_approval_limit_amount")),
        sa.ForeignKeyConstraint(
            ["role_id"], ["role.id"], name=op.f("fk_approval_limit_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_limit")),
        sa.UniqueConstraint(
            "role_id", "currency", name=op.f("uq_approval_limit_role_id_currency")
        ),
    )
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=False),
        sa.Column("vendor_name", sa.Text(), nullable=False),
        sa.Column("vendor_reference", sa.Text(), server_default="", nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("channel", sa.Text(), server_default="hand", nullable=False),
        sa.Column("external_number", sa.Text(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.BigInteger(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed(
                "' ' || search_text(number || ' ' || vendor_name || ' ' || vendor_reference || ' ' || coalesce(external_number, ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "external_key",
            sa.Text(),
            sa.Computed("nullif(code_key(coalesce(external_number, '')), '')", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "reference_key",
            sa.Text(),
            sa.Computed("nullif(code_key(vendor_reference), '')", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "name_key",
            sa.Text(),
            sa.Computed("search_text(vendor_name)", persisted=True),
            nullable=False,
        ),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column(
            "number_key",
            sa.Text(),
            sa.Computed("code_key(number)", persisted=True),
            nullable=False,
        ),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "tax_rate", sa.Numeric(precision=7, scale=4), server_default="0", nullable=False
        ),
        sa.Column(
            "subtotal", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column("tax", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False),
        sa.Column(
            "total", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column("split_from_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "channel IN ('hand', 'api', 'import', 'reorder')",
            name=op.f("ck_purchase_order_channel"),
        ),
        sa.CheckConstraint("number <> ''", name=op.f("ck_purchase_order_number")),
        sa.CheckConstraint(
            "status IN ('draft', 'approved', 'sent', 'confirmed', 'part_received', 'received', 'cancelled')",
            name=op.f("ck_purchase_order_status"),
        ),
        sa.CheckConstraint(
            "status NOT IN ('draft', 'approved') OR (sent_at IS NULL AND confirmed_at IS NULL)",
            name=op.f("ck_purchase_order_sent"),
        ),
        sa.CheckConstraint("split_from_id <> id", name=op.f("ck_purchase_order_split_from")),
        sa.CheckConstraint(
            "subtotal >= 0 AND tax >= 0 AND total = subtotal + tax",
            name=op.f("ck_purchase_order_amounts"),
        ),
        sa.CheckConstraint(
            "tax_rate BETWEEN 0 AND 100", name=op.f("ck_purchase_order_tax_rate")
        ),
        sa.ForeignKeyConstraint(
            ["approved_by_id"],
            ["user_account.id"],
            name=op.f("fk_purchase_order_approved_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["split_from_id"],
            ["purchase_order.id"],
            name=op.f("fk_purchase_order_split_from_id"),
        ),
        sa.ForeignKeyConstraint(
            ["vendor_id"], ["vendor.id"], name=op.f("fk_purchase_order_vendor_id")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["location.id"], name=op.f("fk_purchase_order_warehouse_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("number", name=op.f("uq_purchase_order_number")),
    )
    op.create_index("ix_purchase_order_due", "purchase_order", ["due_on", "id"], unique=False)
    op.create_index(
        "ix_purchase_order_external_key",
        "purchase_order",
        ["external_key"],
        unique=False,
        postgresql_ops={"external_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_purchase_order_name_key",
        "purchase_order",
        ["name_key"],
        unique=False,
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_purchase_order_number_key",
        "purchase_order",
        ["number_key"],
        unique=False,
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_purchase_order_open",
        "purchase_order",
        ["due_on", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('sent', 'confirmed', 'part_received')"),
    )
    op.create_index(
        "ix_purchase_order_order_date", "purchase_order", ["order_date", "id"], unique=False
    )
    op.create_index(
        "ix_purchase_order_reference_key",
        "purchase_order",
        ["reference_key"],
        unique=False,
        postgresql_ops={"reference_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_purchase_order_search",
        "purchase_order",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )
    op.create_index(
        "ix_purchase_order_split_from", "purchase_order", ["split_from_id"], unique=False
    )
    op.create_index(
        "ix_purchase_order_status", "purchase_order", ["status", "id"], unique=False
    )
    op.create_index("ix_purchase_order_total", "purchase_order", ["total", "id"], unique=False)
    op.create_index(
        "ix_purchase_order_vendor", "purchase_order", ["vendor_id", "id"], unique=False
    )
    op.create_index(
        "ix_purchase_order_vendor_name", "purchase_order", ["vendor_name", "id"], unique=False
    )
    op.create_index(
        "uq_purchase_order_external",
        "purchase_order",
        ["external_number"],
        unique=True,
        postgresql_where=sa.text("external_number IS NOT NULL"),
    )
    op.create_table(
        "purchase_order_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("part_number", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "pack_quantity",
            sa.Numeric(precision=14, scale=3),
            server_default="1",
            nullable=False,
        ),
        sa.Column("purchase_unit", sa.Text(), server_default="", nullable=False),
        sa.Column("units_ordered", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "units_received",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "units_cancelled",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("is_free", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), server_default="", nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "unit_price", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column(
            "tax_rate", sa.Numeric(precision=7, scale=4), server_default="0", nullable=False
        ),
        sa.Column(
            "total", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column("tax", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False),
        sa.Column(
            "quantity_cancelled",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "NOT is_free OR product_id IS NULL", name=op.f("ck_purchase_order_line_is_free")
        ),
        sa.CheckConstraint(
            "pack_quantity > 0", name=op.f("ck_purchase_order_line_pack_quantity")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_purchase_order_line_quantity")),
        sa.CheckConstraint(
            "quantity_cancelled BETWEEN 0 AND quantity",
            name=op.f("ck_purchase_order_line_quantity_cancelled"),
        ),
        sa.CheckConstraint(
            "tax_rate BETWEEN 0 AND 100", name=op.f("ck_purchase_order_line_tax_rate")
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_purchase_order_line_unit_price")),
        sa.CheckConstraint(
            "units_cancelled BETWEEN 0 AND units_ordered",
            name=op.f("ck_purchase_order_line_cancelled"),
        ),
        sa.CheckConstraint(
            "units_ordered = quantity * pack_quantity",
            name=op.f("ck_purchase_order_line_units_ordered"),
        ),
        sa.CheckConstraint("units_received >= 0", name=op.f("ck_purchase_order_line_received")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["purchase_order.id"], name=op.f("fk_purchase_order_line_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_purchase_order_line_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order_line")),
    )
    op.create_index(
        "ix_purchase_order_line_order",
        "purchase_order_line",
        ["order_id", "position", "id"],
        unique=False,
    )
    op.create_index(
        "ix_purchase_order_line_owed",
        "purchase_order_line",
        ["product_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("units_received + units_cancelled < units_ordered"),
    )
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows a setting of the function
    codes = "".join(map(_code, CODES))
    parts = {"table": "purchase_order", "text": "search", "codes": codes, "inside": ""}
    op.execute(FUNCTION.substitute(parts, name="search_purchase_orders"))


def _code(key: str) -> str:
    """One kind of number; what an earlier kind has found is not found again."""
    found = CODE.substitute(table="purchase_order", key=key)
    return found.replace(f"{key} = code", f"{key} = code AND id <> ALL (hits)")


def downgrade() -> None:
    op.execute("DROP FUNCTION search_purchase_orders")
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP SEQUENCE purchase_order_number_seq")

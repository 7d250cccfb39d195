"""Sales orders, their lines, what came back of them, and search in them."""

import sqlalchemy as sa
from alembic import op

from migrations.search_function import CODE, FUNCTION

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# A shop's number and the customer's own lead to an order as its number does.
CODES = ("number_key", "external_key", "po_key")
TABLES = ("order_return_line", "order_return", "sales_order_line", "sales_order")


def upgrade() -> None:
    op.execute("CREATE SEQUENCE sales_order_number_seq AS bigint")
    op.create_table(
        "sales_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("order_date", sa.Date(), nullable=False),
        sa.Column("delivery_date", sa.Date(), nullable=True),
        sa.Column("ship_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("customer_po", sa.Text(), server_default="", nullable=False),
        sa.Column("currency", sa.Text(), server_default="USD", nullable=False),
        sa.Column("notes", sa.Text(), server_default="", nullable=False),
        sa.Column("hold_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("source", sa.Text(), server_default="hand", nullable=False),
        sa.Column("external_number", sa.Text(), nullable=True),
        sa.Column("split_from_id", sa.BigInteger(), nullable=True),
        sa.Column("ship_name", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_company", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_street", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_city", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_region", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_postcode", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_country", sa.Text(), server_default="", nullable=False),
        sa.Column("ship_phone", sa.Text(), server_default="", nullable=False),
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
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("shipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "search",
            sa.Text(),
            sa.Computed(
                "' ' || search_text(number || ' ' || customer_name || ' ' || customer_po || ' ' || coalesce(external_number, ''))",
                persisted=True,
            ),
            nullable=False,
        ),
        sa.Column(
            "number_key",
            sa.Text(),
            sa.Computed("code_key(number)", persisted=True),
            nullable=False,
        ),
        sa.Column(
            "external_key",
            sa.Text(),
            sa.Computed("nullif(code_key(coalesce(external_number, '')), '')", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "po_key",
            sa.Text(),
            sa.Computed("nullif(code_key(customer_po), '')", persisted=True),
            nullable=True,
        ),
        sa.Column(
            "name_key",
            sa.Text(),
            sa.Computed("search_text(customer_name)", persisted=True),
            nullable=False,
        ),
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
        sa.CheckConstraint("number <> ''", name=op.f("ck_sales_order_number")),
        sa.CheckConstraint(
            "ship_country ~ '^([A-Z]{2})?$'", name=op.f("ck_sales_order_ship_country")
        ),
        sa.CheckConstraint(
            "source IN ('hand', 'api', 'import', 'magento')", name=op.f("ck_sales_order_source")
        ),
        sa.CheckConstraint(
            "status IN ('draft', 'confirmed', 'on_hold', 'part_allocated', 'allocated', 'picking', 'picked', 'short', 'packing', 'packed', 'shipped', 'cancelled')",
            name=op.f("ck_sales_order_status"),
        ),
        sa.CheckConstraint("split_from_id <> id", name=op.f("ck_sales_order_split_from")),
        sa.CheckConstraint(
            "subtotal >= 0 AND tax >= 0 AND total = subtotal + tax",
            name=op.f("ck_sales_order_amounts"),
        ),
        sa.CheckConstraint("tax_rate BETWEEN 0 AND 100", name=op.f("ck_sales_order_tax_rate")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_sales_order_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["split_from_id"], ["sales_order.id"], name=op.f("fk_sales_order_split_from_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order")),
        sa.UniqueConstraint("number", name=op.f("uq_sales_order_number")),
    )
    op.create_index(
        "ix_sales_order_customer",
        "sales_order",
        ["customer_id", "order_date", "id"],
        unique=False,
    )
    op.create_index(
        "ix_sales_order_customer_name", "sales_order", ["customer_name", "id"], unique=False
    )
    op.create_index(
        "ix_sales_order_external_key",
        "sales_order",
        ["external_key"],
        unique=False,
        postgresql_ops={"external_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_sales_order_name_key",
        "sales_order",
        ["name_key"],
        unique=False,
        postgresql_ops={"name_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_sales_order_number_key",
        "sales_order",
        ["number_key"],
        unique=False,
        postgresql_ops={"number_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_sales_order_open",
        "sales_order",
        ["ship_by", "id"],
        unique=False,
        postgresql_where=sa.text(
            "status IN ('confirmed', 'on_hold', 'part_allocated', 'allocated', 'picking', 'picked', 'short', 'packing', 'packed')"
        ),
    )
    op.create_index(
        "ix_sales_order_order_date", "sales_order", ["order_date", "id"], unique=False
    )
    op.create_index(
        "ix_sales_order_po_key",
        "sales_order",
        ["po_key"],
        unique=False,
        postgresql_ops={"po_key": "text_pattern_ops"},
    )
    op.create_index(
        "ix_sales_order_search",
        "sales_order",
        ["search"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
        postgresql_with={"gin_pending_list_limit": 256},
    )
    op.create_index("ix_sales_order_ship_by", "sales_order", ["ship_by", "id"], unique=False)
    op.create_index("ix_sales_order_split_from", "sales_order", ["split_from_id"], unique=False)
    op.create_index(
        "ix_sales_order_status", "sales_order", ["status", "ship_by", "id"], unique=False
    )
    op.create_index("ix_sales_order_total", "sales_order", ["total", "id"], unique=False)
    op.create_index(
        "ix_sales_order_waiting",
        "sales_order",
        ["confirmed_at", "id"],
        unique=False,
        postgresql_where=sa.text("status IN ('confirmed', 'part_allocated')"),
    )
    op.create_index(
        "uq_sales_order_external",
        "sales_order",
        ["source", "external_number"],
        unique=True,
        postgresql_where=sa.text("split_from_id IS NULL"),
    )
    op.create_table(
        "order_return",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "condition IN ('good', 'damaged')", name=op.f("ck_order_return_condition")
        ),
        sa.CheckConstraint(
            "reason IN ('unwanted', 'wrong_item', 'defective', 'damaged', 'late', 'undeliverable', 'other')",
            name=op.f("ck_order_return_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_order_return_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["location_id"], ["location.id"], name=op.f("fk_order_return_location_id")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_order_return_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["posting_id"], ["posting.id"], name=op.f("fk_order_return_posting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return")),
        sa.UniqueConstraint("posting_id", name=op.f("uq_order_return_posting_id")),
    )
    op.create_index("ix_order_return_order", "order_return", ["order_id", "id"], unique=False)
    op.create_table(
        "sales_order_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
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
            "quantity_picked",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "quantity_shipped",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "quantity_returned",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_sales_order_line_quantity")),
        sa.CheckConstraint(
            "quantity_cancelled >= 0 AND quantity_picked >= 0 AND quantity_shipped >= 0",
            name=op.f("ck_sales_order_line_progress"),
        ),
        sa.CheckConstraint(
            "quantity_picked + quantity_cancelled <= quantity",
            name=op.f("ck_sales_order_line_picked"),
        ),
        sa.CheckConstraint(
            "quantity_returned BETWEEN 0 AND quantity_shipped",
            name=op.f("ck_sales_order_line_returned"),
        ),
        sa.CheckConstraint(
            "quantity_shipped + quantity_cancelled <= quantity",
            name=op.f("ck_sales_order_line_shipped"),
        ),
        sa.CheckConstraint(
            "tax_rate BETWEEN 0 AND 100", name=op.f("ck_sales_order_line_tax_rate")
        ),
        sa.CheckConstraint("unit_price >= 0", name=op.f("ck_sales_order_line_unit_price")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["sales_order.id"], name=op.f("fk_sales_order_line_order_id")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_sales_order_line_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales_order_line")),
    )
    op.create_index(
        "ix_sales_order_line_open",
        "sales_order_line",
        ["product_id", "order_id"],
        unique=False,
        postgresql_where=sa.text("quantity_shipped + quantity_cancelled < quantity"),
    )
    op.create_index(
        "ix_sales_order_line_order",
        "sales_order_line",
        ["order_id", "position", "id"],
        unique=False,
    )
    op.create_table(
        "order_return_line",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("return_id", sa.BigInteger(), nullable=False),
        sa.Column("order_line_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_order_return_line_quantity")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["sales_order_line.id"],
            name=op.f("fk_order_return_line_order_line_id"),
        ),
        sa.ForeignKeyConstraint(
            ["return_id"], ["order_return.id"], name=op.f("fk_order_return_line_return_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_return_line")),
    )
    op.create_index(
        "ix_order_return_line_line", "order_return_line", ["order_line_id"], unique=False
    )
    op.create_index(
        "ix_order_return_line_return", "order_return_line", ["return_id", "id"], unique=False
    )
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows a setting of the function
    codes = "".join(map(_code, CODES))
    parts = {"table": "sales_order", "text": "search", "codes": codes, "inside": ""}
    op.execute(FUNCTION.substitute(parts, name="search_orders"))


def _code(key: str) -> str:
    """One kind of number; what an earlier kind has found is not found again."""
    found = CODE.substitute(table="sales_order", key=key)
    return found.replace(f"{key} = code", f"{key} = code AND id <> ALL (hits)")


def downgrade() -> None:
    op.execute("DROP FUNCTION search_orders")
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP SEQUENCE sales_order_number_seq")

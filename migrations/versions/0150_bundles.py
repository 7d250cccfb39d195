"""Bundles and assemblies: what products are made of, and lines of orders taken apart.

A column with a constant default costs nothing; the checks are added without a look at the rows,
which are read afterwards, and lock nobody out meanwhile.
"""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index
from migrations.session import unhurried

revision = "0150"
down_revision = "0140"
branch_labels = None
depends_on = None

COLUMNS = {
    "product": (
        "kind text NOT NULL DEFAULT 'item'",
        "build_quantity numeric(14, 3) NOT NULL DEFAULT '1'",
    ),
    "sales_order_line": (
        "is_bundle boolean NOT NULL DEFAULT false",
        "bundle_line_id bigint",
        "per_bundle numeric(14, 3)",
    ),
}
RULES = {
    "product": {
        "ck_product_kind": "CHECK (kind IN ('item', 'bundle', 'assembly'))",
        "ck_product_build_quantity": "CHECK (build_quantity > 0)",
    },
    "sales_order_line": {
        "ck_sales_order_line_bundle": (
            "CHECK ((bundle_line_id IS NULL) = (per_bundle IS NULL) AND per_bundle > 0 "
            "AND NOT (is_bundle AND bundle_line_id IS NOT NULL))"
        ),
        "fk_sales_order_line_bundle_line_id": (
            "FOREIGN KEY (bundle_line_id) REFERENCES sales_order_line (id)"
        ),
    },
}
QUANTITY = sa.Numeric(precision=14, scale=3)


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
        for name, rule in RULES[table].items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule} NOT VALID")
    op.create_table(
        "product_component",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("component_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_product_component_quantity")),
        sa.CheckConstraint(
            "product_id <> component_id", name=op.f("ck_product_component_of_others")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_component_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["component_id"], ["product.id"], name=op.f("fk_product_component_component_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_component")),
        sa.UniqueConstraint(
            "product_id",
            "component_id",
            name=op.f("uq_product_component_product_id_component_id"),
        ),
        if_not_exists=True,
    )
    create_index(
        "ix_product_component_component", "product_component", ["component_id", "product_id"]
    )
    create_index(
        "ix_product_made",
        "product",
        ["kind", "sku"],
        postgresql_where=sa.text("kind <> 'item'"),
    )
    create_index(
        "ix_sales_order_line_bundle",
        "sales_order_line",
        ["bundle_line_id"],
        postgresql_where=sa.text("bundle_line_id IS NOT NULL"),
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for table, rules in RULES.items():
            for name in rules:
                op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_table("product_component")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.partition(" ")[0])

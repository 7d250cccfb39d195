"""Shipping and discounts of orders: what is off a line, off an order, and what carriage costs.

A column with a constant default costs nothing; the checks are added without a look at the rows,
which are read afterwards, and lock nobody out meanwhile.
"""

from alembic import op

from migrations.session import unhurried

revision = "0043"
down_revision = "0041"
branch_labels = None
depends_on = None

COLUMNS = {
    "sales_order": (
        "discount text NOT NULL DEFAULT ''",
        "discount_amount numeric(14, 4) NOT NULL DEFAULT '0'",
        "shipping_amount numeric(14, 4) NOT NULL DEFAULT '0'",
        "shipping_tax_rate numeric(7, 4) NOT NULL DEFAULT '0'",
    ),
    "sales_order_line": ("discount text NOT NULL DEFAULT ''",),
}
SAID = r"discount ~ '^([0-9]{1,10}(\.[0-9]{1,4})?%?)?$'"
AMOUNTS = "subtotal >= 0 AND tax >= 0 AND total = {}"
CHECKS = {
    "sales_order": {
        "amounts": AMOUNTS.format("subtotal - discount_amount + shipping_amount + tax"),
        "discount": SAID,
        "shipping_amount": "shipping_amount >= 0",
        "shipping_tax_rate": "shipping_tax_rate BETWEEN 0 AND 100",
    },
    "sales_order_line": {"discount": SAID},
}


def upgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
        for name, rule in CHECKS[table].items():
            check = f"ck_{table}_{name}"
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {check}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({rule}) NOT VALID")
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for table, checks in CHECKS.items():
            for name in checks:
                op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT ck_{table}_{name}")


def downgrade() -> None:
    """Totals stay what they were agreed to be: the old rule is for what is written from now."""
    op.drop_constraint("ck_sales_order_amounts", "sales_order")
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.partition(" ")[0])
    rule = AMOUNTS.format("subtotal + tax")
    op.execute(
        f"ALTER TABLE sales_order ADD CONSTRAINT ck_sales_order_amounts CHECK ({rule}) NOT VALID"
    )

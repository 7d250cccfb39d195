"""On which terms goods come: packs, multiples and price breaks of vendors, and safety stock.

A column with a constant default costs nothing; the checks are added without a look at the rows,
which are read afterwards, and lock nobody out meanwhile.
"""

from alembic import op

from migrations.session import unhurried

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

COLUMNS = {
    "product": ("safety_stock numeric(14, 3) NOT NULL DEFAULT '0'",),
    "vendor_part": (
        "pack_quantity numeric(14, 3) NOT NULL DEFAULT '1'",
        "purchase_unit text NOT NULL DEFAULT ''",
        "order_multiple numeric(14, 3)",
        "price_breaks text NOT NULL DEFAULT ''",
        "currency text NOT NULL DEFAULT ''",
    ),
}
BREAKS = "price_breaks ~ '^([0-9.]+: [0-9.]+(; [0-9.]+: [0-9.]+)*)?$'"
CHECKS = {
    "product": {"safety_stock": "safety_stock >= 0"},
    "vendor_part": {
        "pack_quantity": "pack_quantity > 0",
        "order_multiple": "order_multiple > 0",
        "price_breaks": BREAKS,
    },
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
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column.partition(" ")[0])

"""Names are sorted as people read them: without regard to case and accents."""

from migrations.indexes import create_index, drop_index

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

TABLES = ("product", "customer", "vendor")


def upgrade() -> None:
    for table in TABLES:
        create_index(f"ix_{table}_name_order", table, ["name_key", "id"])
    drop_index("ix_product_name_id", "product")


def downgrade() -> None:
    create_index("ix_product_name_id", "product", ["name", "id"])
    for table in TABLES:
        drop_index(f"ix_{table}_name_order", table)

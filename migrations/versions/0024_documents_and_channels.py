"""What caused a movement is its document, where an order came from its channel."""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

COLUMNS = (
    ("stock_movement", "source_type", "document_type"),
    ("stock_movement", "source_id", "document_id"),
    ("reservation", "source_type", "document_type"),
    ("reservation", "source_id", "document_id"),
    ("sales_order", "source", "channel"),
)
INDEXES = (
    ("ix_stock_movement_source", "ix_stock_movement_document"),
    ("ix_reservation_source", "ix_reservation_document"),
)
CHECK = ("ck_sales_order_source", "ck_sales_order_channel")


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    for old, new in INDEXES:
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
    op.execute(f"ALTER TABLE sales_order RENAME CONSTRAINT {CHECK[0]} TO {CHECK[1]}")


def downgrade() -> None:
    op.execute(f"ALTER TABLE sales_order RENAME CONSTRAINT {CHECK[1]} TO {CHECK[0]}")
    for old, new in INDEXES:
        op.execute(f"ALTER INDEX {new} RENAME TO {old}")
    for table, old, new in COLUMNS:
        op.alter_column(table, new, new_column_name=old)

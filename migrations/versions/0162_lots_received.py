"""What came of a delivery says its lot, and so does what somebody has in hand at the dock."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index
from migrations.session import unhurried

revision = "0162"
down_revision = "0161"
branch_labels = None
depends_on = None

TABLES = ("goods_receipt_line", "receiving_line")
ASKED = ("asked_code text NOT NULL DEFAULT ''", "asked_lot text NOT NULL DEFAULT ''")


def upgrade() -> None:
    for column in ASKED:
        op.execute(f"ALTER TABLE receiving_task ADD COLUMN IF NOT EXISTS {column}")
    for table in TABLES:
        name = f"fk_{table}_lot_id"
        rule = "FOREIGN KEY (lot_id) REFERENCES lot (id) NOT VALID"
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS lot_id bigint")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
    create_index(
        "ix_goods_receipt_line_lot",
        "goods_receipt_line",
        ["lot_id"],
        postgresql_where=sa.text("lot_id IS NOT NULL"),
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for table in TABLES:
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_lot_id")


def downgrade() -> None:
    drop_index("ix_goods_receipt_line_lot", "goods_receipt_line")
    for table in TABLES:
        op.drop_column(table, "lot_id")
    for column in ASKED:
        op.drop_column("receiving_task", column.partition(" ")[0])

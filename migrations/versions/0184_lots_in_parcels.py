"""Parcels say which lot, or which piece, lies in them."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0184"
down_revision = "0183"
branch_labels = None
depends_on = None

TABLE = "parcel_line"
ONCE = "uq_parcel_line_once"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("lot_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(f"fk_{TABLE}_lot_id", TABLE, "lot", ["lot_id"], ["id"])
    columns: list[Any] = ["parcel_id", "order_line_id", sa.text("coalesce(lot_id, 0)")]
    op.create_index(ONCE, TABLE, columns, unique=True)
    op.drop_constraint(f"uq_{TABLE}_parcel_id_order_line_id", TABLE)


def downgrade() -> None:
    # What is told apart by lot becomes one line again.
    op.execute(
        "UPDATE parcel_line SET quantity = every.quantity FROM (SELECT min(id) AS id, "
        "sum(quantity) AS quantity FROM parcel_line GROUP BY parcel_id, order_line_id) "
        "AS every WHERE every.id = parcel_line.id"
    )
    op.execute(
        "DELETE FROM parcel_line WHERE id NOT IN "
        "(SELECT min(id) FROM parcel_line GROUP BY parcel_id, order_line_id)"
    )
    op.drop_index(ONCE, TABLE)
    op.create_unique_constraint(
        f"uq_{TABLE}_parcel_id_order_line_id", TABLE, ["parcel_id", "order_line_id"]
    )
    op.drop_column(TABLE, "lot_id")

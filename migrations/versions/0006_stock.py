"""Changes of the stock slice: every filter of the movements has an index in their order."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLE = "stock_movement"
WAS = {
    "ix_stock_movement_product": ["product_id", "id"],
    "ix_stock_movement_from": ["from_location_id", "id"],
    "ix_stock_movement_to": ["to_location_id", "id"],
    "ix_stock_movement_occurred_at": ["occurred_at"],
}
IS = {
    "ix_stock_movement_product": ["product_id", "occurred_at", "id"],
    "ix_stock_movement_from": ["from_location_id", "occurred_at", "id"],
    "ix_stock_movement_to": ["to_location_id", "occurred_at", "id"],
    "ix_stock_movement_reason": ["reason", "occurred_at", "id"],
    "ix_stock_movement_actor": ["actor_id", "occurred_at", "id"],
    "ix_stock_movement_occurred_at": ["occurred_at", "id"],
}


def upgrade() -> None:
    _replace(WAS, IS)


def downgrade() -> None:
    _replace(IS, WAS)


def _replace(old: dict[str, list[str]], new: dict[str, list[str]]) -> None:
    for name in old:
        op.drop_index(name, TABLE)
    for name, columns in new.items():
        op.create_index(name, TABLE, columns)

"""What runs low is told in one way: an alert for each product, at its reorder point.

What the alert with their number was, and what an administrator has decided about it, is one of
the kind that stays; whoever has decided about that as well has said the newer word.
"""

from alembic import op

revision = "0154"
down_revision = "0153"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE alert SET kind = 'product.low', key = 'reorder:all', "
        "closed_at = coalesce(closed_at, now()) WHERE kind = 'stock.low'"
    )
    op.execute(
        "UPDATE alert_rule SET kind = 'product.low' WHERE kind = 'stock.low' "
        "AND NOT EXISTS (SELECT FROM alert_rule AS other WHERE other.kind = 'product.low')"
    )
    op.execute("DELETE FROM alert_rule WHERE kind = 'stock.low'")
    op.execute("DELETE FROM schedule_entry WHERE name = 'watch-low-stock'")


def downgrade() -> None:
    op.execute(
        "UPDATE alert SET kind = 'stock.low', key = 'stock:low' WHERE key = 'reorder:all'"
    )

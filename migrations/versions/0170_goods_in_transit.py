"""What lies in transit is on hand and not available: it is incoming where it goes to."""

from alembic import op

revision = "0170"
down_revision = "0163"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        UPDATE stock_balance SET is_doubted = true FROM location
        WHERE location.id = location_id AND location.kind = 'transit' AND on_hand > 0
    """)


def downgrade() -> None:
    op.execute("""
        UPDATE stock_balance SET is_doubted = false FROM location
        WHERE location.id = location_id AND location.kind = 'transit'
    """)

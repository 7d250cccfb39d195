"""A picker who scans another lot than the one reserved is asked; a second scan is meant."""

from alembic import op

revision = "0163"
down_revision = "0162"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE pick_task ADD COLUMN IF NOT EXISTS other_lot_id bigint")


def downgrade() -> None:
    op.drop_column("pick_task", "other_lot_id")

"""What came in another currency keeps the rate of its day: its cost follows from that."""

from alembic import op

from migrations.session import unhurried

revision = "0172"
down_revision = "0171"
branch_labels = None
depends_on = None

TABLE, NAME = "goods_receipt_line", "ck_goods_receipt_line_exchange_rate"


def upgrade() -> None:
    op.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS exchange_rate numeric(18, 8)")
    op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {NAME}")
    op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {NAME} CHECK (exchange_rate > 0) NOT VALID")
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {NAME}")


def downgrade() -> None:
    op.drop_column(TABLE, "exchange_rate")

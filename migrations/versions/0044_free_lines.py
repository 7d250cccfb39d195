"""Lines that are about no product of ours because a person has said so.

Until now that was guessed: no product, and no number of a shop. Those become what they were.
"""

from alembic import op

from migrations.session import unhurried

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

CHECK = "ck_sales_order_line_is_free"


def upgrade() -> None:
    op.execute(
        "ALTER TABLE sales_order_line "
        "ADD COLUMN IF NOT EXISTS is_free boolean NOT NULL DEFAULT false"
    )
    op.execute(
        "UPDATE sales_order_line SET is_free = true "
        "WHERE product_id IS NULL AND external_id IS NULL AND NOT is_free"
    )
    op.execute(f"ALTER TABLE sales_order_line DROP CONSTRAINT IF EXISTS {CHECK}")
    op.execute(
        f"ALTER TABLE sales_order_line ADD CONSTRAINT {CHECK} "
        "CHECK (NOT is_free OR product_id IS NULL) NOT VALID"
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        op.execute(f"ALTER TABLE sales_order_line VALIDATE CONSTRAINT {CHECK}")


def downgrade() -> None:
    op.drop_column("sales_order_line", "is_free")

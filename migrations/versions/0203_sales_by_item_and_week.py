"""What lines of sales add up to by week, item and kind: the ends of periods that months leave."""

import sqlalchemy as sa
from alembic import op

revision = "0203"
down_revision = "0202"
branch_labels = None
depends_on = None

NAME = "sales_by_item_week"


def upgrade() -> None:
    op.create_table(
        NAME,
        sa.Column("bucket", sa.Date(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("unvalued", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(20, 3), nullable=False),
        sa.Column("amount", sa.Numeric(20, 4), nullable=False),
        sa.Column("value", sa.Numeric(20, 4), nullable=False),
        sa.PrimaryKeyConstraint("bucket", "item_id", "currency", "kind", name=f"pk_{NAME}"),
    )
    op.execute(
        f"""
        INSERT INTO {NAME}
        SELECT bucket, item_id, currency, kind,
               sum(lines), sum(unvalued), sum(quantity), sum(amount), sum(value)
          FROM sales_by_item GROUP BY 1, 2, 3, 4
        """  # noqa: S608  (our own words)
    )
    op.create_index(f"ix_{NAME}_item", NAME, ["item_id", "bucket"])


def downgrade() -> None:
    op.drop_table(NAME)

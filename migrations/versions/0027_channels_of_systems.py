"""Which sales channels there are the systems say, and where stock goes is the shop's affair."""

import sqlalchemy as sa
from alembic import op

from migrations.session import unhurried

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

CHECK = "ck_sales_order_channel"
A_NAME = "channel ~ '^[a-z][a-z0-9_]*$'"
WORDS = "channel IN ('hand', 'api', 'import', 'magento')"
MOVE = """
INSERT INTO magento_stock_source (connection_id, source)
SELECT id, stock_source FROM connection WHERE stock_source <> ''
"""
BACK = """
UPDATE connection SET stock_source = kept.source
FROM magento_stock_source AS kept WHERE kept.connection_id = connection.id
"""


def upgrade() -> None:
    op.create_table(
        "magento_stock_source",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"], ["connection.id"], name="fk_magento_stock_source_connection_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_magento_stock_source"),
        sa.UniqueConstraint("connection_id", name="uq_magento_stock_source_connection_id"),
    )
    op.execute(MOVE)
    op.drop_column("connection", "stock_source")
    exchange(A_NAME)


def downgrade() -> None:
    """Fails while orders came by a channel that was not known then."""
    op.add_column(
        "connection", sa.Column("stock_source", sa.Text(), server_default="", nullable=False)
    )
    op.execute(BACK)
    op.drop_table("magento_stock_source")
    exchange(WORDS)


def exchange(rule: str) -> None:
    """What is written from now on keeps it; only then are the old rows read."""
    op.execute(
        f"ALTER TABLE sales_order DROP CONSTRAINT {CHECK}, "
        f"ADD CONSTRAINT {CHECK} CHECK ({rule}) NOT VALID"
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        op.execute(f"ALTER TABLE sales_order VALIDATE CONSTRAINT {CHECK}")

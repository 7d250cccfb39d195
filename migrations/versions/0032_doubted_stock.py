"""Doubted stock: what a picker did not find is promised to nobody until it is counted."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLE = "stock_balance"


def upgrade() -> None:
    op.add_column(
        TABLE, sa.Column("is_doubted", sa.Boolean(), server_default="false", nullable=False)
    )
    op.execute(
        "ALTER TABLE stock_balance ADD CONSTRAINT ck_stock_balance_doubted "
        "CHECK (NOT is_doubted OR on_hand > 0) NOT VALID"
    )
    with op.get_context().autocommit_block():  # a large table: nobody has to wait
        op.execute("ALTER TABLE stock_balance VALIDATE CONSTRAINT ck_stock_balance_doubted")


def downgrade() -> None:
    op.drop_constraint("ck_stock_balance_doubted", TABLE, type_="check")
    op.drop_column(TABLE, "is_doubted")

"""Cycles keep what their goods were worth when they were closed."""

import sqlalchemy as sa
from alembic import op

revision = "0202"
down_revision = "0201"
branch_labels = None
depends_on = None

CYCLE, PRICE = "planning_cycle", "planning_price"


def upgrade() -> None:
    # Of cycles that are closed already nobody has kept it: they go by what goods are worth now.
    op.add_column(CYCLE, sa.Column("priced_in", sa.Text(), server_default="", nullable=False))
    op.create_table(
        PRICE,
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cycle_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.Numeric(20, 8), nullable=True),
        sa.Column("cost", sa.Numeric(20, 8), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("price > 0 AND cost > 0", name="money"),
        sa.ForeignKeyConstraint(["cycle_id"], [f"{CYCLE}.id"], name=f"fk_{PRICE}_cycle_id"),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name=f"fk_{PRICE}_product_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{PRICE}"),
        sa.UniqueConstraint("cycle_id", "product_id", name=f"uq_{PRICE}_cycle_id_product_id"),
    )
    op.create_index(f"ix_{PRICE}_product", PRICE, ["product_id"])


def downgrade() -> None:
    op.drop_table(PRICE)
    op.drop_column(CYCLE, "priced_in")

"""Where a shop has its orders go, to see when that changes there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "magento_followed_order",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("address", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["connection.id"],
            name="fk_magento_followed_order_connection_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_magento_followed_order"),
        sa.UniqueConstraint(
            "connection_id",
            "external_id",
            name="uq_magento_followed_order_connection_id_external_id",
        ),
    )


def downgrade() -> None:
    op.drop_table("magento_followed_order")

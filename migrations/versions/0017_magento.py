"""Shops: their addresses, and what is to be written to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "connection", sa.Column("address", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("connection", "address")

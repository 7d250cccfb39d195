"""Streams remember when they were last read to their end."""

import sqlalchemy as sa
from alembic import op

revision = "0213"
down_revision = "0210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "stream_state", sa.Column("read_at", sa.DateTime(timezone=True), nullable=True)
    )


def downgrade() -> None:
    op.drop_column("stream_state", "read_at")

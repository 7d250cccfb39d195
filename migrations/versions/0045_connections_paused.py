"""Connections can be paused; a pass over changes knows where it was."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "connection", sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("stream_state", sa.Column("change_position", sa.Text(), nullable=True))
    for name in ("change_since", "change_began"):
        op.add_column(
            "stream_state", sa.Column(name, sa.DateTime(timezone=True), nullable=True)
        )


def downgrade() -> None:
    for name in ("change_began", "change_since", "change_position"):
        op.drop_column("stream_state", name)
    op.drop_column("connection", "paused_at")

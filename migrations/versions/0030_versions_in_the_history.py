"""The history knows the version of each change, and what fields held before, exactly."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("version", sa.BigInteger(), nullable=True))
    op.add_column(
        "audit_entry",
        sa.Column("held", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    )


def downgrade() -> None:
    op.drop_column("audit_entry", "held")
    op.drop_column("audit_entry", "version")

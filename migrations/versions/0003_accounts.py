"""Changes of the accounts slice."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_session", sa.Column("rotated_at", sa.DateTime(timezone=True)))
    op.drop_index("ix_api_session_user_id", table_name="api_session")
    op.create_index("ix_api_session_user_id", "api_session", ["user_id", "address"])
    op.create_index(
        "ix_api_session_used_hashes", "api_session", ["used_hashes"], postgresql_using="gin"
    )


def downgrade() -> None:
    op.drop_index("ix_api_session_used_hashes", table_name="api_session")
    op.drop_index("ix_api_session_user_id", table_name="api_session")
    op.create_index("ix_api_session_user_id", "api_session", ["user_id"])
    op.drop_column("api_session", "rotated_at")

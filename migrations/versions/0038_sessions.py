"""Sessions as rows, of browsers too. Everybody signs in once more after this.

What stood in cookies and refresh tokens before names no row, so the old table goes: it held
nothing that outlives a session.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.drop_table("api_session")
    op.create_table(
        "user_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("refresh_hash", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=True),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), server_default="", nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("idle_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('browser', 'program')", name=op.f("ck_user_session_kind")),
        sa.CheckConstraint(
            "(kind = 'program') = (refresh_hash IS NOT NULL)",
            name=op.f("ck_user_session_refresh"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_user_session_secret_hash")),
    )
    op.create_index("ix_user_session_user", "user_session", ["user_id", "address"])
    op.drop_column("user_account", "session_epoch")


def downgrade() -> None:
    op.add_column(
        "user_account",
        sa.Column("session_epoch", sa.BigInteger(), server_default="1", nullable=False),
    )
    op.drop_table("user_session")
    op.create_table(
        "api_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("refresh_hash", sa.Text(), nullable=False),
        sa.Column("used_hashes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("rotated_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_api_session_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_session")),
        sa.UniqueConstraint("refresh_hash", name=op.f("uq_api_session_refresh_hash")),
    )
    op.create_index("ix_api_session_user_id", "api_session", ["user_id", "address"])
    op.create_index(
        "ix_api_session_used_hashes", "api_session", ["used_hashes"], postgresql_using="gin"
    )

"""Second factors: apps that make codes, passkeys, recovery codes; roles that want one."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f(f"fk_{table}_user_id")
        ),
    ]


def upgrade() -> None:
    op.add_column(
        "role",
        sa.Column("needs_second_factor", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column("user_account", sa.Column("second_factor_at", sa.DateTime(timezone=True)))
    op.create_table(
        "second_factor",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=True),
        sa.Column("step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("sign_count", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('app', 'passkey')", name=op.f("ck_second_factor_kind")),
        sa.CheckConstraint(
            "(kind = 'app') = (secret IS NOT NULL)", name=op.f("ck_second_factor_secret")
        ),
        sa.CheckConstraint(
            "(kind = 'passkey') = (credential_id IS NOT NULL)",
            name=op.f("ck_second_factor_credential"),
        ),
        sa.CheckConstraint(
            "(kind = 'passkey') = (public_key IS NOT NULL)",
            name=op.f("ck_second_factor_public_key"),
        ),
        sa.UniqueConstraint("credential_id", name=op.f("uq_second_factor_credential_id")),
        *_key("second_factor"),
    )
    op.create_index("ix_second_factor_user", "second_factor", ["user_id"])
    op.create_index(
        "uq_second_factor_app",
        "second_factor",
        ["user_id"],
        unique=True,
        postgresql_where=sa.text("kind = 'app'"),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
        *_key("recovery_code"),
    )
    op.create_index("ix_recovery_code_user", "recovery_code", ["user_id"])
    op.create_table(
        "pending_sign_in",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_hash", sa.Text(), nullable=False),
        sa.Column("challenge", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_pending_sign_in_secret_hash")),
        *_key("pending_sign_in"),
    )
    op.create_index("ix_pending_sign_in_expires_at", "pending_sign_in", ["expires_at"])


def downgrade() -> None:
    for table in ("pending_sign_in", "recovery_code", "second_factor"):
        op.drop_table(table)
    op.drop_column("user_account", "second_factor_at")
    op.drop_column("role", "needs_second_factor")

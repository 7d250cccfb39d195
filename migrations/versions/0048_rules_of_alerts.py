"""Who hears of which alerts and how, where it is not as the slices declare it."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "alert_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("role_id", sa.BigInteger(), nullable=True),
        sa.Column("is_shown", sa.Boolean(), nullable=False),
        sa.Column("is_mailed", sa.Boolean(), nullable=False),
        sa.Column("is_sent", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["role.id"], name="fk_alert_rule_role_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alert_rule"),
        sa.UniqueConstraint("kind", name="uq_alert_rule_kind"),
    )
    op.create_index("ix_alert_rule_role_id", "alert_rule", ["role_id"])
    op.add_column(
        "alert", sa.Column("dismissed_by", sa.Text(), server_default="", nullable=False)
    )


def downgrade() -> None:
    op.drop_column("alert", "dismissed_by")
    op.drop_table("alert_rule")

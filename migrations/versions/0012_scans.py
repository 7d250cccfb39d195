"""The log of scans: each counts once, however often it is sent."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "scan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("task_type", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("deed", sa.Text(), server_default="scan", nullable=False),
        sa.Column("code", sa.Text(), server_default="", nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="ok", nullable=False),
        sa.Column("said", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "deed IN ('scan', 'quantity', 'empty', 'done', 'start', 'leave', 'skip', 'short', 'undo')",
            name=op.f("ck_scan_deed"),
        ),
        sa.CheckConstraint(
            "outcome IN ('ok', 'line', 'done', 'wrong')", name=op.f("ck_scan_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_scan_product_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_scan_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
    )
    op.create_index("ix_scan_created_at", "scan", ["created_at"], unique=False)
    op.create_index(
        "ix_scan_task", "scan", ["task_type", "task_id", "created_at"], unique=False
    )
    op.create_index("ix_scan_user", "scan", ["user_id", "created_at"], unique=False)


def downgrade() -> None:
    op.drop_table("scan")

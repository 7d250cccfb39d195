"""Ways back: the steps of a pick task, other bins to put back into, cancelled orders in hand."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

NOW = sa.text("now()")


def upgrade() -> None:
    op.create_table(
        "pick_step",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("task_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("kind IN ('pick', 'skip', 'short')", name=op.f("ck_pick_step_kind")),
        sa.CheckConstraint(
            "(kind = 'pick') = (quantity IS NOT NULL)", name=op.f("ck_pick_step_quantity")
        ),
        sa.CheckConstraint(
            "(kind = 'skip') = (sequence IS NOT NULL)", name=op.f("ck_pick_step_sequence")
        ),
        sa.ForeignKeyConstraint(
            ["task_id"], ["pick_task.id"], name="fk_pick_step_task_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["line_id"], ["pick_line.id"], name="fk_pick_step_line_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_pick_step"),
    )
    op.create_index("ix_pick_step_task", "pick_step", ["task_id", "id"])
    op.create_index("ix_pick_step_line", "pick_step", ["line_id"])
    op.execute(
        "INSERT INTO pick_step (task_id, line_id, kind, quantity) "
        "SELECT id, last_line_id, 'pick', last_quantity FROM pick_task "
        "WHERE last_line_id IS NOT NULL AND last_quantity > 0"
    )
    op.drop_column("pick_task", "last_line_id")
    op.drop_column("pick_task", "last_quantity")
    op.add_column(
        "pick_task_order",
        sa.Column("is_unseen", sa.Boolean(), server_default="false", nullable=False),
    )
    op.add_column("pick_line", sa.Column("replaces_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_pick_line_replaces_id",
        "pick_line",
        "pick_line",
        ["replaces_id"],
        ["id"],
        ondelete="SET NULL",
    )
    op.create_index("ix_pick_line_replaces", "pick_line", ["replaces_id"])
    op.add_column("put_back", sa.Column("bin_id", sa.BigInteger(), nullable=True))
    op.create_foreign_key("fk_put_back_bin_id", "put_back", "location", ["bin_id"], ["id"])
    op.create_index("ix_put_back_done", "put_back", ["done_by_id", "done_at"])


def downgrade() -> None:
    op.drop_index("ix_put_back_done", "put_back")
    op.drop_column("put_back", "bin_id")
    op.drop_index("ix_pick_line_replaces", "pick_line")
    op.drop_column("pick_line", "replaces_id")
    op.drop_column("pick_task_order", "is_unseen")
    op.add_column(
        "pick_task",
        sa.Column("last_quantity", sa.Numeric(14, 3), server_default="0", nullable=False),
    )
    op.add_column("pick_task", sa.Column("last_line_id", sa.BigInteger(), nullable=True))
    op.drop_table("pick_step")

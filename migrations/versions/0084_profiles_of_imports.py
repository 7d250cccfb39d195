"""Profiles of imports, what is alike in all rows of a file, and imports that were undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0084"
down_revision = "0080"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
STAGES = ("uploaded", "ready", "checked", "applied")


def upgrade() -> None:
    op.add_column(
        "import_run",
        sa.Column("fixed", postgresql.JSONB(), server_default="{}", nullable=False),
    )
    op.add_column(
        "import_run", sa.Column("profile", sa.Text(), server_default="", nullable=False)
    )
    _allow(*STAGES, "undone")
    op.create_table(
        "import_profile",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("layout", postgresql.JSONB(), nullable=False),
        sa.Column("mapping", postgresql.JSONB(), nullable=False),
        sa.Column("fixed", postgresql.JSONB(), nullable=False),
        sa.Column("update", sa.Boolean(), nullable=False),
        sa.Column("options", postgresql.JSONB(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_import_profile_name")),
        sa.PrimaryKeyConstraint("id", name="pk_import_profile"),
    )
    op.create_index(
        "uq_import_profile_name",
        "import_profile",
        ["kind", sa.text("lower(name)")],
        unique=True,
    )


def downgrade() -> None:
    op.drop_table("import_profile")
    # What was undone is applied to a version that does not know the word.
    op.execute("UPDATE import_run SET stage = 'applied' WHERE stage = 'undone'")
    _allow(*STAGES)
    op.drop_column("import_run", "profile")
    op.drop_column("import_run", "fixed")


def _allow(*stages: str) -> None:
    op.drop_constraint(op.f("ck_import_run_stage"), "import_run", type_="check")
    op.create_check_constraint(op.f("ck_import_run_stage"), "import_run", f"stage IN {stages}")

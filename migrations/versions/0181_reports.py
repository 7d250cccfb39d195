"""Reports as files, and schedules by which they are made and sent."""

import sqlalchemy as sa
from alembic import op

revision = "0181"
down_revision = "0180"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
KINDS = "kind IN ('sales', 'forecast', 'accuracy', 'supply')"
FORMS = "form IN ('xlsx', 'pdf')"


def upgrade() -> None:
    _create_schedules()
    _create_reports()


def downgrade() -> None:
    for table in ("report", "report_schedule"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _create_schedules() -> None:
    name = "report_schedule"
    op.create_table(
        name,
        _id(),
        _text("kind"),
        _text("form"),
        _text("every"),
        sa.Column("next_on", sa.Date(), nullable=False),
        _text("recipients"),
        _created(),
        sa.CheckConstraint(KINDS, name=op.f(f"ck_{name}_kind")),
        sa.CheckConstraint(FORMS, name=op.f(f"ck_{name}_form")),
        sa.CheckConstraint("every IN ('day', 'week', 'month')", name=op.f(f"ck_{name}_every")),
        sa.CheckConstraint("recipients <> ''", name=op.f(f"ck_{name}_recipients")),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_next_on", name, ["next_on"])


def _create_reports() -> None:
    name = "report"
    op.create_table(
        name,
        _id(),
        _text("kind"),
        _text("form"),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("cycle_id", sa.BigInteger(), nullable=True),
        sa.Column("schedule_id", sa.BigInteger(), nullable=True),
        sa.Column("recipients", sa.Text(), server_default="", nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file_id", sa.BigInteger(), nullable=True),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        _created(),
        sa.CheckConstraint(KINDS, name=op.f(f"ck_{name}_kind")),
        sa.CheckConstraint(FORMS, name=op.f(f"ck_{name}_form")),
        sa.CheckConstraint("until >= since", name=op.f(f"ck_{name}_days")),
        sa.CheckConstraint(
            "(kind = 'forecast') = (cycle_id IS NOT NULL)", name=op.f(f"ck_{name}_cycle")
        ),
        _refers(name, "cycle_id", "planning_cycle", "CASCADE"),
        _refers(name, "schedule_id", "report_schedule", "SET NULL"),
        _refers(name, "file_id", "stored_file", "SET NULL"),
        _refers(name, "job_id", "job_run", "SET NULL"),
        _refers(name, "actor_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_kind", name, ["kind", "id"])

"""Columns get the field's names: those of scans, picks and labels."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (
    ("scan", "deed", "kind"),
    ("scan", "said", "message"),
    ("pick_task", "asked_line_id", "empty_check_line_id"),
    ("label_batch", "asked", "requested"),
    ("label_batch", "nudge_x", "offset_x"),
    ("label_batch", "nudge_y", "offset_y"),
    ("label_item", "asked", "requested"),
    ("label_item", "face", "content"),
    ("label_printer", "nudge_x", "offset_x"),
    ("label_printer", "nudge_y", "offset_y"),
)
JOBS = (("app.counting.jobs:count_doubted", "app.counting.jobs:count_discrepancy"),)
CONSTRAINTS = (
    ("scan", "ck_scan_deed", "ck_scan_kind"),
    ("label_batch", "ck_label_batch_asked", "ck_label_batch_requested"),
    ("label_printer", "ck_label_printer_nudge", "ck_label_printer_offset"),
)
INDEXES = (("ix_label_item_asked", "ix_label_item_requested"),)
JOB_RUN = sa.table("job_run", sa.column("job"))


def upgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, old, new_column_name=new)
    for table, old, new in CONSTRAINTS:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {old} TO {new}")
    for old, new in INDEXES:
        op.execute(f"ALTER INDEX {old} RENAME TO {new}")
    for old, new in JOBS:  # those that wait are found by their path
        op.execute(sa.update(JOB_RUN).where(JOB_RUN.c.job == old).values(job=new))


def downgrade() -> None:
    for table, old, new in COLUMNS:
        op.alter_column(table, new, new_column_name=old)
    for table, old, new in CONSTRAINTS:
        op.execute(f"ALTER TABLE {table} RENAME CONSTRAINT {new} TO {old}")
    for old, new in INDEXES:
        op.execute(f"ALTER INDEX {new} RENAME TO {old}")
    for old, new in JOBS:
        op.execute(sa.update(JOB_RUN).where(JOB_RUN.c.job == new).values(job=old))

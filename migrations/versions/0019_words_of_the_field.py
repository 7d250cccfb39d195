"""Answers kept for a key, and the nightly check of the ledger, by the field's words."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

CONSTRAINTS = ("pk_{}", "uq_{}_actor_id_key")
INDEX = "ix_{}_created_at"
JOB = ("app.stock.jobs:prove_ledger", "app.stock.jobs:check_ledger")
UPKEEP = ("app.core.upkeep:", "app.core.cleanup:")
SCHEDULE = ("prove-ledger", "check-ledger")


def upgrade() -> None:
    _rename("remembered_answer", "idempotent_response")
    _rename_jobs(JOB, UPKEEP, SCHEDULE)


def downgrade() -> None:
    _rename("idempotent_response", "remembered_answer")
    _rename_jobs(JOB[::-1], UPKEEP[::-1], SCHEDULE[::-1])


def _rename(old: str, new: str) -> None:
    op.rename_table(old, new)
    op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
    op.execute(f"ALTER INDEX {INDEX.format(old)} RENAME TO {INDEX.format(new)}")
    for name in CONSTRAINTS:
        change = f"RENAME CONSTRAINT {name.format(old)} TO {name.format(new)}"
        op.execute(f"ALTER TABLE {new} {change}")


def _rename_jobs(
    job: tuple[str, str], module: tuple[str, str], schedule: tuple[str, str]
) -> None:
    """What waits or has a time of its own is known by these names."""
    names = [
        ("UPDATE job_run SET job = :new WHERE job = :old", job),
        ("UPDATE schedule_entry SET name = :new WHERE name = :old", schedule),
    ]
    for statement, (old, new) in names:
        op.execute(sa.text(statement).bindparams(old=old, new=new))
    moved = sa.text("UPDATE job_run SET job = replace(job, :old, :new) WHERE job LIKE :like")
    old, new = module
    op.execute(moved.bindparams(old=old, new=new, like=f"{old}%"))

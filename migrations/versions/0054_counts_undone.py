"""A count whose differences were taken back is undone, not cancelled."""

from collections.abc import Sequence

from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None

BEFORE = ("open", "counting", "recount", "review", "done", "cancelled")


def upgrade() -> None:
    _allow((*BEFORE, "undone"))
    op.execute(
        "UPDATE count_task SET state = 'undone' WHERE state = 'cancelled' AND EXISTS ("
        "SELECT FROM stock_movement WHERE document_type = 'count' "
        "AND document_id = count_task.id AND reverses_id IS NOT NULL)"
    )


def downgrade() -> None:
    op.execute("UPDATE count_task SET state = 'cancelled' WHERE state = 'undone'")
    _allow(BEFORE)


def _allow(states: Sequence[str]) -> None:
    """Not checked against the rows there are while the table is locked."""
    op.execute("ALTER TABLE count_task DROP CONSTRAINT ck_count_task_state")
    op.execute(
        "ALTER TABLE count_task ADD CONSTRAINT ck_count_task_state "
        f"CHECK (state IN {tuple(states)}) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE count_task VALIDATE CONSTRAINT ck_count_task_state")

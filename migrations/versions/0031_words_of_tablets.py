"""More that a tablet sends goes through its log: parcels, what is taken out, what was seen."""

from collections.abc import Sequence

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

BEFORE = ("scan", "quantity", "empty", "done", "start", "leave", "skip", "short", "undo")
NEW = ("parcel", "take_out", "move", "seen")


def upgrade() -> None:
    _allow((*BEFORE, *NEW))


def downgrade() -> None:
    op.execute(
        "UPDATE scan SET kind = 'done' WHERE kind IN ('parcel', 'take_out', 'move', 'seen')"
    )
    _allow(BEFORE)


def _allow(kinds: Sequence[str]) -> None:
    """Not checked against the rows there are while the table is locked: it is a large one."""
    op.execute("ALTER TABLE scan DROP CONSTRAINT ck_scan_kind")
    op.execute(
        f"ALTER TABLE scan ADD CONSTRAINT ck_scan_kind CHECK (kind IN {tuple(kinds)}) NOT VALID"
    )
    with op.get_context().autocommit_block():
        op.execute("ALTER TABLE scan VALIDATE CONSTRAINT ck_scan_kind")

"""What was put aside of a delivery is decided about: taken in, sent back, or written off."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index
from migrations.session import unhurried

revision = "0156"
down_revision = "0155"
branch_labels = None
depends_on = None

TABLE = "goods_receipt_line"
COLUMNS = ("decision text", "decided_at timestamptz", "decided_by_id bigint")
RULES = {
    "ck_goods_receipt_line_decision": (
        "CHECK (decision IN ('taken_in', 'sent_back', 'written_off') "
        "AND condition <> 'good' OR decision IS NULL)"
    ),
    "ck_goods_receipt_line_decided": "CHECK ((decision IS NULL) = (decided_at IS NULL))",
    "fk_goods_receipt_line_decided_by_id": (
        "FOREIGN KEY (decided_by_id) REFERENCES user_account (id)"
    ),
}


def upgrade() -> None:
    for column in COLUMNS:
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN IF NOT EXISTS {column}")
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE {TABLE} ADD CONSTRAINT {name} {rule} NOT VALID")
    create_index(
        "ix_goods_receipt_line_undecided",
        TABLE,
        ["receipt_id"],
        postgresql_where=sa.text("condition <> 'good' AND decision IS NULL"),
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for name in RULES:
            op.execute(f"ALTER TABLE {TABLE} VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    for column in COLUMNS:
        op.drop_column(TABLE, column.partition(" ")[0])

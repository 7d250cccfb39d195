"""Lots say who made them, when they expire and whether they are blocked; a serial is one piece.

What a balance says of a serial is held to the lot by a foreign key, and that a serial lies at
one place by an exclusion: no code that forgets it can double a piece.
"""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index
from migrations.session import unhurried

revision = "0161"
down_revision = "0160"
branch_labels = None
depends_on = None

LOT = (
    "is_serial boolean NOT NULL DEFAULT false",
    "made_on date",
    "vendor_id bigint CONSTRAINT fk_lot_vendor_id REFERENCES vendor (id)",
    "blocked_at timestamptz",
    "block_reason text NOT NULL DEFAULT ''",
    "version bigint NOT NULL DEFAULT '1'",
    "updated_at timestamptz NOT NULL DEFAULT now()",
)
BALANCE = (
    "is_withheld boolean NOT NULL DEFAULT false",
    "is_serial boolean NOT NULL DEFAULT false",
    "serial_id bigint",
)
OF_LOT = {
    "ck_lot_code": "CHECK (code <> '')",
    "ck_lot_made_before": "CHECK (made_on <= expires_on)",
    "ck_lot_blocked": "CHECK ((blocked_at IS NULL) = (block_reason = ''))",
    "uq_lot_id_is_serial": "UNIQUE (id, is_serial)",
}
OF_BALANCE = {
    "ck_stock_balance_serial": (
        "CHECK (serial_id IS NOT DISTINCT FROM "
        "CASE WHEN is_serial AND on_hand > 0 THEN lot_id END) NOT VALID"
    ),
    "ck_stock_balance_one_piece": "CHECK (NOT is_serial OR on_hand <= 1) NOT VALID",
    "fk_stock_balance_lot_kind": (
        "FOREIGN KEY (lot_id, is_serial) REFERENCES lot (id, is_serial) NOT VALID"
    ),
    "ex_stock_balance_one_place": (
        "EXCLUDE USING btree (serial_id WITH =) WHERE (serial_id IS NOT NULL) "
        "DEFERRABLE INITIALLY IMMEDIATE"
    ),
}
VALIDATED = [name for name, rule in OF_BALANCE.items() if rule.endswith("NOT VALID")]
NORMAL = sa.text("normal_code(code)")


def upgrade() -> None:
    for table, columns in (("lot", LOT), ("stock_balance", BALANCE)):
        for column in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {column}")
    op.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS uq_lot_product_id_code")
    op.execute("ALTER TABLE stock_balance DROP CONSTRAINT IF EXISTS fk_stock_balance_lot_kind")
    for table, rules in (("lot", OF_LOT), ("stock_balance", OF_BALANCE)):
        for name, rule in rules.items():
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {rule}")
    create_index("uq_lot_normal_code", "lot", ["product_id", NORMAL], unique=True)
    create_index("ix_lot_code", "lot", [sa.text("normal_code(code) text_pattern_ops")])
    create_index("ix_lot_expires_on", "lot", ["expires_on", "id"])
    create_index("ix_lot_vendor_id", "lot", ["vendor_id", "id"])
    blocked = sa.text("blocked_at IS NOT NULL")
    create_index("ix_lot_blocked", "lot", ["id"], postgresql_where=blocked)
    has_lot = sa.text("lot_id IS NOT NULL")
    create_index("ix_stock_balance_lot", "stock_balance", ["lot_id"], postgresql_where=has_lot)
    create_index(
        "ix_stock_movement_lot", "stock_movement", ["lot_id", "id"], postgresql_where=has_lot
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for name in VALIDATED:
            op.execute(f"ALTER TABLE stock_balance VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    drop_index("ix_stock_movement_lot", "stock_movement")
    drop_index("ix_stock_balance_lot", "stock_balance")
    for name in OF_BALANCE:
        op.execute(f"ALTER TABLE stock_balance DROP CONSTRAINT IF EXISTS {name}")
    for column in BALANCE:
        op.drop_column("stock_balance", column.partition(" ")[0])
    drop_index("uq_lot_normal_code", "lot")
    drop_index("ix_lot_code", "lot")
    op.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS uq_lot_id_is_serial")
    op.execute("ALTER TABLE lot DROP CONSTRAINT IF EXISTS ck_lot_code")
    for column in LOT:
        op.drop_column("lot", column.partition(" ")[0])
    op.create_unique_constraint("uq_lot_product_id_code", "lot", ["product_id", "code"])

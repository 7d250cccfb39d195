"""Shipments over several purchase orders, with their costs, and substitutes of components.

The checks of costs are exchanged without a look at the rows, which are read afterwards.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index
from migrations.session import unhurried

revision = "0179"
down_revision = "0178"
branch_labels = None
depends_on = None

CAUSE = "ck_landed_cost_cause"


def upgrade() -> None:
    op.create_table(
        "inbound_shipment",
        *_row(),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("carrier", "tracking", "note")
        ),
        sa.Column("status", sa.Text(), server_default="planned", nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("arrived_on", sa.Date(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "status IN ('planned', 'under_way', 'arrived', 'cancelled')",
            name=op.f("ck_inbound_shipment_status"),
        ),
        sa.CheckConstraint(
            "(status = 'arrived') = (arrived_on IS NOT NULL)",
            name=op.f("ck_inbound_shipment_arrived"),
        ),
        _of("inbound_shipment", "actor_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_inbound_shipment"),
        if_not_exists=True,
    )
    create_index(
        "ix_inbound_shipment_status", "inbound_shipment", ["status", "expected_on", "id"]
    )
    op.create_table(
        "inbound_shipment_order",
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        _of("inbound_shipment_order", "shipment_id", "inbound_shipment"),
        _of("inbound_shipment_order", "order_id", "purchase_order"),
        sa.PrimaryKeyConstraint("shipment_id", "order_id", name="pk_inbound_shipment_order"),
        if_not_exists=True,
    )
    create_index("ix_inbound_shipment_order_order", "inbound_shipment_order", ["order_id"])
    op.create_table(
        "component_substitute",
        *_row(),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("substitute_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        _of("component_substitute", "line_id", "product_component", ondelete="CASCADE"),
        _of("component_substitute", "substitute_id", "product"),
        sa.PrimaryKeyConstraint("id", name="pk_component_substitute"),
        sa.UniqueConstraint(
            "line_id",
            "substitute_id",
            name="uq_component_substitute_line_id_substitute_id",
        ),
        if_not_exists=True,
    )
    create_index(
        "ix_component_substitute_substitute", "component_substitute", ["substitute_id"]
    )
    _change_receipts_and_costs()


def _change_receipts_and_costs() -> None:
    for table in ("goods_receipt", "landed_cost"):
        name = f"fk_{table}_shipment_id"
        op.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS shipment_id bigint")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (shipment_id) "
            "REFERENCES inbound_shipment (id) NOT VALID"
        )
    op.execute("ALTER TABLE landed_cost ADD COLUMN IF NOT EXISTS spread_at timestamptz")
    op.execute("ALTER TABLE landed_cost ALTER COLUMN receipt_id DROP NOT NULL")
    op.execute(f"ALTER TABLE landed_cost DROP CONSTRAINT IF EXISTS {CAUSE}")
    op.execute(
        f"ALTER TABLE landed_cost ADD CONSTRAINT {CAUSE} "
        "CHECK ((receipt_id IS NULL) <> (shipment_id IS NULL)) NOT VALID"
    )
    create_index(
        "ix_goods_receipt_shipment",
        "goods_receipt",
        ["shipment_id"],
        postgresql_where=sa.text("shipment_id IS NOT NULL"),
    )
    create_index("ix_landed_cost_shipment", "landed_cost", ["shipment_id", "id"])
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        op.execute("UPDATE landed_cost SET spread_at = created_at WHERE spread_at IS NULL")
        for table in ("goods_receipt", "landed_cost"):
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT fk_{table}_shipment_id")
        op.execute(f"ALTER TABLE landed_cost VALIDATE CONSTRAINT {CAUSE}")


def downgrade() -> None:
    """Costs of shipments go with them: what they did to averages stays in the entries."""
    op.execute(
        "UPDATE cost_entry SET landed_id = NULL WHERE landed_id IN "
        "(SELECT id FROM landed_cost WHERE receipt_id IS NULL)"
    )
    op.execute("DELETE FROM landed_cost WHERE receipt_id IS NULL")
    drop_index("ix_landed_cost_shipment", "landed_cost")
    drop_index("ix_goods_receipt_shipment", "goods_receipt")
    op.execute(f"ALTER TABLE landed_cost DROP CONSTRAINT {CAUSE}")
    op.execute("ALTER TABLE landed_cost ALTER COLUMN receipt_id SET NOT NULL")
    op.drop_column("landed_cost", "spread_at")
    for table in ("landed_cost", "goods_receipt"):
        op.drop_column(table, "shipment_id")
    for table in ("component_substitute", "inbound_shipment_order", "inbound_shipment"):
        op.drop_table(table)


def _row() -> tuple[Any, ...]:
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )


def _of(table: str, column: str, other: str, **more: Any) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, **more)

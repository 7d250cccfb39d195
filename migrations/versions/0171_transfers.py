"""Transfers between warehouses: lines, and the steps by which their goods went."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index

revision = "0171"
down_revision = "0170"
branch_labels = None
depends_on = None

QUANTITY = sa.Numeric(precision=14, scale=3)


def upgrade() -> None:
    op.create_table(
        "transfer",
        *_kept_once(),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("destination_id", sa.BigInteger(), nullable=False),
        sa.Column("transit_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("is_complete", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("source_id <> destination_id", name=op.f("ck_transfer_elsewhere")),
        sa.CheckConstraint(
            "status IN ('draft', 'sent', 'partly', 'received', 'cancelled')",
            name=op.f("ck_transfer_status"),
        ),
        *_of("transfer", source_id="location", destination_id="location"),
        *_of("transfer", transit_id="location"),
        *_of("transfer", actor_id="user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer"),
        sa.UniqueConstraint("key", name="uq_transfer_key"),
        if_not_exists=True,
    )
    create_index("ix_transfer_status", "transfer", ["status", "expected_on"])
    create_index("ix_transfer_destination", "transfer", ["destination_id", "id"])
    create_index("ix_transfer_source", "transfer", ["source_id", "id"])
    op.create_table(
        "transfer_line",
        *_row(),
        sa.Column("transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        *(
            sa.Column(name, QUANTITY, server_default="0", nullable=False)
            for name in ("sent", "received", "lost", "found")
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_line_quantity")),
        sa.CheckConstraint("sent BETWEEN 0 AND quantity", name=op.f("ck_transfer_line_sent")),
        sa.CheckConstraint(
            "received >= 0 AND lost >= 0 AND found >= 0", name=op.f("ck_transfer_line_counted")
        ),
        sa.CheckConstraint(
            "received + lost <= sent + found", name=op.f("ck_transfer_line_on_the_way")
        ),
        *_of("transfer_line", transfer_id="transfer", product_id="product"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_line"),
        if_not_exists=True,
    )
    create_index("ix_transfer_line_transfer", "transfer_line", ["transfer_id", "id"])
    create_index("ix_transfer_line_product", "transfer_line", ["product_id", "id"])
    create_index(
        "ix_transfer_line_on_the_way",
        "transfer_line",
        ["product_id"],
        postgresql_where=sa.text("sent + found > received + lost"),
    )
    op.create_table(
        "transfer_step",
        *_kept_once(),
        sa.Column("transfer_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "kind IN ('sent', 'received', 'explained')", name=op.f("ck_transfer_step_kind")
        ),
        *_of("transfer_step", transfer_id="transfer", posting_id="posting"),
        *_of("transfer_step", actor_id="user_account", undone_by_id="user_account"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_step"),
        sa.UniqueConstraint("key", name="uq_transfer_step_key"),
        sa.UniqueConstraint("posting_id", name="uq_transfer_step_posting_id"),
        if_not_exists=True,
    )
    create_index("ix_transfer_step_transfer", "transfer_step", ["transfer_id", "id"])
    op.create_table(
        "transfer_part",
        *_row(),
        sa.Column("step_id", sa.BigInteger(), nullable=False),
        sa.Column("line_id", sa.BigInteger(), nullable=False),
        sa.Column("lot_id", sa.BigInteger(), nullable=True),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("unit_cost", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("word", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_transfer_part_quantity")),
        sa.CheckConstraint(
            "word IN ('', 'good', 'damaged', 'lost', 'stolen', 'found')",
            name=op.f("ck_transfer_part_word"),
        ),
        *_of("transfer_part", step_id="transfer_step", line_id="transfer_line"),
        *_of("transfer_part", lot_id="lot", location_id="location"),
        sa.PrimaryKeyConstraint("id", name="pk_transfer_part"),
        if_not_exists=True,
    )
    create_index("ix_transfer_part_step", "transfer_part", ["step_id", "id"])
    create_index("ix_transfer_part_line", "transfer_part", ["line_id"])


def downgrade() -> None:
    for table in ("transfer_part", "transfer_step", "transfer_line", "transfer"):
        op.drop_table(table)


def _row() -> tuple[Any, ...]:
    moment = sa.DateTime(timezone=True)
    return (
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", moment, server_default=sa.text("now()"), nullable=False),
    )


def _kept_once() -> tuple[Any, ...]:
    key, request = (sa.Column(name, sa.Text(), nullable=False) for name in ("key", "request"))
    return *_row(), key, request


def _of(table: str, **columns: str) -> list[Any]:
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=f"fk_{table}_{name}")
        for name, other in columns.items()
    ]

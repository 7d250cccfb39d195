"""Where our stock and that of marketplaces differ."""

import sqlalchemy as sa
from alembic import op

revision = "0215"
down_revision = "0214"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
MONEY, QUANTITY = sa.Numeric(14, 4), sa.Numeric(14, 3)
MOMENT = sa.DateTime(timezone=True)
STATES = ("open", "explained", "dismissed", "reconciled")


def upgrade() -> None:
    _create_comparisons()
    _create_discrepancies()


def downgrade() -> None:
    op.drop_table("discrepancy")
    op.drop_table("stock_comparison")


def _create_comparisons() -> None:
    name = "stock_comparison"
    counts = [
        sa.Column(one, sa.BigInteger(), server_default="0", nullable=False)
        for one in ("compared", "differing", "unknown", "untold")
    ]
    op.create_table(
        name,
        *_begin(),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("tolerance", QUANTITY, server_default="0", nullable=False),
        sa.Column("compared_at", MOMENT, nullable=True),
        sa.Column("snapshot_at", MOMENT, nullable=True),
        *counts,
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        *_end(name),
        sa.UniqueConstraint("connection_id", name=f"uq_{name}_connection_id"),
        sa.CheckConstraint("tolerance >= 0", name=op.f(f"ck_{name}_tolerance")),
        _refers(name, "location_id", "location"),
    )


def _create_discrepancies() -> None:
    name = "discrepancy"
    op.create_table(
        name,
        *_begin(),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        *(sa.Column(one, QUANTITY, nullable=False) for one in ("ours", "theirs", "quantity")),
        sa.Column("value", MONEY, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        *(
            sa.Column(one, MOMENT, nullable=False)
            for one in ("snapshot_at", "first_seen_at", "seen_at")
        ),
        sa.Column("closed_at", MOMENT, nullable=True),
        *_end(name),
        sa.CheckConstraint(f"state IN {STATES}", name=op.f(f"ck_{name}_state")),
        sa.CheckConstraint("quantity = theirs - ours", name=op.f(f"ck_{name}_quantity")),
        sa.CheckConstraint(
            "(state = 'reconciled') = (closed_at IS NOT NULL)", name=op.f(f"ck_{name}_closed")
        ),
        _refers(name, "product_id", "product", "CASCADE"),
    )
    op.create_index(
        "uq_discrepancy_open",
        name,
        ["connection_id", "product_id"],
        unique=True,
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_discrepancy_state", name, ["state", "first_seen_at", "id"])
    op.create_index("ix_discrepancy_product", name, ["product_id"])


def _begin() -> list[sa.Column[object]]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("connection_id", sa.BigInteger(), nullable=False),
    ]


def _end(name: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("created_at", MOMENT, server_default=NOW, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        _refers(name, "connection_id", "connection"),
    ]


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )

"""Planners adjust the consensus of a cycle at any level; each change says who and why."""

import sqlalchemy as sa
from alembic import op

revision = "0182"
down_revision = "0181"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
TOTAL = sa.Numeric(20, 3)


def upgrade() -> None:
    _create_adjustments()
    _create_cells()


def downgrade() -> None:
    for table in ("planning_adjustment_cell", "planning_adjustment"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _create_adjustments() -> None:
    name = "planning_adjustment"
    op.create_table(
        name,
        _id(),
        _number("cycle_id", nullable=False),
        _number("rep_id"),
        _number("customer_id"),
        _number("product_id"),
        _text("country"),
        _text("category"),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("before", TOTAL, nullable=False),
        sa.Column("after", TOTAL, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _number("actor_id"),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        _number("undone_by_id"),
        _created(),
        sa.CheckConstraint("after >= 0", name=op.f(f"ck_{name}_after")),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{name}_reason")),
        sa.CheckConstraint(
            "undone_by_id IS NULL OR undone_at IS NOT NULL", name=op.f(f"ck_{name}_undone")
        ),
        _refers(name, "cycle_id", "planning_cycle", "CASCADE"),
        _refers(name, "rep_id", "user_account"),
        _refers(name, "customer_id", "customer"),
        _refers(name, "product_id", "product"),
        _refers(name, "actor_id", "user_account"),
        _refers(name, "undone_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_cycle", name, ["cycle_id", "id"])


def _create_cells() -> None:
    name = "planning_adjustment_cell"
    op.create_table(
        name,
        _id(),
        _number("adjustment_id", nullable=False),
        _number("scope_id", nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("difference", sa.Numeric(14, 3), nullable=False),
        _created(),
        sa.CheckConstraint("difference <> 0", name=op.f(f"ck_{name}_difference")),
        _refers(name, "adjustment_id", "planning_adjustment", "CASCADE"),
        _refers(name, "scope_id", "planning_scope", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            *("adjustment_id", "scope_id", "month"),
            name=f"uq_{name}_adjustment_id_scope_id_month",
        ),
    )
    op.create_index(f"ix_{name}_scope", name, ["scope_id"])

"""Planning: cycles, who forecasts what, baselines, forecasts, snapshots."""

import sqlalchemy as sa
from alembic import op

revision = "0140"
down_revision = "0132"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
QUANTITIES = sa.ARRAY(sa.Numeric(14, 3))
CYCLE_STATUSES = ("draft", "open", "closed")
SUBMISSION_STATUSES = ("draft", "submitted", "returned", "approved")
SOURCES = (*("typed", "pasted", "filled", "spread", "changed", "undone", "imported", "api"),)
STAGES = ("naive", "baseline", "submitted", "consensus")
METHODS = (
    *("none", "zero", "mean", "seasonal_naive", "intermittent", "theta", "smoothed"),
    "ensemble",
)


def upgrade() -> None:
    _create_cycles()
    _create_submissions()
    _create_scope()
    _create_baselines()
    _create_cells()
    op.create_table(
        "planning_snapshot",
        *_id(),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("quantities", QUANTITIES, nullable=False),
        _created(),
        sa.CheckConstraint(f"stage IN {STAGES}", name=op.f("ck_planning_snapshot_stage")),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["planning_scope.id"], name="fk_planning_snapshot_scope_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_planning_snapshot"),
    )
    op.create_index(
        "ix_planning_snapshot_scope", "planning_snapshot", ["scope_id", "stage", "id"]
    )


def _id() -> tuple[sa.Column[int]]:
    return (sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),)


def _created(name: str = "created_at") -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=NOW, nullable=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=True)


def _create_cycles() -> None:
    name = "planning_cycle"
    op.create_table(
        name,
        *_id(),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("months", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        sa.Column("threshold", sa.BigInteger(), nullable=False),
        _text("note"),
        sa.Column("reminder_subject", sa.Text(), nullable=False),
        sa.Column("reminder_text", sa.Text(), nullable=False),
        _moment("opened_at"),
        _moment("closed_at"),
        sa.Column("history_first", sa.Date(), nullable=True),
        _created(),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        _created("updated_at"),
        sa.CheckConstraint(f"status IN {CYCLE_STATUSES}", name=op.f(f"ck_{name}_status")),
        sa.CheckConstraint("months BETWEEN 1 AND 24", name=op.f(f"ck_{name}_months")),
        sa.CheckConstraint("threshold BETWEEN 0 AND 1000", name=op.f(f"ck_{name}_threshold")),
        sa.CheckConstraint("EXTRACT(DAY FROM month) = 1", name=op.f(f"ck_{name}_first_day")),
        sa.CheckConstraint(
            "(status = 'draft') = (opened_at IS NULL)", name=op.f(f"ck_{name}_opened")
        ),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f(f"ck_{name}_closed")
        ),
        sa.CheckConstraint(
            "(opened_at IS NULL) = (history_first IS NULL)", name=op.f(f"ck_{name}_history")
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("month", name=f"uq_{name}_month"),
    )


def _create_submissions() -> None:
    name = "planning_submission"
    op.create_table(
        name,
        *_id(),
        sa.Column("cycle_id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), server_default="draft", nullable=False),
        _text("reason"),
        _moment("submitted_at"),
        _moment("decided_at"),
        _moment("reminded_at"),
        _created(),
        sa.CheckConstraint(f"status IN {SUBMISSION_STATUSES}", name=op.f(f"ck_{name}_status")),
        sa.CheckConstraint(
            "status <> 'returned' OR reason <> ''", name=op.f(f"ck_{name}_reason")
        ),
        sa.ForeignKeyConstraint(
            ["cycle_id"], ["planning_cycle.id"], name=f"fk_{name}_cycle_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=f"fk_{name}_user_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("cycle_id", "user_id", name=f"uq_{name}_cycle_id_user_id"),
    )
    op.create_index("ix_planning_submission_user", name, ["user_id"])


def _create_scope() -> None:
    name = "planning_scope"
    owners = {
        "cycle_id": "planning_cycle",
        "user_id": "user_account",
        "customer_id": "customer",
        "product_id": "product",
    }
    op.create_table(
        name,
        *_id(),
        *[sa.Column(key, sa.BigInteger(), nullable=False) for key in owners],
        sa.Column("history", QUANTITIES, server_default="{}", nullable=False),
        sa.Column("previous", QUANTITIES, server_default="{}", nullable=False),
        _created(),
        *[
            sa.ForeignKeyConstraint([key], [f"{table}.id"], name=f"fk_{name}_{key}")
            for key, table in owners.items()
        ],
        sa.ForeignKeyConstraint(
            ["cycle_id", "user_id"],
            ["planning_submission.cycle_id", "planning_submission.user_id"],
            name="fk_planning_scope_rep",
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint(
            *("cycle_id", "customer_id", "product_id"),
            name=f"uq_{name}_cycle_id_customer_id_product_id",
        ),
    )
    op.create_index("ix_planning_scope_rep", name, ["cycle_id", "user_id"])
    op.create_index("ix_planning_scope_product", name, ["product_id"])
    op.create_index("ix_planning_scope_customer", name, ["customer_id"])


def _create_baselines() -> None:
    name = "planning_baseline"
    op.create_table(
        name,
        *_id(),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        *[sa.Column(key, QUANTITIES, nullable=False) for key in ("quantities", "low", "high")],
        sa.Column("wape", sa.Numeric(9, 4), nullable=True),
        _created(),
        sa.CheckConstraint(f"method IN {METHODS}", name=op.f(f"ck_{name}_method")),
        sa.CheckConstraint(
            "(method = 'none') = (quantities = '{}')", name=op.f(f"ck_{name}_none")
        ),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["planning_scope.id"], name=f"fk_{name}_scope_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("scope_id", name=f"uq_{name}_scope_id"),
    )


def _create_cells() -> None:
    name = "forecast_cell"
    op.create_table(
        name,
        *_id(),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        _text("reason"),
        _text("comment"),
        sa.Column("changed_by_id", sa.BigInteger(), nullable=True),
        _created("changed_at"),
        _created(),
        sa.CheckConstraint(f"source IN {SOURCES}", name=op.f(f"ck_{name}_source")),
        sa.CheckConstraint("quantity >= 0", name=op.f(f"ck_{name}_quantity")),
        sa.CheckConstraint("version > 0", name=op.f(f"ck_{name}_version")),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["planning_scope.id"], name=f"fk_{name}_scope_id"
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=f"fk_{name}_changed_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("scope_id", "month", name=f"uq_{name}_scope_id_month"),
    )
    name = "cell_change"
    op.create_table(
        name,
        *_id(),
        sa.Column("op_id", sa.Uuid(), nullable=False),
        sa.Column("scope_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        _text("reason"),
        _text("comment"),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        _created(),
        sa.CheckConstraint(f"source IN {SOURCES}", name=op.f(f"ck_{name}_source")),
        sa.ForeignKeyConstraint(
            ["scope_id"], ["planning_scope.id"], name=f"fk_{name}_scope_id"
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=f"fk_{name}_actor_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("op_id", name=f"uq_{name}_op_id"),
    )
    op.create_index("ix_cell_change_cell", name, ["scope_id", "month", "version"])


def downgrade() -> None:
    for table in (
        *("planning_snapshot", "cell_change", "forecast_cell", "planning_baseline"),
        *("planning_scope", "planning_submission", "planning_cycle"),
    ):
        op.drop_table(table)

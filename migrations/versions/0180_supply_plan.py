"""Supply plans: what each found of each product, and what it suggests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0180"
down_revision = "0179"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
QUANTITY = sa.Numeric(14, 3)
QUANTITIES = sa.ARRAY(QUANTITY)
MONTHLY = (
    *("ordered", "forecast", "dependent", "incoming", "suggested", "projected", "planned"),
)


def upgrade() -> None:
    _create_plans()
    _create_rows()
    _create_suggestions()


def downgrade() -> None:
    for table in ("supply_suggestion", "supply_row", "supply_plan"):
        op.drop_table(table)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _number(name: str, *, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=False)


def _refers(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{target}.id"], name=f"fk_{table}_{column}", ondelete=ondelete
    )


def _create_plans() -> None:
    name = "supply_plan"
    op.create_table(
        name,
        _id(),
        _number("cycle_id"),
        sa.Column("first_on", sa.Date(), nullable=False),
        _number("months"),
        sa.Column("netting", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        _number("products", default="0"),
        _number("suggestions", default="0"),
        _number("left_out", default="0"),
        _number("blanks", default="0"),
        sa.Column("uncovered", sa.ARRAY(sa.Date()), server_default="{}", nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        _created(),
        sa.CheckConstraint("months BETWEEN 1 AND 24", name=op.f(f"ck_{name}_months")),
        sa.CheckConstraint("netting IN ('customer', 'all')", name=op.f(f"ck_{name}_netting")),
        _refers(name, "cycle_id", "planning_cycle", "CASCADE"),
        _refers(name, "job_id", "job_run", "SET NULL"),
        _refers(name, "actor_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )


def _create_rows() -> None:
    name = "supply_row"
    op.create_table(
        name,
        _id(),
        _number("plan_id"),
        _number("product_id"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("on_hand", QUANTITY, nullable=False),
        sa.Column("safety_stock", QUANTITY, nullable=False),
        _number("lead_days"),
        *(sa.Column(column, QUANTITIES, nullable=False) for column in MONTHLY),
        sa.Column("out_on", sa.Date(), nullable=True),
        sa.Column("out_quantity", QUANTITY, nullable=False),
        sa.Column("excess", QUANTITY, nullable=False),
        sa.Column("exceptions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("pulls", JSONB(), nullable=False),
        _created(),
        sa.CheckConstraint(
            "source IN ('buy', 'build', 'bundle')", name=op.f(f"ck_{name}_source")
        ),
        _refers(name, "plan_id", "supply_plan", "CASCADE"),
        _refers(name, "product_id", "product"),
        _refers(name, "vendor_id", "vendor"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        sa.UniqueConstraint("plan_id", "product_id", name=f"uq_{name}_plan_id_product_id"),
    )
    op.create_index(f"ix_{name}_product", name, ["product_id"])


def _create_suggestions() -> None:
    name = "supply_suggestion"
    op.create_table(
        name,
        _id(),
        _number("plan_id"),
        _number("product_id"),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("vendor_id", sa.BigInteger(), nullable=True),
        sa.Column("quantity", QUANTITY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("begin_on", sa.Date(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("pegs", JSONB(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        _created(),
        sa.CheckConstraint("source IN ('buy', 'build')", name=op.f(f"ck_{name}_source")),
        sa.CheckConstraint("quantity > 0", name=op.f(f"ck_{name}_quantity")),
        sa.CheckConstraint(
            "arrives_on >= due_on AND arrives_on >= begin_on", name=op.f(f"ck_{name}_days")
        ),
        _refers(name, "plan_id", "supply_plan", "CASCADE"),
        _refers(name, "product_id", "product"),
        _refers(name, "vendor_id", "vendor"),
        _refers(name, "order_id", "purchase_order", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
    )
    op.create_index(f"ix_{name}_plan", name, ["plan_id", "begin_on", "id"])
    op.create_index(f"ix_{name}_product", name, ["plan_id", "product_id", "due_on"])
    op.create_index(f"ix_{name}_order", name, ["order_id"])

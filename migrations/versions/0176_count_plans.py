"""Plans of counts: the products of a warehouse by class, and when each is counted."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index

revision = "0176"
down_revision = "0175"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
NUMBERS = {
    "share_a": "80",
    "share_b": "15",
    "times_a": "12",
    "times_b": "4",
    "times_c": "1",
    "most_a_day": "50",
}


def upgrade() -> None:
    op.create_table(
        "count_plan",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), server_default=usual, nullable=False)
            for name, usual in NUMBERS.items()
        ),
        sa.Column("is_active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("classed_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "share_a > 0 AND share_b >= 0 AND share_a + share_b <= 100",
            name=op.f("ck_count_plan_shares"),
        ),
        sa.CheckConstraint(
            "times_a BETWEEN 1 AND 365 AND times_b BETWEEN 1 AND 365 "
            "AND times_c BETWEEN 1 AND 365",
            name=op.f("ck_count_plan_times"),
        ),
        sa.CheckConstraint("most_a_day > 0", name=op.f("ck_count_plan_most_a_day")),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["location.id"], name="fk_count_plan_warehouse_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_count_plan"),
        if_not_exists=True,
    )
    create_index(
        "uq_count_plan_warehouse",
        "count_plan",
        ["warehouse_id"],
        unique=True,
        postgresql_where=sa.text("is_active"),
    )
    op.create_table(
        "count_plan_item",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column(
            "value", sa.Numeric(precision=14, scale=4), server_default="0", nullable=False
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("counted_on", sa.Date(), nullable=True),
        sa.CheckConstraint("grade IN ('A', 'B', 'C')", name=op.f("ck_count_plan_item_grade")),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["count_plan.id"], name="fk_count_plan_item_plan_id"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name="fk_count_plan_item_product_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_count_plan_item"),
        sa.UniqueConstraint(
            "plan_id", "product_id", name="uq_count_plan_item_plan_id_product_id"
        ),
        if_not_exists=True,
    )
    create_index("ix_count_plan_item_due", "count_plan_item", ["plan_id", "due_on", "id"])
    create_index("ix_count_plan_item_product", "count_plan_item", ["product_id"])


def downgrade() -> None:
    op.drop_table("count_plan_item")
    op.drop_table("count_plan")

"""When and how much of a product is bought for one warehouse."""

import sqlalchemy as sa
from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reorder_rule",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("warehouse_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "reorder_point",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column(
            "reorder_quantity",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("maximum_stock", sa.Numeric(precision=14, scale=3), nullable=True),
        sa.Column(
            "safety_stock",
            sa.Numeric(precision=14, scale=3),
            server_default="0",
            nullable=False,
        ),
        sa.Column("lead_time_days", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("lead_time_days >= 0", name=op.f("ck_reorder_rule_lead_time_days")),
        sa.CheckConstraint(
            "reorder_point >= 0 AND reorder_quantity >= 0 AND maximum_stock >= 0 AND safety_stock >= 0",
            name=op.f("ck_reorder_rule_quantities"),
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_reorder_rule_product_id")
        ),
        sa.ForeignKeyConstraint(
            ["warehouse_id"], ["location.id"], name=op.f("fk_reorder_rule_warehouse_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reorder_rule")),
        sa.UniqueConstraint(
            "product_id", "warehouse_id", name=op.f("uq_reorder_rule_product_id_warehouse_id")
        ),
    )
    op.create_index(
        "ix_reorder_rule_warehouse",
        "reorder_rule",
        ["warehouse_id", "product_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_table("reorder_rule")

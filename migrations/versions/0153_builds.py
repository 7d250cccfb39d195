"""Builds: products made of their components, and what that does to costs."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index
from migrations.session import unhurried

revision = "0153"
down_revision = "0152"
branch_labels = None
depends_on = None

RULES = {
    "fk_cost_entry_posting_id": "FOREIGN KEY (posting_id) REFERENCES posting (id)",
    "ck_cost_entry_cause": "CHECK ((receipt_line_id IS NULL) <> (posting_id IS NULL))",
}


def upgrade() -> None:
    op.execute("ALTER TABLE cost_entry ALTER COLUMN receipt_line_id DROP NOT NULL")
    op.execute("ALTER TABLE cost_entry ADD COLUMN IF NOT EXISTS posting_id bigint")
    for name, rule in RULES.items():
        op.execute(f"ALTER TABLE cost_entry DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE cost_entry ADD CONSTRAINT {name} {rule} NOT VALID")
    op.create_table(
        "build",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("request", sa.Text(), nullable=False),
        sa.Column("product_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("location_id", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Numeric(precision=14, scale=4), nullable=True),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("posting_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_build_quantity")),
        sa.CheckConstraint("value >= 0", name=op.f("ck_build_value")),
        sa.ForeignKeyConstraint(["product_id"], ["product.id"], name="fk_build_product_id"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_build_location_id"),
        sa.ForeignKeyConstraint(["posting_id"], ["posting.id"], name="fk_build_posting_id"),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name="fk_build_actor_id"),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name="fk_build_undone_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_build"),
        sa.UniqueConstraint("key", name="uq_build_key"),
        sa.UniqueConstraint("posting_id", name="uq_build_posting_id"),
        if_not_exists=True,
    )
    create_index("ix_build_product", "build", ["product_id", "id"])
    create_index(
        "ix_cost_entry_posting",
        "cost_entry",
        ["posting_id"],
        postgresql_where=sa.text("posting_id IS NOT NULL"),
    )
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for name in RULES:
            op.execute(f"ALTER TABLE cost_entry VALIDATE CONSTRAINT {name}")


def downgrade() -> None:
    op.drop_table("build")
    op.execute("DELETE FROM cost_entry WHERE receipt_line_id IS NULL")
    op.drop_column("cost_entry", "posting_id")
    op.execute("ALTER TABLE cost_entry ALTER COLUMN receipt_line_id SET NOT NULL")

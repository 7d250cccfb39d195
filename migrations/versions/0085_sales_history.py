"""Sales history: lines by month of sale, what they add up to, and what they name."""

import sqlalchemy as sa
from alembic import op

revision = "0085"
down_revision = "0084"
branch_labels = None
depends_on = None

NOW = sa.text("now()")
KINDS = ("sale", "return", "cancellation", "service", "bad_debt")
SIGNS = ("", "negative", "positive")
MONEY = sa.Numeric(14, 4)


def upgrade() -> None:
    op.create_table(
        "sales_source",
        *_id(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("own", sa.Text(), server_default="", nullable=False),
        _created(),
        sa.CheckConstraint("name <> ''", name=op.f("ck_sales_source_name")),
        sa.PrimaryKeyConstraint("id", name="pk_sales_source"),
    )
    op.create_index(
        "uq_sales_source_name", "sales_source", [sa.text("lower(name)")], unique=True
    )
    _create_names("sales_item", "product")
    _create_names("sales_party", "customer")
    op.create_table(
        "sales_rule",
        *_id(),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        *[
            sa.Column(name, sa.Text(), server_default="", nullable=False)
            for name in ("product", "document", "description", "sign")
        ],
        _created(),
        sa.Column("version", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_sales_rule_kind")),
        sa.CheckConstraint(f"sign IN {SIGNS}", name=op.f("ck_sales_rule_sign")),
        sa.CheckConstraint(
            "product || document || description || sign <> ''",
            name=op.f("ck_sales_rule_says_something"),
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sales_rule"),
    )
    op.create_index("ix_sales_rule_position", "sales_rule", ["position", "id"])
    op.create_table(
        "sales_overlap",
        *_id(),
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("holder_id", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.BigInteger(), nullable=False),
        _created(),
        sa.ForeignKeyConstraint(
            ["import_id"], ["import_run.id"], name="fk_sales_overlap_import_id"
        ),
        sa.ForeignKeyConstraint(
            ["holder_id"], ["import_run.id"], name="fk_sales_overlap_holder_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_sales_overlap"),
        sa.UniqueConstraint(
            "import_id", "holder_id", name="uq_sales_overlap_import_id_holder_id"
        ),
    )
    op.create_index("ix_sales_overlap_holder", "sales_overlap", ["holder_id"])
    op.create_table(
        "exchange_rate",
        *_id(),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("rate", sa.Numeric(18, 8), nullable=False),
        _created(),
        sa.CheckConstraint("rate > 0", name=op.f("ck_exchange_rate_rate")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_exchange_rate_currency")),
        sa.PrimaryKeyConstraint("id", name="pk_exchange_rate"),
        sa.UniqueConstraint("currency", "day", name="uq_exchange_rate_currency_day"),
    )
    _create_lines()
    _create_sums("sales_by_item", "item_id")
    _create_sums("sales_by_party", "source_id", "party_id")


def _id() -> tuple[sa.Column[int]]:
    return (sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),)


def _created() -> sa.Column[object]:
    return sa.Column(
        "created_at", sa.DateTime(timezone=True), server_default=NOW, nullable=False
    )


def _create_names(table: str, ours: str) -> None:
    """Make a table of what sources call products or customers."""
    op.create_table(
        table,
        *_id(),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(f"{ours}_id", sa.BigInteger(), nullable=True),
        _created(),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sales_source.id"], name=f"fk_{table}_source_id"
        ),
        sa.ForeignKeyConstraint([f"{ours}_id"], [f"{ours}.id"], name=f"fk_{table}_{ours}_id"),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("source_id", "code_key", name=f"uq_{table}_source_id_code_key"),
    )
    op.create_index(f"ix_{table}_{ours}", table, [f"{ours}_id"])
    op.create_index(
        f"ix_{table}_unknown", table, ["id"], postgresql_where=sa.text(f"{ours}_id IS NULL")
    )


def _create_lines() -> None:
    op.create_table(
        "sales_line",
        sa.Column("sold_on", sa.Date(), nullable=False),
        sa.Column("fingerprint", sa.Uuid(), nullable=False),
        sa.Column("occurrence", sa.Integer(), nullable=False),
        sa.Column("sold_at", sa.Time(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.BigInteger(), nullable=True),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("party_id", sa.BigInteger(), nullable=True),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("rep", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("unit_price", MONEY, nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value", MONEY, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_sales_line_kind")),
        sa.CheckConstraint("occurrence > 0", name=op.f("ck_sales_line_occurrence")),
        sa.PrimaryKeyConstraint("sold_on", "fingerprint", "occurrence", name="pk_sales_line"),
        postgresql_partition_by="RANGE (sold_on)",
    )
    op.create_index("ix_sales_line_item", "sales_line", ["item_id", "sold_on"])
    op.create_index("ix_sales_line_party", "sales_line", ["party_id", "sold_on"])
    op.create_index(
        "ix_sales_line_record",
        "sales_line",
        ["record_id"],
        postgresql_where=sa.text("record_id IS NOT NULL"),
    )


def _create_sums(table: str, *keys: str) -> None:
    """Make a table of what lines add up to."""
    texts = ("country", "rep", "currency", "kind")
    op.create_table(
        table,
        sa.Column("bucket", sa.Date(), nullable=False),
        *[sa.Column(key, sa.BigInteger(), nullable=False) for key in keys],
        *[sa.Column(name, sa.Text(), nullable=False) for name in texts],
        sa.Column("lines", sa.BigInteger(), nullable=False),
        sa.Column("unvalued", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Numeric(20, 3), nullable=False),
        sa.Column("amount", sa.Numeric(20, 4), nullable=False),
        sa.Column("value", sa.Numeric(20, 4), nullable=False),
        sa.PrimaryKeyConstraint("bucket", *keys, *texts, name=f"pk_{table}"),
    )
    for key in keys:
        op.create_index(f"ix_{table}_{key.removesuffix('_id')}", table, [key, "bucket"])


def downgrade() -> None:
    for table in (
        *("sales_by_party", "sales_by_item", "sales_line", "exchange_rate"),
        *("sales_overlap", "sales_rule", "sales_party", "sales_item", "sales_source"),
    ):
        op.drop_table(table)

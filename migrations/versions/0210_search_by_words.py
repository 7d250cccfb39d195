"""A part of a word is looked for among the words there are, not through all rows."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from migrations.search_words import by_rows, by_words, learning, triggers
from migrations.session import unhurried

revision = "0210"
down_revision = "0203"
branch_labels = None
depends_on = None

# function -> table and column that it looks through
FUNCTIONS = {
    "search_products": ("product", "search"),
    "search_parts": ("product", "search"),
    "search_descriptions": ("product", "description_search"),
    "search_customers": ("customer", "search"),
    "search_vendors": ("vendor", "search"),
    "search_invoices": ("invoice", "search"),
    "search_client_pos": ("invoice", "po_search"),
    "search_orders": ("sales_order", "search"),
    "search_purchase_orders": ("purchase_order", "search"),
}
SOURCES = tuple(dict.fromkeys(FUNCTIONS.values()))


def upgrade() -> None:
    op.create_table(
        "search_word",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("hints", sa.ARRAY(sa.BigInteger()), nullable=False),
        if_not_exists=True,
    )
    op.create_index(
        "ix_search_word_word",
        "search_word",
        ["source", "word"],
        postgresql_ops={"word": "text_pattern_ops"},
        if_not_exists=True,
    )
    op.create_index(
        "ix_search_word_inside",
        "search_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
        if_not_exists=True,
    )
    for table, column in SOURCES:
        for statement in triggers(table, column):
            op.get_bind().exec_driver_sql(_escaped(statement))
    # What is written from now on is learned at once; what there is, while people go on working.
    # The first is committed before the second begins: a second start does both again.
    with op.get_context().autocommit_block(), unhurried(op.get_bind()):
        for table, column in SOURCES:
            op.get_bind().exec_driver_sql(
                _escaped(learning(f"'{table}.{column}'", column, table))
            )
        op.execute("VACUUM (ANALYZE) search_word")
    _rewrite(lambda name, function: by_words(function, ".".join(FUNCTIONS[name])))


def _rewrite(change: Callable[[str, str], str]) -> None:
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows the settings of functions
    for name in FUNCTIONS:
        known = op.get_bind().scalar(
            sa.text("SELECT pg_get_functiondef(CAST(:name AS regproc))"), {"name": name}
        )
        op.get_bind().exec_driver_sql(_escaped(change(name, known)))


def _escaped(statement: str) -> str:
    """Keep what psycopg2 would take for a parameter."""
    return statement.replace("%", "%%")


def downgrade() -> None:
    _rewrite(lambda _name, function: by_rows(function))
    for table, column in SOURCES:
        for suffix in ("", "_anew"):
            op.execute(f"DROP TRIGGER learn_{column}{suffix} ON {table}")
            op.execute(f"DROP FUNCTION learn_{table}_{column}{suffix}")
    op.drop_table("search_word")

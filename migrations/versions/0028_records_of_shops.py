"""Orders of a shop are known by its record, not by its number; ended books are in no search."""

import sqlalchemy as sa
from alembic import op

from migrations.indexes import create_index, drop_index
from migrations.search_function import CODE, FUNCTION

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

# An order and what was split from it are one record there, which one link names.
FIND_RECORDS = """
UPDATE sales_order SET external_id = shop.external_id
FROM (
    SELECT root.channel, root.channel_account, root.external_number, link.external_id
    FROM record_link AS link
    JOIN connection ON connection.id = link.connection_id
    JOIN sales_order AS root ON root.id = link.record_id
        AND root.channel = connection.system AND root.channel_account = connection.account
    WHERE link.kind = 'order'
) AS shop
WHERE sales_order.channel = shop.channel
AND sales_order.channel_account = shop.channel_account
AND sales_order.external_number = shop.external_number
"""
HIDE_ENDED = """
UPDATE invoice SET is_listed = false
FROM connection
WHERE connection.system = invoice.system AND connection.account = invoice.account
AND connection.state = 'disconnected'
"""
NUMBER, RECORD = "uq_sales_order_external", "uq_sales_order_external_id"
WHERE = "split_from_id IS NULL"
# function -> column of texts, of codes, of names
FUNCTIONS = {
    "search_invoices": ("search", "number_key", "name_key"),
    "search_client_pos": ("po_search", "po_key", "po_name"),
}
LISTED = "(SELECT * FROM invoice WHERE is_listed) AS invoice"


def upgrade() -> None:
    op.add_column("sales_order", sa.Column("external_id", sa.Text(), nullable=True))
    op.add_column(
        "invoice",
        sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False),
    )
    op.add_column(
        "rejected_record", sa.Column("settled_by", sa.Text(), server_default="", nullable=False)
    )
    op.execute(FIND_RECORDS)
    op.execute(HIDE_ENDED)
    search_in(LISTED)
    known_by(RECORD, "external_id", WHERE)
    exchange(f"{WHERE} AND external_id IS NULL")


def downgrade() -> None:
    """Fails while two orders of a shop have one number: then somebody has to rename one."""
    exchange(WHERE)
    drop_index(RECORD, "sales_order")
    search_in("invoice")
    op.drop_column("rejected_record", "settled_by")
    op.drop_column("invoice", "is_listed")
    op.drop_column("sales_order", "external_id")


def search_in(table: str) -> None:
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows a setting of the function
    for function, (texts, codes, names) in FUNCTIONS.items():
        op.execute(f"DROP FUNCTION {function}")
        found = CODE.substitute(table=table, key=codes)
        parts = {"table": table, "text": texts, "codes": found, "inside": ""}
        op.execute(FUNCTION.substitute(parts, name=function).replace("name_key", names))


def exchange(rule: str) -> None:
    """The old rule holds until the new one does."""
    known_by(f"{NUMBER}_new", "external_number", rule)
    drop_index(NUMBER, "sales_order")
    op.execute(f"ALTER INDEX {NUMBER}_new RENAME TO {NUMBER}")


def known_by(name: str, column: str, rule: str) -> None:
    create_index(
        name,
        "sales_order",
        ["channel", "channel_account", column],
        unique=True,
        postgresql_where=sa.text(rule),
    )

"""Search in invoices, by number, customer and order number; look-up of contacts by e-mail."""

import sqlalchemy as sa
from alembic import op

from migrations.search_function import CODE, FUNCTION

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("customer", "vendor")
# function -> column of texts, of codes, of names
FUNCTIONS = {
    "search_invoices": ("search", "number_key", "name_key"),
    "search_client_pos": ("po_search", "po_key", "po_name"),
}


def upgrade() -> None:
    op.execute("SELECT show_limit()")  # loads pg_trgm, which knows a setting of the function
    for function, (texts, codes, names) in FUNCTIONS.items():
        found = CODE.substitute(table="invoice", key=codes)
        parts = {"table": "invoice", "text": texts, "codes": found, "inside": ""}
        op.execute(FUNCTION.substitute(parts, name=function).replace("name_key", names))
    with op.get_context().autocommit_block():  # these tables may be big: nobody has to wait
        for table in TABLES:
            op.create_index(
                f"ix_{table}_email",
                table,
                [sa.text("lower(email)")],
                postgresql_concurrently=True,
            )


def downgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_email", table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")

"""How long the list of what a search index has yet to enter may grow, who writes says.

The application says 256 kB with every connection, and more for the moment of a bulk load; an
index that says it itself would have its own way.
"""

from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

INDEXES = (
    "ix_product_search",
    "ix_product_description_search",
    "ix_customer_search",
    "ix_vendor_search",
    "ix_barcode_code_inside",
    "ix_vendor_part_part_key_inside",
    "ix_invoice_search",
    "ix_invoice_po_search",
    "ix_sales_order_search",
    "ix_book_document_search",
    "ix_label_item_requested",
)


def upgrade() -> None:
    for index in INDEXES:
        op.execute(f"ALTER INDEX {index} RESET (gin_pending_list_limit)")


def downgrade() -> None:
    for index in INDEXES:
        op.execute(f"ALTER INDEX {index} SET (gin_pending_list_limit = 256)")

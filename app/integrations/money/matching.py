"""Which order or invoice of ours a sale is for: by its number, and only if one bears it."""

from collections.abc import Sequence

from sqlalchemy import text

from app.core.db import transaction

# Two shops number their orders alike, and what is split from an order has its number too: then
# nobody but a person can say which.
MATCH = text("""
WITH sale AS MATERIALIZED (
    SELECT id, code_key(reference) AS key FROM money_transaction
    WHERE role = 'sale' AND reference <> '' AND order_id IS NULL AND invoice_id IS NULL
    AND (CAST(:ids AS bigint[]) IS NULL OR id = ANY(CAST(:ids AS bigint[])))
),
found AS (
    SELECT sale.id, ours.order_id, books.invoice_id
    FROM sale
    CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = 1 THEN min(id) END AS order_id FROM (
            SELECT id FROM sales_order WHERE number_key = sale.key AND split_from_id IS NULL
            UNION
            SELECT id FROM sales_order WHERE external_key = sale.key AND split_from_id IS NULL
        ) AS named
    ) AS ours
    CROSS JOIN LATERAL (
        SELECT CASE WHEN count(*) = 1 THEN min(id) END AS invoice_id FROM invoice
        WHERE number_key = sale.key AND is_listed AND is_active
    ) AS books
    WHERE sale.key <> ''
)
UPDATE money_transaction one SET order_id = found.order_id, invoice_id = found.invoice_id
FROM found
WHERE one.id = found.id AND (found.order_id IS NOT NULL OR found.invoice_id IS NOT NULL)
""")


def match_sales(ids: Sequence[int] | None = None) -> int:
    """Look for the orders and invoices of unmatched sales, of some or all; give how many.

    What is matched stays so: a person may have done it.
    """
    given = None if ids is None else [*ids]
    with transaction() as session:
        return int(session.execute(MATCH, {"ids": given}).rowcount)  # type: ignore[attr-defined]

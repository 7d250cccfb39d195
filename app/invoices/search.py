"""What the command bar finds of invoices."""

from flask import url_for

from app.core.search import ASKED, MOST, Result, SearchGroup, fetch, or_inactive

_INVOICES = """SELECT invoice.id, number, customer_name, customer_po, is_active
FROM search_invoices(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""


def _invoices(term: str) -> list[Result]:
    rows = fetch(_INVOICES, term=term, asked=ASKED, most=MOST)
    return [
        Result(
            f"invoice-{row.id}",
            url_for("invoices.show", invoice_id=row.id),
            row.customer_name or row.number,
            row.number,
            or_inactive(row, row.customer_po),
            "file",
        )
        for row in rows
    ]


GROUPS = (SearchGroup("invoices", "invoices.view", 50, _invoices),)

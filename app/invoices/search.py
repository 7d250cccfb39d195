"""What the command bar finds of invoices."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.core.search import ASKED, MOST, Result, SearchGroup, fetch, or_inactive

_INVOICES = """SELECT invoice.id, number, customer_name, customer_po, is_active
FROM search_invoices(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN invoice ON invoice.id = hit.id ORDER BY NOT is_active, place LIMIT %(most)s
"""
_SAME_INVOICES = """SELECT id, number, customer_name, customer_po, is_active
FROM invoice WHERE is_listed AND number_key = code_key(%(term)s) AND number_key <> ''
    AND normal_code(number) = normal_code(%(term)s)
ORDER BY NOT is_active, id DESC LIMIT %(most)s
"""


def _invoices(term: str) -> list[Result]:
    return _results(fetch(_INVOICES, term=term, asked=ASKED, most=MOST))


def _same_invoices(term: str) -> list[Result]:
    return _results(fetch(_SAME_INVOICES, term=term, most=MOST))


def _results(rows: Iterable[Any]) -> list[Result]:
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


GROUPS = (SearchGroup("invoices", "invoices.view", 50, _invoices, _same_invoices),)

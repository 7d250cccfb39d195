"""What the command bar finds of orders."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.core.search import ASKED, MOST, Result, SearchGroup, fetch

_ORDERS = """SELECT sales_order.id, number, customer_name, customer_po,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM search_orders(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN sales_order ON sales_order.id = hit.id ORDER BY status = 'cancelled', place
LIMIT %(most)s
"""
# Our own number is one order; what a shop or a customer calls it may be several.
_SAME_ORDERS = """SELECT id, number, customer_name, customer_po,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM sales_order WHERE number = upper(normal_code(%(term)s)) OR (
    (external_key = nullif(code_key(%(term)s), '') OR po_key = nullif(code_key(%(term)s), ''))
    AND NOT EXISTS (SELECT FROM sales_order WHERE number = upper(normal_code(%(term)s))))
ORDER BY id DESC LIMIT %(most)s
"""


def _orders(term: str) -> list[Result]:
    return _results(fetch(_ORDERS, term=term, asked=ASKED, most=MOST))


def _same_orders(term: str) -> list[Result]:
    return _results(fetch(_SAME_ORDERS, term=term, most=MOST))


def _results(rows: Iterable[Any]) -> list[Result]:
    return [
        Result(
            f"order-{row.id}",
            url_for("orders.show", order_id=row.id),
            row.customer_name,
            row.number,
            (row.customer_po or row.external_number) if row.is_active else "Cancelled",
            "list",
        )
        for row in rows
    ]


GROUPS = (SearchGroup("orders", "orders.view", 40, _orders, _same_orders),)

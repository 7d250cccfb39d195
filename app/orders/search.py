"""What the command bar finds of orders."""

from flask import url_for

from app.core.search import ASKED, MOST, Result, SearchGroup, fetch

_ORDERS = """SELECT sales_order.id, number, customer_name, customer_po,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM search_orders(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN sales_order ON sales_order.id = hit.id ORDER BY status = 'cancelled', place
LIMIT %(most)s
"""


def _orders(term: str) -> list[Result]:
    rows = fetch(_ORDERS, term=term, asked=ASKED, most=MOST)
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


GROUPS = (SearchGroup("orders", "orders.view", 40, _orders),)

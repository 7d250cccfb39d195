"""What the command bar finds of purchasing: also by the code on a vendor's packing slip."""

from collections.abc import Iterable
from typing import Any

from flask import url_for

from app.core.search import ASKED, MOST, Numbered, Result, SearchGroup, fetch

_ORDERS = """SELECT purchase_order.id, number, vendor_name, vendor_reference,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM search_purchase_orders(%(term)s, %(asked)s) WITH ORDINALITY AS hit (id, place)
JOIN purchase_order ON purchase_order.id = hit.id ORDER BY status = 'cancelled', place
LIMIT %(most)s
"""
# Our own number is one order; what a vendor calls it may be several.
_SAME_ORDERS = """SELECT id, number, vendor_name, vendor_reference,
    coalesce(external_number, '') AS external_number, status <> 'cancelled' AS is_active
FROM purchase_order WHERE number = upper(normal_code(%(term)s)) OR (
    (external_key = nullif(code_key(%(term)s), '')
        OR reference_key = nullif(code_key(%(term)s), ''))
    AND NOT EXISTS (
        SELECT FROM purchase_order WHERE number = upper(normal_code(%(term)s))))
ORDER BY id DESC LIMIT %(most)s
"""
_RECEIPT = """SELECT coalesce(vendor.name, vendor_name, 'Without an order') AS title,
    CASE WHEN undone_at IS NULL THEN coalesce(number, '') ELSE 'Undone' END AS state
FROM goods_receipt
LEFT JOIN purchase_order ON purchase_order.id = order_id
LEFT JOIN vendor ON vendor.id = goods_receipt.vendor_id
WHERE goods_receipt.id = %(id)s
"""
_SHIPMENT = """SELECT name AS title,
    CASE WHEN status = 'cancelled' THEN 'Cancelled' ELSE '' END AS state
FROM inbound_shipment WHERE id = %(id)s
"""


def _orders(term: str) -> list[Result]:
    return _results(fetch(_ORDERS, term=term, asked=ASKED, most=MOST))


def _same_orders(term: str) -> list[Result]:
    return _results(fetch(_SAME_ORDERS, term=term, most=MOST))


def _results(rows: Iterable[Any]) -> list[Result]:
    return [
        Result(
            f"purchase-order-{row.id}",
            url_for("purchase_orders.show", purchase_order_id=row.id),
            row.vendor_name,
            row.number,
            (row.vendor_reference or row.external_number) if row.is_active else "Cancelled",
            "truck",
        )
        for row in rows
    ]


GROUPS = (
    SearchGroup(
        "purchase_orders",
        "purchase_orders.view",
        45,
        _orders,
        _same_orders,
        title="Purchase orders",
    ),
    Numbered(
        prefix="GR-",
        statement=_RECEIPT,
        page="receipts.show",
        key="receipt_id",
        icon="download",
    ).group("receipts", "purchase_orders.view", 43, "Receipts"),
    Numbered(
        prefix="IS-",
        statement=_SHIPMENT,
        page="inbound_shipments.show",
        key="shipment_id",
        icon="truck",
    ).group("inbound_shipments", "purchase_orders.view", 44, "Inbound shipments"),
)

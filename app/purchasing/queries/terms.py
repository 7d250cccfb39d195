"""From whom products are bought and on which terms, and what drafts say of them."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, Text, cast, func, or_, select, true
from sqlalchemy.dialects.postgresql import distinct_on

from app.catalog.models import Product, Vendor, VendorPart
from app.purchasing.models import NOT_SENT, PurchaseLine, PurchaseOrder


def buying_terms() -> Select[Any]:
    """The vendor of each active product and their terms, one row for each.

    `step` is what quantities are a multiple of; `part_days`, `product_days` and `vendor_days`
    say after how many days goods come, the first that is known counts.
    """
    return select(terms_of(true()))


def drafted_lines() -> Select[*tuple[Any, ...]]:
    """What drafts say that nobody has sent, line by line, as `incoming` says what was sent.

    What goes to a customer never comes to us.
    """
    return (
        select(
            PurchaseLine.product_id,
            (PurchaseLine.units_ordered - PurchaseLine.units_cancelled).label("quantity"),
            PurchaseLine.expected_on.label("due_on"),
            PurchaseOrder.number.label("document"),
            ("/purchase-orders/" + cast(PurchaseOrder.id, Text)).label("href"),
        )
        .join(PurchaseLine.order)
        .where(PurchaseOrder.status.in_(NOT_SENT), PurchaseOrder.delivery_address == "")
    )


def terms_of(asked: ColumnElement[bool]) -> CTE:
    """The vendor of each product: the usual one, else the first that has a number for it.

    With the terms of their number: `step` is what quantities are a multiple of, packs and all.
    """
    is_usual = VendorPart.vendor_id == Product.supplier_id
    parts = (
        select(VendorPart)
        .join(VendorPart.product)
        .join(VendorPart.vendor)
        .where(asked, Vendor.is_active, or_(Product.supplier_id.is_(None), is_usual))
        .ext(distinct_on(VendorPart.product_id))
        .order_by(VendorPart.product_id, VendorPart.id)
        .subquery("part")
    )
    vendor_id = func.coalesce(Product.supplier_id, parts.c.vendor_id)
    multiple = func.coalesce(parts.c.order_multiple, parts.c.pack_quantity)
    return (
        select(
            Product.id.label("product_id"),
            vendor_id.label("vendor_id"),
            parts.c.id.label("part_id"),
            parts.c.minimum_quantity,
            func.lcm(parts.c.pack_quantity, multiple).label("step"),
            parts.c.lead_time_days.label("part_days"),
            Product.lead_time_days.label("product_days"),
            Vendor.lead_time_days.label("vendor_days"),
        )
        .outerjoin(parts, parts.c.product_id == Product.id)
        .outerjoin(Vendor, Vendor.id == vendor_id)
        .where(asked, Product.is_active)
        .cte("terms")
    )

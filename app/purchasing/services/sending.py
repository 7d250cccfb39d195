"""Orders go to their vendors, who say when they deliver."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from app.catalog.models import Vendor
from app.catalog.rules import parse_line
from app.core.days import today
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing.drop_shipping import refuse_held
from app.purchasing.models import PurchaseLine, PurchaseOrder
from app.purchasing.services.locking import locked_order, publish_change
from app.purchasing.services.lookup import find_parts
from app.purchasing.services.status import update_due


@retried
def mark_sent(order_id: int) -> PurchaseOrder:
    """Note that the vendor has an order: what it says is incoming from now on.

    Lines without a day are expected after the lead time: the one of the vendor's number for the
    product, else the product's, else the vendor's. Sent once more it stays as it is.

    Raises:
        NotAllowed: Nobody has approved it, it is over, or it is for a customer's order on hold.
    """
    with transaction():
        order = locked_order(order_id)
        if order.is_open:
            return order
        if order.status == "draft":
            raise NotAllowed(f"{order.number} is a draft: somebody has to approve it first.")
        refuse_held(order)
        order.move_to("sent")
        order.sent_at = datetime.now(UTC)
        _expect(order)
        update_due(order)
        publish_change(order)
    return order


@retried
def confirm_order(
    order_id: int,
    *,
    confirmed_on: date | None = None,
    days: Mapping[int, date | None] | None = None,
    vendor_reference: str | None = None,
    version: int | None = None,
) -> PurchaseOrder:
    """Note what the vendor says of an order: their number for it, and when what comes.

    `confirmed_on` is for all lines that are open, `days` for single ones, by the line's id; a
    line that neither names keeps the day it has. The vendor may say something else later.

    Raises:
        NotAllowed: It was not sent, or it is over.
        Invalid: A line is another order's, or the reference does not fit.
        StaleVersion: It is not as it was in `version`.
    """
    with transaction():
        order = locked_order(order_id)
        if not order.is_open:
            raise NotAllowed(f"{order.number} is {order.status_label}: it cannot be confirmed.")
        order.revise(version=version, **_reference(vendor_reference))
        _note_days(order, confirmed_on, days or {})
        order.confirmed_at = datetime.now(UTC)
        if order.status == "sent":
            order.move_to("confirmed")
        else:
            order.version += 1
        update_due(order)
        publish_change(order)
    return order


def _reference(said: str | None) -> dict[str, str]:
    if not said:
        return {}
    try:
        return {"vendor_reference": parse_line(said)}
    except ValueError as error:
        raise Invalid("vendor_reference", str(error)) from error


def _note_days(
    order: PurchaseOrder, for_all: date | None, days: Mapping[int, date | None]
) -> None:
    if not days.keys() <= {line.id for line in order.lines}:
        raise Invalid("items", f"{order.number} has no such line.")
    for line in order.lines:
        if day := days.get(line.id) or (for_all if line.units_open else None):
            line.confirmed_on = day


def _expect(order: PurchaseOrder) -> None:
    """Say of each line when we count on it, as far as anybody knows."""
    ids = {line.product_id for line in order.lines if line.product_id is not None}
    parts = find_parts(order.vendor_id, (), ids)
    vendor = db.session.get(Vendor, order.vendor_id)
    usual = vendor.lead_time_days if vendor else None
    for line in order.lines:
        part = parts.part_of(line.product_id, line.part_number) if line.product_id else None
        of_part = part.lead_time_days if part else None
        line.expected_on = line.expected_on or order.expected_on or _after(of_part, line, usual)


def _after(of_part: int | None, line: PurchaseLine, of_vendor: int | None) -> date | None:
    of_product = line.product.lead_time_days if line.product else None
    known = (days for days in (of_part, of_product, of_vendor) if days is not None)
    days = next(known, None)
    return None if days is None else today() + timedelta(days)

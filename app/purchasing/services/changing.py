"""Orders are changed as long as the vendor does not have them."""

from collections.abc import Sequence
from typing import Any

from app.catalog.models import Vendor
from app.core.checks import checked
from app.core.db import db, retried, transaction
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing.models import PurchaseDraft, PurchaseItem, PurchaseOrder
from app.purchasing.services.creating import RULES, active_vendor, add_up, checked_warehouse
from app.purchasing.services.items import defaults_of, items_of
from app.purchasing.services.locking import locked_order, publish_change


@retried
def change_order(
    order_id: int,
    *,
    version: int | None,
    items: Sequence[PurchaseDraft] | None = None,
    **changes: Any,
) -> PurchaseOrder:
    """Change an order as it was in `version`; what is not given stays.

    `items` are all of its lines: one that is left out is removed. What was approved is a draft
    again: somebody has approved another order.

    Raises:
        StaleVersion: Somebody else was faster.
        NotAllowed: The vendor has it, or it is over.
        Invalid: A value does not fit.
    """
    kept = checked(changes, RULES)
    with transaction() as session:
        order = locked_order(order_id)
        if "warehouse_id" in kept:
            kept["warehouse_id"] = checked_warehouse(kept["warehouse_id"])
        if items is not None:
            kept["items"] = _items(order, items, kept, version)
        kept = order.merge(version=version, **kept)
        if not order.is_editable:
            reason = "reopen it first" if order.may_become("draft") else "it stays as it is"
            raise NotAllowed(f"{order.number} is {order.status_label}: {reason}.")
        _refuse_other_goods(order, kept)
        if "vendor_id" in kept and kept["vendor_id"] != order.vendor_id:
            kept["vendor_name"] = active_vendor(kept["vendor_id"]).name
        before = order.version
        with session.no_autoflush:
            order.revise(version=None, **kept)
        if order.version != before:
            add_up(order)
            withdraw_approval(order)
            publish_change(order)
    return order


@retried
def reopen_order(order_id: int) -> PurchaseOrder:
    """Make a draft again of an order that was approved or sent, as long as nothing has come.

    It is not incoming any more, and has to be approved and sent again.

    Raises:
        NotAllowed: Something of it has come, or it is a draft or over.
    """
    with transaction():
        order = locked_order(order_id)
        if order.has_received:
            raise NotAllowed(f"Something of {order.number} has come: close the rest short.")
        order.states.refuse(order.number, order.status, "draft")
        order.sent_at = order.confirmed_at = None
        for line in order.lines:
            line.confirmed_on = None
        withdraw_approval(order)
        add_up(order)
        publish_change(order)
    return order


def withdraw_approval(order: PurchaseOrder) -> None:
    """What was approved was another order."""
    if order.status != "draft":
        order.move_to("draft")
    order.approved_at = order.approved_by_id = None


def _refuse_other_goods(order: PurchaseOrder, changes: dict[str, Any]) -> None:
    """What a vendor delivers to a customer is what that customer's order says."""
    if not order.is_drop_ship:
        return
    same = [(one.id, one.product_id, one.quantity, one.pack_quantity) for one in order.items]
    items = changes.get("items", order.items)
    asked = [(one.id, one.product_id, one.quantity, one.pack_quantity) for one in items]
    if asked != same or changes.get("vendor_id", order.vendor_id) != order.vendor_id:
        advice = "cancel it, and choose again on the page of the customer's order"
        raise NotAllowed(f"{order.number} is delivered to a customer: {advice}.")


def _items(
    order: PurchaseOrder,
    drafts: Sequence[PurchaseDraft],
    changes: dict[str, Any],
    version: int | None,
) -> list[PurchaseItem]:
    """Complete the lines; one that somebody has removed meanwhile would be a new one."""
    vendor = db.session.get(Vendor, changes.get("vendor_id", order.vendor_id))
    if vendor is None:
        raise Invalid("vendor_id", "There is no such vendor.")
    said = {
        name: changes[name] for name in ("currency", "tax_rate", "vendor_id") if name in changes
    }
    defaults = defaults_of(order, vendor.currency)._replace(**said)
    if version not in (None, order.version):
        there = {line.id for line in order.lines}
        drafts = [one if one.id in there else one._replace(id=None) for one in drafts]
    return items_of(drafts, defaults=defaults, lines=order.lines)

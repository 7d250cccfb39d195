"""Suggestions become draft purchase orders, one for each vendor."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.catalog.models import VendorPart
from app.core.db import db, locked, transaction
from app.core.quantities import QUANTITY_DECIMALS
from app.purchasing.models import PurchaseDraft
from app.purchasing.services import draft_order
from app.supply import queries
from app.supply.models import SupplySuggestion

ONE = Decimal(1)
UNEVEN = "Its vendor sells packs of {}, and that does not come out even: make a new plan."


def order_suggestions(suggestion_ids: Collection[int]) -> Mapping[str, Any]:
    """Draft orders of what is to be bought, one for each vendor, each line for its day.

    Gives the numbers of the orders, how many suggestions are in them, and which are not and
    why: they are built, in an order already, of an older plan, or nobody knows their vendor
    or their price. Asked twice, the second finds them ordered.
    """
    with transaction() as session:
        chosen = select(SupplySuggestion).where(SupplySuggestion.id.in_(suggestion_ids))
        chosen = locked(chosen.order_by(SupplySuggestion.id), SupplySuggestion)
        options = joinedload(SupplySuggestion.product, innerjoin=True)
        found = {one.id: one for one in session.scalars(chosen.options(options))}
        newest = session.scalar(queries.newest_plan())
        refused = {
            one.id: reason for one in found.values() if (reason := _refusal(one, newest))
        }
        groups: dict[int, list[SupplySuggestion]] = defaultdict(list)
        for one in found.values():
            if one.id not in refused and one.vendor_id is not None:
                groups[one.vendor_id].append(one)
        orders = [number for group in groups.values() if (number := _order(group, refused))]
    done = sum(one.order_id is not None for one in found.values() if one.id not in refused)
    made = {"done": done, "refused": len(refused), "orders": orders}
    errors = [
        {"record": found[number].product.sku, "reason": reason}
        for number, reason in refused.items()
    ]
    return {**made, "errors": errors} if errors else made


def _refusal(one: SupplySuggestion, newest: int | None) -> str:
    """Say why nothing is ordered; empty where it can be."""
    if one.order_id is not None:
        return "It is in a purchase order already."
    if one.source != "buy":
        return "It is built, not bought."
    if one.plan_id != newest:
        return "There is a newer plan: order by that."
    if one.vendor_id is None:
        return "No vendor is known: name its supplier."
    return ""


def _order(group: Collection[SupplySuggestion], refused: dict[int, str]) -> str:
    """Draft one order of a vendor; gives its number, empty where no line could be."""
    wanted = {}
    packs = _packs(group)
    for one in group:
        pack = packs.get(one.product_id, ONE)
        quantity = round(one.quantity / pack, QUANTITY_DECIMALS)
        if quantity * pack != one.quantity:
            refused[one.id] = UNEVEN.format(f"{pack.normalize():f}")
        else:
            wanted[one.id] = PurchaseDraft(
                quantity, product_id=one.product_id, expected_on=one.arrives_on
            )
    vendor_id = next(one.vendor_id for one in group if one.vendor_id is not None)
    order = draft_order(vendor_id, wanted, refused)
    if order is None:
        return ""
    db.session.flush()
    for one in group:
        if one.id not in refused:
            one.order_id = order.id
    return order.number


def _packs(group: Collection[SupplySuggestion]) -> Mapping[int, Decimal]:
    """Give how much of each product is in a pack, by the first number that its vendor has."""
    query = (
        select(VendorPart.product_id, VendorPart.vendor_id, VendorPart.pack_quantity)
        .where(VendorPart.product_id.in_({one.product_id for one in group}))
        .order_by(VendorPart.id.desc())
    )
    vendors = {one.vendor_id for one in group}
    rows = db.session.execute(query)
    return {row.product_id: row.pack_quantity for row in rows if row.vendor_id in vendors}

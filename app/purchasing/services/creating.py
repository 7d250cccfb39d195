"""Purchase orders are made by hand, programs, files and from what runs low, in one way."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from app.catalog import queries as catalog
from app.catalog.models import Vendor
from app.catalog.rules import Rule, parse_currency, parse_line, parse_text
from app.core.checks import checked, named_when_taken
from app.core.days import today
from app.core.db import db, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.quantities import LARGEST_QUANTITY
from app.documents.services import next_number
from app.purchasing import queries
from app.purchasing.models import CHANNELS, PurchaseDraft, PurchaseOrder
from app.purchasing.services.items import defaults_of, items_of
from app.purchasing.services.locking import publish_change
from app.purchasing.services.lookup import default_warehouse
from app.purchasing.services.status import update_due
from app.stock.models import Location


def _rate(rate: Decimal) -> Decimal:
    if not rate.is_finite() or not 0 <= rate <= 100 or rate != round(rate, 4):  # noqa: PLR2004
        raise ValueError("A tax rate is from 0 to 100 percent.")
    return rate


RULES: dict[str, Rule] = {
    "vendor_reference": parse_line,
    "currency": parse_currency,
    "notes": parse_text,
    "delivery_address": parse_text,
    "external_number": lambda text: parse_line(text or "") or None,
    "tax_rate": _rate,
}


@named_when_taken
def create_order(
    *,
    vendor_id: int,
    items: Sequence[PurchaseDraft] = (),
    channel: str = "hand",
    **values: Any,
) -> PurchaseOrder:
    """Make a draft of an order. What is not given follows from the vendor and the settings.

    `values` are columns of the order: `warehouse_id`, `order_date`, `expected_on`,
    `vendor_reference`, `currency`, `notes`, `tax_rate` in percent, `external_number` of a file,
    and `delivery_address` of a customer to whom the vendor delivers (`channel` "drop_ship").

    Raises:
        AlreadyExists: The number of the file has come before.
        Invalid: A value does not fit, or the vendor is unknown or not in use.
    """
    if channel not in CHANNELS:
        raise Invalid("channel", f"There is no channel {channel}.")
    with transaction() as session:
        vendor = active_vendor(vendor_id)
        head = checked({**_defaults(vendor), **values}, RULES)
        head["warehouse_id"] = checked_warehouse(head.get("warehouse_id"))
        _refuse_known(head.get("external_number"))
        order = PurchaseOrder(
            number=next_number(PurchaseOrder),
            vendor_id=vendor.id,
            vendor_name=vendor.name,
            channel=channel,
            **head,
        )
        order.items = items_of(items, defaults=defaults_of(order, vendor.currency))
        add_up(order)
        session.add(order)
        publish_change(order)
    return order


def active_vendor(vendor_id: int) -> Vendor:
    """Give a vendor to buy from.

    Raises:
        Invalid: There is none with this id, or they are not active.
    """
    found = db.session.scalars(catalog.contact(Vendor, vendor_id)).one_or_none()
    if found is None:
        raise Invalid("vendor_id", "There is no such vendor.")
    if not found.is_active:
        raise Invalid("vendor_id", f"{found.name} is not active: nothing is bought from them.")
    return found


def add_up(order: PurchaseOrder) -> None:
    """Make the amounts of an order and the day it is due follow from its lines.

    Raises:
        Invalid: So large a sum no column holds.
    """
    order.add_up()
    if order.total >= LARGEST_QUANTITY:
        raise Invalid("items", "So large a sum cannot be kept.")
    update_due(order)


def checked_warehouse(location_id: int | None) -> int:
    """Give a warehouse to deliver to; without one, the usual.

    Raises:
        Invalid: It is none, or not in use.
    """
    if location_id is None:
        return default_warehouse()
    place = db.session.get(Location, location_id)
    if place is None or place.kind != "warehouse" or not place.is_active:
        raise Invalid("warehouse_id", "There is no such warehouse.")
    return place.id


def _defaults(vendor: Vendor) -> dict[str, Any]:
    """Vendors charge the tax of where they are: nothing is said until somebody says it."""
    return {"order_date": today(), "currency": vendor.currency, "tax_rate": Decimal(0)}


def _refuse_known(external_number: str | None) -> None:
    if not external_number:
        return
    if other := db.session.scalars(queries.order_of_file(external_number)).one_or_none():
        raise AlreadyExists(
            "external_number", f"{external_number} has come before: it is {other.number}."
        )

"""Orders are made, by hand, by programs, by files and by shops, in one way."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from app.catalog import queries as catalog
from app.catalog.models import Customer
from app.catalog.rules import parse_line
from app.core.checks import checked, named_when_taken
from app.core.db import db, transaction
from app.core.errors import AlreadyExists, Invalid
from app.core.settings import setting
from app.documents.services import next_number, today
from app.orders import head, queries
from app.orders.channels import channels
from app.orders.models import ItemDraft, SalesOrder
from app.orders.services.bundles import take_apart
from app.orders.services.items import (
    NamedProducts,
    OrderDefaults,
    items_of,
    refuse_amounts,
)
from app.orders.services.locking import publish_change


def _optional_line(value: str | None) -> str | None:
    return parse_line(value or "") or None


RULES = {**head.RULES, "external_number": _optional_line}


@named_when_taken
def create_order(
    *, customer_id: int, items: Sequence[ItemDraft] = (), channel: str = "hand",
    channel_account: str = "", external_id: str | None = None, **values: Any,
) -> SalesOrder:  # fmt: skip
    """Make a draft of an order. What is not given follows from the customer and the settings.

    `values` are columns of the order: `order_date`, `delivery_date`, `ship_by`, `customer_po`,
    `currency`, `notes`, `external_number`, `tax_rate` in percent, the address `ship_...`,
    `discount` (`10%` or an amount), `shipping_amount` and `shipping_tax_rate`, which without it
    is the order's.
    `external_id` is the record of a shop: it alone says which order it is.

    Raises:
        AlreadyExists: The shop's or the file's number has come before.
        Invalid: A value does not fit, or the customer is unknown or not in use.
    """
    if channel not in channels():
        raise Invalid("channel", f"There is no sales channel {channel}.")
    with transaction() as session:
        customer = active_customer(customer_id)
        wanted = NewOrder(customer, items, external_id, values)
        head = checked_head(wanted)
        if external_id is None:
            _refuse_known(channel, channel_account, head.get("external_number"))
        own = {"number": next_number(SalesOrder), "channel": channel}
        order = draft_of(wanted, head, own | {"channel_account": channel_account})
        session.add(order)
        session.flush()
        take_apart([order])
        publish_change(order)
    return order


class NewOrder(NamedTuple):
    """An order to be made; `external_id` and `values` are as `create_order` has them."""

    customer: Customer
    items: Sequence[ItemDraft]
    external_id: str | None
    values: Mapping[str, Any]


def checked_head(wanted: NewOrder) -> dict[str, Any]:
    """Give the columns of an order that is to be made, as they are kept.

    Raises:
        Invalid: A value does not fit.
    """
    head = checked({**_defaults(wanted.customer), **wanted.values}, RULES)
    return {"shipping_tax_rate": head["tax_rate"]} | head


def draft_of(
    wanted: NewOrder,
    head: Mapping[str, Any],
    own: Mapping[str, str],
    *,
    products: NamedProducts | None = None,
) -> SalesOrder:
    """Write an order out, which nobody has kept yet; `own` are its number and its channel.

    Raises:
        Invalid: A line does not fit, or more is off than there is to pay.
    """
    order = SalesOrder(
        customer_id=wanted.customer.id,
        customer_name=wanted.customer.name,
        external_id=wanted.external_id,
        **own,
        **head,
    )
    defaults = OrderDefaults(order.currency, order.tax_rate)
    order.items = items_of(wanted.items, defaults=defaults, products=products)
    order.add_up()
    refuse_amounts(order)
    return order


def shipping_address(customer: Customer) -> dict[str, str]:
    """Give where goods of a customer go, by the columns of an order."""
    other = customer.shipping_address
    lines = [other.get("line1", ""), other.get("line2", "")]
    place = {name: other.get(name, "") for name in ("city", "region", "postal_code", "country")}
    if not any([*lines, *place.values()]):
        lines = [customer.address_line1, customer.address_line2]
        place = {name: getattr(customer, name) for name in place}
    return {
        "ship_name": customer.name,
        "ship_company": customer.company if customer.company != customer.name else "",
        "ship_street": "\n".join(filter(None, lines)),
        "ship_city": place["city"],
        "ship_region": place["region"],
        "ship_postcode": place["postal_code"],
        "ship_country": place["country"],
        "ship_phone": customer.phone,
    }


def active_customer(customer_id: int) -> Customer:
    """Give a customer to sell to.

    Raises:
        Invalid: There is none with this id, or they are not active.
    """
    found = db.session.scalars(catalog.contact(Customer, customer_id)).one_or_none()
    if found is None:
        raise Invalid("customer_id", "There is no such customer.")
    if not found.is_active:
        raise Invalid("customer_id", f"{found.name} is not active: nothing is sold to them.")
    return found


def _defaults(customer: Customer) -> dict[str, Any]:
    return {
        "order_date": today(),
        "currency": customer.currency,
        "tax_rate": Decimal(setting("tax_rate")),
        **shipping_address(customer),
    }


def _refuse_known(channel: str, account: str, external_number: str | None) -> None:
    if not external_number:
        return
    same = queries.order_of_channel(channel, external_number, account=account)
    if other := db.session.scalars(same).one_or_none():
        raise AlreadyExists(
            "external_number", f"{external_number} has come before: it is {other.number}."
        )

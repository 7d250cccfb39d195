"""Who got what left for orders: stock asks, when a lot is called back."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select

from app.catalog.models import Customer
from app.catalog.queries import among
from app.core.db import db
from app.orders.models import SalesOrder
from app.stock.recipients import Recipient

# Plain columns: a recall may name thousands.
ASKED = (
    *(SalesOrder.id, SalesOrder.number, SalesOrder.customer_id, SalesOrder.customer_name),
    *(SalesOrder.ship_name, SalesOrder.ship_company, SalesOrder.ship_street),
    *(SalesOrder.ship_postcode, SalesOrder.ship_city, SalesOrder.ship_country),
    SalesOrder.ship_phone,
)


def recipients_of_orders(order_ids: Collection[int]) -> Mapping[int, Recipient]:
    """Give the customers of some orders, and where their goods went."""
    rows = db.session.execute(
        select(*ASKED, Customer.email, Customer.phone)
        .outerjoin(Customer, Customer.id == SalesOrder.customer_id)
        .where(among(SalesOrder.id, order_ids))
    )
    return {order.id: _recipient(order) for order in rows}


def _recipient(order: Any) -> Recipient:
    street = ", ".join(order.ship_street.splitlines())
    city = f"{order.ship_postcode} {order.ship_city}".strip()
    place = [order.ship_name, order.ship_company, street, city, order.ship_country]
    return Recipient(
        document=order.number,
        customer_id=order.customer_id,
        name=order.customer_name,
        email=order.email or "",
        phone=order.ship_phone or order.phone or "",
        address=", ".join(filter(None, place)),
    )

"""Who got what left for orders: stock asks, when a lot is called back."""

from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.catalog.models import Customer
from app.core.db import db
from app.orders.models import SalesOrder
from app.stock.recipients import Recipient


def recipients_of_orders(order_ids: Collection[int]) -> Mapping[int, Recipient]:
    """Give the customers of some orders, and where their goods went."""
    rows = db.session.execute(
        select(SalesOrder, Customer)
        .outerjoin(Customer, Customer.id == SalesOrder.customer_id)
        .where(SalesOrder.id.in_(order_ids))
    )
    return {order.id: _recipient(order, customer) for order, customer in rows}


def _recipient(order: SalesOrder, customer: Customer | None) -> Recipient:
    street = ", ".join(order.ship_street.splitlines())
    city = f"{order.ship_postcode} {order.ship_city}".strip()
    place = [order.ship_name, order.ship_company, street, city, order.ship_country]
    return Recipient(
        document=order.number,
        customer_id=order.customer_id,
        name=order.customer_name,
        email=customer.email if customer else "",
        phone=order.ship_phone or (customer.phone if customer else ""),
        address=", ".join(filter(None, place)),
    )

"""Shipping labels of orders: the address, and the number as bars."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select

from app.catalog.rules import countries
from app.core.codes import tidy_code
from app.core.db import db
from app.labels.drawing.contents import LabelContent
from app.labels.subjects.definition import Contents, LabelOptions, Subject
from app.orders import queries as orders
from app.orders.models import SalesOrder

COLUMNS = (
    SalesOrder.number,
    SalesOrder.customer_name,
    SalesOrder.ship_name,
    SalesOrder.ship_company,
    SalesOrder.ship_street,
    SalesOrder.ship_postcode,
    SalesOrder.ship_city,
    SalesOrder.ship_region,
    SalesOrder.ship_country,
)


def contents(codes: Sequence[str], _wanted: LabelOptions) -> Contents:
    """What the labels of the orders with these numbers say."""
    numbers = {code: tidy_code(code).upper() for code in codes}
    rows = db.session.execute(select(*COLUMNS).where(SalesOrder.number.in_(numbers.values())))
    found = {order.number: _content(order) for order in rows}
    return {code: found[number] for code, number in numbers.items() if number in found}


def _content(order: Any) -> LabelContent | str:
    if not (order.ship_street and order.ship_city):
        return f"{order.number} has no address to ship to."
    to = [order.ship_name or order.customer_name, order.ship_company]
    city = f"{order.ship_postcode} {order.ship_city}".strip()
    place = [city, order.ship_region, countries().get(order.ship_country, "")]
    first, *rest = dict.fromkeys(filter(None, [*to, *order.ship_street.splitlines(), *place]))
    return LabelContent(code=order.number, title=first, lines=tuple(rest))


def search(filters: Mapping[str, str]) -> Select[*tuple[Any, ...]]:
    """Orders that a search finds, the newest first."""
    found = orders.orders(search=filters.get("search", ""), status=filters.get("status", ""))
    named = found.with_only_columns(SalesOrder.number, SalesOrder.customer_name)
    return named.order_by(SalesOrder.id.desc())


ORDERS = Subject(
    field="order_number",
    label="Orders",
    noun="order",
    permission="orders.view",
    contents=contents,
    search=search,
)

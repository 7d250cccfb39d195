"""What is split off is the same order but for what is named here, also in columns to come."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import inspect, update

from app.core.db import db
from app.orders import services
from app.orders.models import OrderLine, SalesOrder
from tests.factories import ProductFactory
from tests.orders.conftest import again, drafted, number

OWN = {
    "id": "another row",
    "created_at": "made now",
    "updated_at": "made now",
    "version": "nobody has changed it yet",
    "number": "the next below the first one",
    "split_from_id": "the first one",
    "subtotal": "follows from its lines",
    "tax": "follows from its lines",
    "total": "follows from its lines",
    "shipped_at": "nothing of it has left",
    "shipping_amount": "charged once: it stays with the first",
    "discount": "shared out in proportion: test_discounts",
    "discount_amount": "follows from its lines and its share of the discount",
}
OWN_OF_LINE = {
    "id": "another row",
    "created_at": "made now",
    "order_id": "the new order",
    "position": "counted anew",
    "quantity": "the part",
    "total": "follows from the quantity",
    "tax": "follows from the quantity",
    "discount": "an amount is shared out by quantity: test_discounts",
    "quantity_cancelled": "stays with the first line",
    "quantity_picked": "stays with the first line",
    "quantity_shipped": "stays with the first line",
    "quantity_returned": "stays with the first line",
    "quantity_direct": "stays with the first line: the vendor delivers that order",
    "bundle_line_id": "of components alone: they go with the line of their bundle",
    "per_bundle": "of components alone",
}
# Where a made-up text or number would not do. An order that waits waits in both parts.
VALUES = {
    "status": "on_hold",
    "currency": "EUR",
    "channel": "magento",
    "ship_country": "DE",
    "tax_rate": Decimal(19),
    "is_free": False,  # it has a product: of a free one tells test_free_lines
    "is_bundle": False,  # one that is tells test_bundles
}
BY_TYPE: dict[type, Any] = {
    str: "as in no other column: {}",
    Decimal: Decimal("1.5"),
    date: date(2031, 4, 5),
    datetime: datetime(2031, 4, 5, 6, tzinfo=UTC),
    bool: True,
    dict: {"a": "b"},
}
IS_KEY = {"customer_id", "product_id"}  # set already


def test_splitting_copies_every_column_of_an_order_but_a_named_few() -> None:
    order = divided_order()

    apart = services.split_order(order.id, {order.lines[0].id: number(1)})

    assert differing(order, again(apart)) <= set(OWN)


def test_splitting_copies_every_column_of_a_line_but_a_named_few() -> None:
    order = divided_order()
    line = order.lines[0]

    apart = services.split_order(order.id, {line.id: number(1)})

    assert differing(line, again(apart).lines[0]) <= set(OWN_OF_LINE)


def test_every_column_named_as_its_own_is_one() -> None:
    assert set(OWN) <= set(columns_of(SalesOrder))
    assert set(OWN_OF_LINE) <= set(columns_of(OrderLine))


def divided_order() -> Any:
    """An order whose every column that may be copied says something of its own."""
    order = drafted((ProductFactory.create(), 5))
    fill(SalesOrder, order.id, besides=OWN)
    fill(OrderLine, order.lines[0].id, besides=OWN_OF_LINE)
    return again(order)


def fill(model: Any, record_id: int, *, besides: Any) -> None:
    names = [n for n in columns_of(model) if n not in besides and n not in IS_KEY]
    values = {name: value_for(model, name) for name in names}
    db.session.execute(update(model).where(model.id == record_id).values(values))


def value_for(model: Any, name: str) -> Any:
    if name in VALUES:
        return VALUES[name]
    value = BY_TYPE[model.__table__.c[name].type.python_type]
    return value.format(name) if isinstance(value, str) else value


def columns_of(model: Any) -> list[str]:
    """The columns that are not computed by PostgreSQL from others."""
    found = inspect(model).column_attrs
    return [attr.key for attr in found if attr.columns[0].computed is None]


def differing(one: Any, other: Any) -> set[str]:
    return {n for n in columns_of(type(one)) if getattr(one, n) != getattr(other, n)}

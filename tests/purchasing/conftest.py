"""What the tests of purchasing have in common.

Orders are given as `Any`: then their quantities may be compared with plain numbers.
"""

from collections.abc import Callable
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.accounts import services as accounts
from app.catalog.models import Product, Vendor
from app.core.db import db
from app.purchasing import queries, services
from app.purchasing.models import PurchaseDraft, PurchaseOrder
from app.stock import queries as stock
from tests.documents.conftest import mailbox
from tests.factories import ProductFactory, RoleFactory, UserFactory, VendorFactory
from tests.stock.conftest import held, on_hand, place, stocked

__all__ = ["held", "mailbox", "on_hand", "place", "stocked"]

KEYS = count(1)
VERBS = ("view", "edit", "approve", "send", "cancel", "receive", "import", "limit")
Call = Callable[..., TestResponse]


def key() -> str:
    return f"test {next(KEYS)}"


def number(value: object) -> Decimal:
    return Decimal(str(value))


def drafted(
    *wanted: tuple[Product, object], vendor: Vendor | None = None, **values: Any
) -> Any:
    """A draft of an order of some products; at 10 each, without tax, unless said."""
    vendor = vendor or VendorFactory.create(currency="EUR")
    price = number(values.pop("unit_price", 10))
    pack = number(values.pop("pack_quantity", 1))
    items = [
        PurchaseDraft(
            number(quantity), product_id=product.id, unit_price=price, pack_quantity=pack
        )
        for product, quantity in wanted
    ]
    return services.create_order(vendor_id=vendor.id, items=items, **values)


def sent(*wanted: tuple[Product, object], **values: Any) -> Any:
    """An order that the vendor has."""
    order = drafted(*wanted, **values)
    services.approve_order(order.id)
    services.mark_sent(order.id)
    return again(order)


def again(order: PurchaseOrder) -> Any:
    """The order as the database has it."""
    fresh = queries.order(order.id).execution_options(populate_existing=True)
    return db.session.scalars(fresh).one()


def incoming(product: Product) -> Any:
    """What stock says is on order of a product."""
    row = stock.inventory(is_active=None).where(Product.id == product.id)
    return db.session.execute(row).one().incoming


@pytest.fixture
def product() -> Product:
    return ProductFactory.create(
        sku="P-1", name="Paper filters", currency="EUR", price=Decimal(5), cost=Decimal(3)
    )


@pytest.fixture
def call(app: Flask) -> Call:
    """Call the API as a program that may do everything with purchase orders."""
    held = [f"purchase_orders.{verb}" for verb in VERBS] + ["products.costs"]
    token = accounts.create_token(
        UserFactory.create(role=RoleFactory.create(permissions=held)), name="test"
    )

    def call(method: str, path: str, body: Any = None, **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bearer = {"Authorization": f"Bearer {token}", **named}
        return app.test_client().open(path, method=method, json=body, headers=bearer)

    return call

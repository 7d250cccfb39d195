"""A shop's orders picked by many tablets at once: its view agrees with ours to the piece."""

import random

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import db
from app.integrations.outbox.models import OutboxMessage
from app.orders.models import SalesOrder
from app.stock.models import Movement
from app.stock.services import check_ledger
from tests.factories import BarcodeFactory
from tests.fulfilment.conftest import bin_, tote
from tests.fulfilment.test_concurrency import TABLETS, all_at_work
from tests.integrations.conftest import work
from tests.magento.conftest import Sync
from tests.magento.test_shipments import due_now, shipments
from tests.orders.conftest import stocked
from tests.standins.magento import Magento
from tests.standins.magento.products import sku_of

pytestmark = pytest.mark.committed

ORDERS, PRODUCTS = 15, (1, 2, 3, 4)


def shelved(number: int) -> None:
    """Sixty of a product there in a bin of its own."""
    product = db.session.scalars(select(Product).filter_by(sku=sku_of(number))).one()
    BarcodeFactory.create(product=product, code=f"CODE-{product.sku}")
    stocked(60, product, bin_(f"B-{number}", number))


def test_the_shop_hears_of_every_piece_once(
    app: Flask, session: Session, shop: Magento, sync: Sync
) -> None:
    chance = random.Random(11)
    for number in PRODUCTS:
        shelved(number)
    for number in range(TABLETS * 2):
        tote(f"T-{number}")
    wanted = [
        [(number, chance.randint(1, 3)) for number in chance.sample(PRODUCTS, 2)]
        for _ in range(ORDERS)
    ]
    keys = [shop.shop.place_paid(demand) for demand in wanted]
    sync()
    shop.faults.add("ship_lost", times=2)
    shop.faults.add("ship_500", after=5, times=2)

    assert all_at_work(app) == []
    for _ in range(3):
        work()
        due_now()

    there = [shop.shop.order(key) for key in keys]
    assert {order["state"] for order in there} == {"complete"}
    items = [item for order in there for item in order["items"]]
    told = shop.shop.pieces_shipped()
    assert told == {item["item_id"]: item["qty_ordered"] for item in items}
    assert all(item["qty_shipped"] == item["qty_ordered"] for item in items)
    assert len(shipments(shop)) == ORDERS
    pieces = sum(quantity for demand in wanted for _number, quantity in demand)
    shipped = select(func.sum(Movement.quantity)).where(Movement.reason == "shipped")
    assert session.scalar(shipped) == pieces == sum(told.values())
    assert {*session.scalars(select(OutboxMessage.state))} == {"sent"}
    assert {*session.scalars(select(SalesOrder.status))} == {"shipped"}
    check_ledger(lambda _done, _total: None)

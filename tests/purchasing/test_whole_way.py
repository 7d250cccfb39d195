"""From a low-stock row to goods on the shelf, and every figure agrees on the way."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.orders import services as orders
from app.purchasing import services
from app.purchasing.models import GoodsReceipt, PurchaseOrder
from app.purchasing.queries import stock_value, sums_of
from app.stock.models import Movement
from app.stock.services import check_ledger
from tests.conftest import SignIn
from tests.documents.conftest import work
from tests.factories import (
    LocationFactory,
    ProductFactory,
    UserFactory,
    VendorFactory,
    VendorPartFactory,
)
from tests.labels.reading import require_pango
from tests.mailbox import Mailbox
from tests.orders.conftest import confirmed
from tests.orders.conftest import reserved as reserved_for
from tests.purchasing.conftest import again, incoming, on_hand, place
from tests.purchasing.test_tablet import Dock

ROOT = "/purchase-orders"


@pytest.fixture
def acme() -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR", email="sales@acme.example")


@pytest.fixture
def kettle(acme: Vendor) -> Product:
    """Nothing of it is there, 20 should be, and Acme sells it by four at 40."""
    product = ProductFactory.create(
        sku="P-1", supplier_id=acme.id, currency="EUR", reorder_point=Decimal(8),
        maximum_stock=Decimal(20),
    )  # fmt: skip
    terms = {"price": Decimal(40), "pack_quantity": Decimal(4)}
    VendorPartFactory.create(product=product, vendor=acme, **terms)
    return product


@pytest.fixture
def person(sign_in: SignIn) -> FlaskClient:
    verbs = ("view", "edit", "approve", "send", "receive")
    return sign_in(
        *(f"purchase_orders.{verb}" for verb in verbs), "products.costs", "stock.view"
    )


def sent_by_mail(person: FlaskClient, order: PurchaseOrder, session: Session) -> None:
    letter = {
        "kind": "purchase-order",
        "recipient": "sales@acme.example",
        "subject": "Our order",
        "body": "Please deliver.",
    }
    person.post(f"{ROOT}/{order.id}/approval")
    person.post(f"{ROOT}/{order.id}/sent-documents", data=letter)
    work(session)


def five_with_one_damaged(dock: Dock, order: PurchaseOrder) -> None:
    dock.begin(order.number)
    dock.scan(*["P-1"] * 4)
    dock.tap(services.mark_damaged)
    dock.scan("P-1", "A-01")
    dock.tap(services.finish_receiving)


def the_rest(dock: Dock, order: PurchaseOrder, quantity: int) -> None:
    dock.begin(order.number)
    dock.scan("P-1")
    line_id = dock.task.in_hand[0].id
    dock.tap(services.set_received, line_id=line_id, quantity=Decimal(quantity))
    dock.scan("A-01")
    dock.tap(services.finish_receiving)


def worth() -> Any:
    return {row.currency: row.value for row in db.session.execute(sums_of(stock_value()))}


def test_what_runs_low_is_ordered_by_mail_received_by_scan_and_serves_who_waits(
    session: Session, person: FlaskClient, mailbox: Mailbox, kettle: Product
) -> None:
    require_pango()
    shelf = LocationFactory.create(code="A-01", path="MAIN/A-01/", parent_id=place("MAIN").id)
    waiting = confirmed((kettle, 5))
    assert "P-1" in person.get("/reorder").text

    services.draft_orders([kettle.id])
    order: Any = db.session.scalars(select(PurchaseOrder)).one()
    sent_by_mail(person, order, session)
    assert [to for to, _mail in mailbox.mails] == [["sales@acme.example"]]
    assert "Our order" in person.get(f"{ROOT}/{order.id}").text
    assert (again(order).status, incoming(kettle)) == ("sent", 28)

    dock = Dock(UserFactory.create())
    five_with_one_damaged(dock, order)
    assert (again(order).status, incoming(kettle)) == ("part_received", 23)
    assert (on_hand(kettle, shelf), on_hand(kettle, place("ASIDE"))) == (4, 1)
    assert reserved_for(waiting) == [("A-01", 4)]

    the_rest(dock, order, 23)
    assert (again(order).status, incoming(kettle)) == ("received", 0)
    assert sum(part for _place, part in reserved_for(waiting)) == 5
    orders.ship_order(waiting.id, key="ship")
    assert (on_hand(kettle, shelf), on_hand(kettle, place("ASIDE"))) == (22, 1)
    assert worth() == {"EUR": 230}
    receipts = session.scalars(select(GoodsReceipt).order_by(GoodsReceipt.id)).all()
    came = select(Movement.quantity).where(Movement.reason == "received")
    assert sum(session.scalars(came)) == 28
    shown = person.get(f"{ROOT}/{order.id}").text
    assert all(receipt.number in shown for receipt in receipts)
    assert check_ledger(lambda _done, _total: None)["differences"] == 0

"""A lot is followed from its vendor, over what was built of it, to whoever has it."""

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.assembly import services as assembly
from app.catalog.models import Product
from app.core.db import db
from app.orders import services as orders
from app.purchasing import services as purchasing
from app.purchasing.services import ReceivedItem
from app.stock import services as stock
from app.stock.models import Lot
from app.stock.services import LotDraft
from tests.assembly.test_builds import built, made_of
from tests.conftest import SignIn
from tests.factories import CustomerFactory, ProductFactory
from tests.orders.conftest import confirmed
from tests.purchasing.conftest import key, sent
from tests.stock.test_lots import come


@pytest.fixture
def steel(session: Session) -> Product:
    return ProductFactory.create(sku="STEEL", tracking="lot", currency="EUR")


def lot_of(product: Product, code: str) -> Lot:
    found: Lot = db.session.query(Lot).filter_by(product_id=product.id, code=code).one()
    return found


def received(product: Product, quantity: object, code: str) -> Any:
    order = sent((product, quantity))
    item = ReceivedItem(Decimal(str(quantity)), line_id=order.lines[0].id, lot=LotDraft(code))
    purchasing.receive_goods(order.id, [item], key=key())
    return order


def bikes(steel: Product, *codes: str) -> Product:
    """Bikes with serial numbers, each of two pieces of steel."""
    bike = made_of((steel, 2))
    bike.tracking, bike.currency = "serial", "EUR"
    db.session.commit()
    built(bike, len(codes), lot=LotDraft(" ".join(codes)))
    return bike


def test_a_lot_is_traced_from_its_vendor_to_who_has_what_was_built_of_it(
    steel: Product,
) -> None:
    order = received(steel, 10, "HEAT-7")
    bike = bikes(steel, "B1", "B2")
    customer = CustomerFactory.create(name="Ada", email="ada@example.com")
    sold = confirmed((bike, 1), customer=customer)
    orders.ship_order(sold.id, key=key())

    trace = stock.trace_lot(lot_of(steel, "HEAT-7"))

    [arrival] = trace.arrivals
    assert order.number in arrival.document
    assert [one.code for one in trace.products] == ["B1", "B2"]
    assert [(one.lot.code, one.document) for one in trace.deliveries] == [("B1", sold.number)]
    [recalled] = stock.recall_lot(lot_of(steel, "HEAT-7"))
    assert recalled.recipient is not None
    assert (recalled.recipient.name, recalled.recipient.email) == ("Ada", "ada@example.com")

    back = stock.trace_lot(lot_of(bike, "B2"))
    assert [one.code for one in back.sources] == ["HEAT-7"]
    assert order.number in back.arrivals[0].document


def test_who_has_sent_it_back_is_not_called(steel: Product) -> None:
    come(steel, 5, "HEAT-7")
    sold = confirmed((steel, 2))
    orders.ship_order(sold.id, key=key())
    [line] = sold.lines
    place = stock.default_location()
    receipt = orders.ReturnReceipt("defective", "good", place)
    orders.return_goods(sold.id, {line.id: Decimal(2)}, receipt, key=key())

    lot = lot_of(steel, "HEAT-7")

    assert stock.recall_lot(lot) == []
    [delivery] = stock.trace_lot(lot).deliveries
    assert [delivery.went, delivery.back, delivery.left] == [2, 2, 0]


def test_a_build_that_is_undone_is_no_part_of_a_trace(steel: Product) -> None:
    come(steel, 10, "HEAT-7")
    bike = made_of((steel, 2))
    bike.tracking = "serial"
    db.session.commit()
    build = built(bike, 1, lot=LotDraft("B1"))

    assembly.undo_build(build.id)

    assert stock.trace_lot(lot_of(steel, "HEAT-7")).products == []
    assert stock.trace_lot(lot_of(bike, "B1")).sources == []


def test_a_trace_says_where_it_ends(steel: Product) -> None:
    come(steel, 10, "HEAT-7")
    bike = made_of((steel, 2))
    build = built(bike, 1)

    [end] = stock.trace_lot(lot_of(steel, "HEAT-7")).ends

    assert (end.sku, end.document_id, end.document) == ("BIKE", build.id, build.number)


def test_the_page_of_a_lot_shows_its_trace_and_the_recall_list_is_a_file(
    steel: Product, sign_in: SignIn
) -> None:
    received(steel, 10, "HEAT-7")
    sold = confirmed((steel, 2), customer=CustomerFactory.create(name="Ada"))
    orders.ship_order(sold.id, key=key())
    lot = lot_of(steel, "HEAT-7")
    client = sign_in("stock.view", "stock.recall", "orders.view")

    page = client.get(f"/lots/{lot.id}").text
    file = client.get(f"/lots/{lot.id}/recall?file=csv")

    assert "Lot HEAT-7" in page
    assert sold.number in page
    assert "Ada" in file.text
    assert sold.number in file.text
    assert sign_in("stock.view").get(f"/lots/{lot.id}/recall").status_code == 403

"""Goods go back to their vendor: from a receipt or not, at what they cost, for a credit."""

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product, Vendor
from app.core.alerts import Alert
from app.core.db import db
from app.core.errors import Invalid, InvalidRow
from app.core.idempotency import KeyReused
from app.core.uses import InUse, ensure_unused
from app.documents.errors import NotAllowed
from app.purchasing import services as purchasing
from app.purchasing.models import CostEntry, ProductCost, PurchaseOrder
from app.purchasing.services import Decision, ReceivedItem
from app.stock.errors import CannotReverse, InsufficientStock
from app.stock.models import Movement
from app.stock.services import LotDraft, block_lot, check_ledger, reverse_posting
from app.vendor_returns import services
from app.vendor_returns.services import ReturnItem
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory, VendorFactory, VendorPartFactory, WarehouseFactory
from tests.purchasing.conftest import again, number, product, sent
from tests.stock.conftest import on_hand, place, stocked

__all__ = ["bearer", "product"]

KEYS = count(1)
API = "/api/v1/vendor-returns"
ALL = ("vendor_returns.view", "vendor_returns.edit", "vendor_returns.send", "products.costs")


@pytest.fixture
def acme() -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR")


@pytest.fixture
def receipt(product: Product, acme: Vendor) -> Any:
    """Eight good ones at 4 each, and two that are damaged."""
    order = sent((product, 10), vendor=acme, unit_price=4)
    items = [
        ReceivedItem(number(8), line_id=order.lines[0].id),
        ReceivedItem(number(2), line_id=order.lines[0].id, condition="damaged"),
    ]
    return purchasing.receive_goods(order.id, items, key=f"receipt {next(KEYS)}")


def written(vendor: Vendor, *items: ReturnItem, **more: Any) -> Any:
    values: Any = {"key": f"return {next(KEYS)}"} | more
    return services.create_return(vendor_id=vendor.id, items=items, **values)


def of_line(line: Any, quantity: object, **more: Any) -> ReturnItem:
    return ReturnItem(number(quantity), receipt_line_id=line.id, **more)


def average(product: Product) -> Any:
    query = select(ProductCost.average).where(ProductCost.product_id == product.id)
    return db.session.scalar(query)


def entries(product: Product) -> list[Any]:
    query = select(CostEntry).where(CostEntry.product_id == product.id).order_by(CostEntry.id)
    return [*db.session.scalars(query)]


def test_what_was_put_aside_goes_back_from_there_and_is_decided_by_that(
    session: Session, product: Product, acme: Vendor, receipt: Any
) -> None:
    _good, damaged = receipt.lines

    found: Any = services.send_return(written(acme, of_line(damaged, 2), cause="damaged").id)

    assert (found.status, found.expected_credit) == ("sent", 8)
    assert (on_hand(product), on_hand(product, place("ASIDE"))) == (8, 0)
    session.refresh(damaged)
    assert damaged.decision == "sent_back"
    [alert] = session.query(Alert).filter_by(kind="goods.aside")
    assert alert.closed_at is not None
    check_ledger(lambda _done, _total: None)


def test_no_more_of_a_line_goes_back_than_came_by_it(
    product: Product, acme: Vendor, receipt: Any
) -> None:
    good, damaged = receipt.lines
    first = written(acme, of_line(good, 5))

    with pytest.raises(InvalidRow, match=r"of P-1 of GR-\d+ 3 may go back"):
        written(acme, of_line(good, 4))
    with pytest.raises(InvalidRow, match="1 may go back"):
        written(acme, of_line(good, 2), of_line(good, 2))
    with pytest.raises(InvalidRow, match="all 2 go back at once"):
        written(acme, of_line(damaged, 1))
    services.cancel_return(first.id)
    assert written(acme, of_line(good, 8)).expected_credit == 32


def test_what_came_from_another_or_is_gone_is_refused(
    product: Product, acme: Vendor, receipt: Any
) -> None:
    good, damaged = receipt.lines
    purchasing.decide_aside(receipt.id, [Decision(damaged.id, "written_off")])

    with pytest.raises(InvalidRow, match="another vendor"):
        written(VendorFactory.create(), of_line(good, 1))
    with pytest.raises(InvalidRow, match="0 may go back"):
        written(acme, of_line(damaged, 2))
    with pytest.raises(Invalid, match="what goes back"):
        written(acme)
    with pytest.raises(InvalidRow, match="above zero"):
        written(acme, of_line(good, 0))
    free = ReturnItem(number(1), product_id=ProductFactory.create(cost=Decimal(0)).id)
    with pytest.raises(InvalidRow, match="give the credit expected"):
        written(acme, free)


def test_goods_leave_at_their_average_and_the_difference_is_booked(
    product: Product, acme: Vendor, receipt: Any
) -> None:
    dearer = sent((product, 10), vendor=acme, unit_price=8)
    item = ReceivedItem(number(10), line_id=dearer.lines[0].id)
    purchasing.receive_goods(dearer.id, [item], key="dearer")
    assert average(product) == 6

    services.send_return(written(acme, of_line(receipt.lines[0], 5)).id)

    assert average(product) == 6
    last = entries(product)[-1]
    assert (last.kind, last.quantity, last.value, last.difference) == ("sent_back", -5, -30, 10)
    cost = select(Movement.unit_cost).order_by(Movement.id.desc()).limit(1)
    assert db.session.scalar(cost) == 6


def test_an_undone_return_brings_goods_costs_and_the_question_back(
    session: Session, product: Product, acme: Vendor, receipt: Any
) -> None:
    good, damaged = receipt.lines
    made = written(acme, of_line(good, 3), of_line(damaged, 2))
    found: Any = services.send_return(made.id)
    with pytest.raises(CannotReverse, match=f"caused by {found.number}"):
        reverse_posting(found.posting_id, key="by hand")

    found = services.undo_sending(made.id)

    assert (found.status, on_hand(product), on_hand(product, place("ASIDE"))) == ("draft", 8, 2)
    assert average(product) == 4
    assert sum(one.value + one.difference for one in entries(product)) == 40
    session.refresh(damaged)
    assert damaged.decision is None
    assert services.send_return(made.id).status == "sent"  # and it may leave once more
    with pytest.raises(NotAllowed, match="sent, credit expected"):
        services.send_return(made.id)


def test_what_is_not_there_is_named(product: Product, acme: Vendor) -> None:
    stocked(2, product)
    made = written(acme, ReturnItem(number(3), product_id=product.id))

    with pytest.raises(InsufficientStock, match="In MAIN there are missing: 1 of P-1"):
        services.send_return(made.id)


def test_a_credit_is_noted_and_taken_back(product: Product, acme: Vendor) -> None:
    stocked(5, product)
    made = written(acme, ReturnItem(number(2), product_id=product.id, unit_price=number(4)))
    with pytest.raises(NotAllowed):
        services.credit_return(made.id, amount=number(8))
    services.send_return(made.id)

    found: Any = services.credit_return(made.id, amount=number("6.50"), credit_note="CN-1")

    assert (found.status, found.granted_credit, found.short_of) == ("credited", 6.5, 1.5)
    with pytest.raises(NotAllowed):
        services.undo_sending(made.id)
    found = services.reopen_return(made.id)
    assert (found.status, found.granted_credit, found.credit_note) == ("sent", None, "")
    with pytest.raises(Invalid, match="zero or more"):
        services.credit_return(made.id, amount=number(-1))
    with pytest.raises(InUse, match=found.number):
        ensure_unused(acme)


def test_the_same_key_writes_once(product: Product, acme: Vendor) -> None:
    item = ReturnItem(number(1), product_id=product.id)
    first = written(acme, item, key="once")

    assert written(acme, item, key="once").id == first.id
    with pytest.raises(KeyReused):
        written(acme, item._replace(quantity=number(2)), key="once")


def test_people_write_print_send_and_note_the_credit(
    sign_in: SignIn, product: Product, acme: Vendor, receipt: Any
) -> None:
    VendorPartFactory.create(product=product, vendor=acme, part_number="AC-77")
    person = sign_in(*ALL, "purchase_orders.view")
    begun = person.get(f"/vendor-returns/new?receipt={receipt.id}").text
    damaged = receipt.lines[1]
    assert 'value="2"' in begun
    assert f'value="{damaged.id}"' in begun
    row = {
        "items-0-sku": "P-1",
        "items-0-known": "P-1",
        "items-0-receipt_line_id": damaged.id,
        "items-0-quantity": "2",
        "items-0-unit_price": "3.50",
    }
    sent_form = row | {"vendor": acme.code, "cause": "damaged", "key": "page"}

    made = person.post("/vendor-returns", data=sent_form)
    page = made.headers["Location"]
    slip = person.get(f"{page}/paper")
    left = person.post(f"{page}/dispatch")
    credit = person.post(f"{page}/credit", data={"amount": "7", "credit_note": "CN-9"})
    shown = person.get(page).text

    assert [one.status_code for one in (made, slip, left, credit)] == [303, 200, 303, 303]
    assert slip.data.startswith(b"%PDF")
    for words in ("Credited", "CN-9", "7.00", receipt.number, "Was put aside"):
        assert words in shown
    assert "Acme" in person.get("/vendor-returns?search=CN-9&status=credited").text
    assert person.post("/vendor-returns", data=row | {"key": "x"}).status_code == 422
    other = sign_in("vendor_returns.view")
    assert "7.00" not in other.get(page).text
    assert other.post(f"{page}/dispatch/reversal").status_code == 403


def test_a_decision_is_taken_back_on_the_page_of_its_receipt(
    sign_in: SignIn, product: Product, receipt: Any
) -> None:
    damaged = receipt.lines[1]
    purchasing.decide_aside(receipt.id, [Decision(damaged.id, "taken_in")])
    person = sign_in("purchase_orders.view", "purchase_orders.edit")
    back = f"/receipts/{receipt.id}/decisions/{damaged.id}/reversal"

    assert back in person.get(f"/receipts/{receipt.id}").text
    assert [person.post(back).status_code for _twice in range(2)] == [303, 409]

    assert (on_hand(product), on_hand(product, place("ASIDE"))) == (8, 2)
    purchasing.decide_aside(receipt.id, [Decision(damaged.id, "written_off")])
    assert on_hand(product, place("ASIDE")) == 0
    purchasing.undo_decision(receipt.id, damaged.id)
    assert on_hand(product, place("ASIDE")) == 2


def test_what_was_taken_in_and_sold_stays_decided(product: Product, receipt: Any) -> None:
    damaged = receipt.lines[1]
    purchasing.decide_aside(receipt.id, [Decision(damaged.id, "taken_in")])
    from_bin = written(receipt.vendor, ReturnItem(number(10), product_id=product.id))
    services.send_return(from_bin.id)

    with pytest.raises(InsufficientStock):
        purchasing.undo_decision(receipt.id, damaged.id)


def test_programs_do_the_same(
    bearer: Bearer, product: Product, acme: Vendor, receipt: Any
) -> None:
    program = bearer(*ALL, "purchase_orders.edit", "purchase_orders.view")
    good = receipt.lines[0]
    body = {
        "vendor_id": acme.id,
        "cause": "unsold",
        "items": [{"receipt_item_id": good.id, "quantity": "2"}],
    }

    made: Any = program.post(API, json=body)
    url = f"{API}/{made.json['id']}"
    left = program.post(f"{url}/send")
    credited = program.post(f"{url}/credit", json={"amount": "8"})

    assert [one.status_code for one in (made, left, credited)] == [201, 200, 200]
    assert made.json["expected_credit"] == "8"
    assert credited.json["granted_credit"] == "8"
    assert program.post(f"{url}/reversal").status_code == 409
    assert program.post(f"{url}/reopen").json["status"] == "sent"
    assert program.post(f"{url}/reversal").json["status"] == "draft"
    assert program.post(f"{url}/cancel").json["status"] == "cancelled"
    assert program.get(f"{API}?vendor={acme.id}&status=cancelled").json["total"] == 1
    unknown = program.post(API, json=body | {"items": [{"sku": "NO", "quantity": "1"}]})
    assert (unknown.status_code, unknown.json["code"]) == (422, "invalid_row")
    undecided = f"/api/v1/goods-receipts/{receipt.id}/decisions/{receipt.lines[1].id}/reversal"
    assert program.post(undecided).status_code == 409
    blind = bearer("vendor_returns.view").get(url).json
    assert (blind["expected_credit"], blind["items"][0]["unit_price"]) == (None, None)


def test_the_order_stays_as_received(product: Product, acme: Vendor, receipt: Any) -> None:
    services.send_return(written(acme, of_line(receipt.lines[0], 8)).id)

    order = again(db.session.get_one(PurchaseOrder, receipt.order_id))
    assert (order.status, order.lines[0].units_received) == ("received", 10)


def test_the_lot_that_came_is_the_one_that_goes_back_even_if_it_is_blocked(
    session: Session, acme: Vendor
) -> None:
    milk = ProductFactory.create(sku="MILK", tracking="lot", currency="EUR")
    came = []
    for code in ("A", "B"):
        order = sent((milk, 4), vendor=acme, unit_price=1)
        items = [
            ReceivedItem(number(3), line_id=order.lines[0].id, lot=LotDraft(code)),
            ReceivedItem(
                number(1), line_id=order.lines[0].id, condition="damaged", lot=LotDraft(code)
            ),
        ]
        came.append(purchasing.receive_goods(order.id, items, key=f"receipt {next(KEYS)}"))
    [good, broken] = came[1].lines
    assert good.lot_id is not None
    block_lot(good.lot_id, reason="The vendor calls it back")

    found = written(acme, of_line(good, 2), of_line(broken, 1))
    services.send_return(found.id)

    gone = select(Movement.lot_id, Movement.quantity).where(
        Movement.document_type == "vendor_return"
    )
    assert sorted(session.execute(gone).all()) == [(good.lot_id, 1), (good.lot_id, 2)]


def test_what_nobody_sells_any_more_goes_back_all_the_same(
    session: Session, product: Product, acme: Vendor
) -> None:
    stocked(8, product)
    draft = written(acme, ReturnItem(number(3), product.id, unit_price=number(2)))
    product.is_active = False
    session.flush()

    services.send_return(draft.id)

    assert on_hand(product) == 5
    check_ledger(lambda _done, _total: None)  # raises, if it does not add up


def test_a_return_begins_with_a_vendor_and_a_warehouse_in_use(
    session: Session, product: Product, acme: Vendor, receipt: Any
) -> None:
    stocked(8, product)
    item = ReturnItem(number(1), product.id, unit_price=number(2))
    closed = WarehouseFactory.create(code="SHUT", is_active=False)

    with pytest.raises(Invalid, match="a warehouse that is in use"):
        written(acme, item, warehouse_id=closed.id)
    acme.is_active = False
    session.flush()
    with pytest.raises(Invalid, match="Acme is not in use any more"):
        written(acme, item)
    came, *_others = services.returnable_of(receipt.id)
    assert written(acme, of_line(came.line, 2)).status == "draft"

"""A vendor delivers to the customer: partly, never through our stock, and each piece once."""

from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from app.catalog.models import Product, Vendor
from app.catalog.services import ComponentDraft, set_components
from app.core.db import db
from app.core.errors import Invalid
from app.core.versions import StaleVersion
from app.documents.errors import NotAllowed
from app.drop_shipping import services
from app.orders import services as orders
from app.orders.models import SalesOrder
from app.purchasing import services as purchasing
from app.purchasing.models import CostEntry, PurchaseDraft, PurchaseOrder
from app.purchasing.services import ReceivedItem
from app.sales.services.own_sales import follow_order
from app.sales.tables import sales_line
from app.stock.queries.ledger import movements_of_posting
from app.stock.services import check_ledger
from app.vendor_returns import services as vendor_returns
from tests.conftest import SignIn
from tests.core.conftest import Bearer, bearer
from tests.factories import ProductFactory, VendorFactory, VendorPartFactory
from tests.orders.conftest import again, confirmed, number, reserved
from tests.purchasing.conftest import again as again_purchase
from tests.purchasing.conftest import incoming
from tests.stock.conftest import on_hand, place, stocked

__all__ = ["bearer"]

KEYS = count(1)
ADDRESS = {"ship_name": "Ada", "ship_street": "Mill Lane 1", "ship_city": "Ely"}


@pytest.fixture
def acme() -> Vendor:
    return VendorFactory.create(name="Acme", currency="EUR")


@pytest.fixture
def kettle(acme: Vendor) -> Product:
    return sold_by(acme, "KETTLE")


def sold_by(vendor: Vendor, sku: str, **terms: Any) -> Product:
    product = ProductFactory.create(sku=sku, supplier_id=vendor.id, currency="EUR")
    VendorPartFactory.create(product=product, vendor=vendor, price=Decimal(6), **terms)
    return product


def ordered(*wanted: tuple[Product, object], **more: Any) -> Any:
    return confirmed(*wanted, **(ADDRESS | more))


def shipped_by_vendor(order: SalesOrder, quantity: object, line: int = 0) -> Any:
    """The purchase order by which its vendor has so much of a line to deliver."""
    asked = {again(order).lines[line].id: number(quantity)}
    [made] = services.drop_ship(order.id, asked)
    purchasing.approve_order(made.id)
    purchasing.mark_sent(made.id)
    return again_purchase(made)


def deliver(order: PurchaseOrder, quantity: object, line: int = 0, **more: Any) -> Any:
    item = ReceivedItem(number(quantity), line_id=order.lines[line].id, **more)
    return purchasing.receive_goods(order.id, [item], key=f"delivery {next(KEYS)}")


def sold(order: SalesOrder) -> Any:
    """What sales count of an order."""
    follow_order(order.id)
    of = sales_line.c
    query = select(func.coalesce(func.sum(of.quantity), 0)).where(of.record_id == order.id)
    return db.session.scalar(query)


def test_a_vendor_delivers_a_part_and_our_stock_the_rest(kettle: Product) -> None:
    stocked(6, kettle)
    order = ordered((kettle, 10))
    made = shipped_by_vendor(order, 4)

    line = again(order).lines[0]
    assert (line.quantity_direct, line.quantity_due) == (4, 6)
    assert (again(order).status, sum(part for _place, part in reserved(order))) == (
        "allocated",
        6,
    )
    assert (made.delivery_address, incoming(kettle)) == ("Ada\nMill Lane 1\nEly", 0)

    deliver(made, 3)
    line = again(order).lines[0]
    assert (line.quantity_shipped, line.quantity_direct) == (3, 1)
    assert (on_hand(kettle), sold(order)) == (6, 3)
    orders.ship_order(order.id, key="ours")
    deliver(made, 1)
    assert (again(order).status, again_purchase(made).status) == ("shipped", "received")
    assert (on_hand(kettle), sold(order)) == (0, 10)
    check_ledger(lambda _done, _total: None)


def test_what_is_delivered_moves_past_our_stock_and_costs_nothing_here(kettle: Product) -> None:
    order = ordered((kettle, 2))
    receipt = deliver(shipped_by_vendor(order, 2), 2)

    [movement] = db.session.scalars(movements_of_posting(receipt.posting_id))
    assert (movement.reason, movement.unit_cost, movement.quantity) == ("drop_shipped", 6, 2)
    assert (movement.from_location.kind, movement.to_location.kind) == ("supplier", "customer")
    assert db.session.scalar(select(func.count()).select_from(CostEntry)) == 0
    with pytest.raises(NotAllowed, match="nothing whose cost is known"):
        purchasing.add_landed_cost(
            receipt.id, kind="freight", amount=Decimal(5), spread="value"
        )


def test_what_only_a_vendor_delivers_waits_for_them_and_not_for_our_goods(
    kettle: Product,
) -> None:
    order = ordered((kettle, 5))
    shipped_by_vendor(order, 5)
    stocked(9, kettle)

    orders.allocate_waiting([kettle.id])

    assert (again(order).status, reserved(order)) == ("confirmed", [])
    assert orders.missing_of(again(order), {again(order).lines[0].id: Decimal(0)}) == []
    assert not orders.is_awaited([kettle.id])


def test_what_the_vendor_does_not_deliver_waits_for_our_goods_again(kettle: Product) -> None:
    order = ordered((kettle, 10))
    made = shipped_by_vendor(order, 10)
    deliver(made, 4)
    stocked(3, kettle)

    purchasing.close_short(made.id, {made.lines[0].id: number(5)})

    line = again(order).lines[0]
    assert (line.quantity_shipped, line.quantity_direct, line.quantity_due) == (4, 1, 5)
    assert sum(part for _place, part in reserved(order)) == 3
    other = ordered((kettle, 2))
    dropped = shipped_by_vendor(other, 2)
    purchasing.cancel_order(dropped.id)
    assert again(other).lines[0].quantity_direct == 0


def test_a_delivery_that_was_not_is_undone_in_both_orders(kettle: Product) -> None:
    order = ordered((kettle, 2))
    receipt = deliver(shipped_by_vendor(order, 2), 2)
    assert (again(order).status, sold(order)) == ("shipped", 2)

    purchasing.undo_receipt(receipt.id)

    line = again(order).lines[0]
    assert (line.quantity_shipped, line.quantity_picked, line.quantity_direct) == (0, 0, 2)
    assert (again(order).status, sold(order)) == ("confirmed", 0)
    check_ledger(lambda _done, _total: None)


def test_what_came_back_from_the_customer_is_not_undone(kettle: Product) -> None:
    order = ordered((kettle, 2))
    receipt = deliver(shipped_by_vendor(order, 2), 2)
    back = orders.ReturnReceipt("unwanted", "good", place("MAIN-01").id)
    orders.return_goods(order.id, {again(order).lines[0].id: number(1)}, back, key="back")

    with pytest.raises(NotAllowed, match="1 KETTLE have come back"):
        purchasing.undo_receipt(receipt.id)
    assert (on_hand(kettle), sold(order)) == (1, 1)


def test_what_goes_straight_back_to_the_vendor_counts_once(
    acme: Vendor, kettle: Product
) -> None:
    order = ordered((kettle, 5))
    deliver(shipped_by_vendor(order, 5), 5)
    asked = {again(order).lines[0].id: number(2)}

    made: Any
    [made] = services.return_to_vendors(order.id, asked, reason="defective", key="back")
    [same] = services.return_to_vendors(order.id, asked, reason="defective", key="back")

    assert (made.id, made.status, made.cause, made.expected_credit) == (
        (same.id, "sent", "damaged", 12)
    )
    assert (again(order).lines[0].quantity_returned, sold(order)) == (2, 3)
    assert (on_hand(kettle), made.vendor_id) == (0, acme.id)
    assert services.returnable_of(again(order)) == {again(order).lines[0].id: 3}
    with pytest.raises(NotAllowed, match="return of a customer"):
        vendor_returns.undo_sending(made.id)
    check_ledger(lambda _done, _total: None)


def test_no_more_goes_straight_back_than_vendors_have_delivered(kettle: Product) -> None:
    stocked(3, kettle)
    order = ordered((kettle, 5))
    deliver(shipped_by_vendor(order, 2), 2)
    orders.ship_order(order.id, key="ours")

    asked = {again(order).lines[0].id: number(3)}
    with pytest.raises(Invalid, match="have delivered less of KETTLE"):
        services.return_to_vendors(order.id, asked, reason="unwanted", key="back")
    assert again(order).lines[0].quantity_returned == 0


def test_a_return_to_us_of_what_a_vendor_delivered_goes_to_that_vendor(
    acme: Vendor, kettle: Product
) -> None:
    order = ordered((kettle, 2))
    receipt = deliver(shipped_by_vendor(order, 2), 2)
    back = orders.ReturnReceipt("unwanted", "good", place("MAIN-01").id)
    orders.return_goods(order.id, {again(order).lines[0].id: number(1)}, back, key="to us")

    item = vendor_returns.ReturnItem(number(1), receipt_line_id=receipt.lines[0].id)
    made: Any = vendor_returns.create_return(vendor_id=acme.id, items=[item], key="to them")
    vendor_returns.send_return(made.id)

    assert (on_hand(kettle), made.expected_credit) == (0, 6)


def test_components_of_a_bundle_are_delivered_by_a_vendor(acme: Vendor) -> None:
    cup, pot = sold_by(acme, "CUP"), stocked(2, sold_by(acme, "POT"))
    kit = ProductFactory.create(sku="KIT")
    parts = [
        ComponentDraft(number(2), product_id=cup.id),
        ComponentDraft(number(1), product_id=pot.id),
    ]
    set_components(kit.id, kind="bundle", components=parts, version=None)
    order = ordered((kit, 2))
    cups = next(one for one in orders.locked_order(order.id).single_lines if one.sku == "CUP")

    [made] = services.drop_ship(order.id, {cups.id: number(4)})
    purchasing.approve_order(made.id)
    purchasing.mark_sent(made.id)
    deliver(again_purchase(made), 4)
    orders.ship_order(order.id, key="pots")

    assert (again(order).status, again(order).lines[0].quantity_shipped) == ("shipped", 2)


def test_what_does_not_fit_is_refused_with_the_reason(acme: Vendor, kettle: Product) -> None:
    box = sold_by(acme, "BOX", pack_quantity=Decimal(12))
    orphan = ProductFactory.create(sku="ORPHAN", supplier_id=None)
    order = ordered((kettle, 5), (box, 24), (orphan, 1))
    kettles, boxes, orphans = (line.id for line in order.lines)

    with pytest.raises(Invalid, match="at most 5 can be delivered"):
        services.drop_ship(order.id, {kettles: number(6)})
    with pytest.raises(Invalid, match="BOX is sold by 12: 5 cannot be"):
        services.drop_ship(order.id, {boxes: number(5)})
    with pytest.raises(Invalid, match="who sells ORPHAN"):
        services.drop_ship(order.id, {orphans: number(1)})
    with pytest.raises(StaleVersion):
        services.drop_ship(order.id, {kettles: number(1)}, version=order.version - 1)
    nowhere = confirmed((kettle, 1), ship_street="", ship_city="")
    with pytest.raises(NotAllowed, match="no address"):
        services.drop_ship(nowhere.id, {nowhere.lines[0].id: number(1)})
    made: Any
    [made] = services.drop_ship(order.id, {boxes: number(12)})
    assert [(one.quantity, one.pack_quantity) for one in made.lines] == [(1, 12)]


def test_what_is_on_hold_is_not_sent_to_the_vendor(kettle: Product) -> None:
    order = ordered((kettle, 5))
    asked = {again(order).lines[0].id: number(5)}
    [bought] = services.drop_ship(order.id, asked)
    purchasing.approve_order(bought.id)
    orders.hold_order(order.id, reason="Not paid")

    with pytest.raises(NotAllowed, match=rf"{order.number} is on hold, and the vendor would"):
        purchasing.mark_sent(bought.id)

    orders.release_order(order.id)
    assert purchasing.mark_sent(bought.id).status == "sent"
    orders.hold_order(order.id, reason="Not paid")
    deliver(
        again_purchase(bought), 5
    )  # what has happened has happened: the vendor had it before
    assert sold(order) == 5


def test_a_line_that_a_vendor_delivers_stays_as_it_is(kettle: Product) -> None:
    order = ordered((kettle, 5))
    made = shipped_by_vendor(order, 3)

    with pytest.raises(NotAllowed, match="cancel that purchase order first"):
        orders.cancel_order(order.id)
    with pytest.raises(Invalid, match="at most 2 can be closed"):
        orders.close_short(order.id, {order.lines[0].id: number(3)})
    purchasing.reopen_order(made.id)
    draft = PurchaseDraft(number(9), id=made.lines[0].id, product_id=kettle.id)
    with pytest.raises(NotAllowed, match="choose again on the page"):
        purchasing.change_order(made.id, version=None, items=[draft])
    assert purchasing.change_order(made.id, version=None, notes="Soon").notes == "Soon"


def test_more_than_is_open_and_what_is_damaged_is_no_delivery_to_a_customer(
    kettle: Product,
) -> None:
    made = shipped_by_vendor(ordered((kettle, 5)), 3)

    with pytest.raises(Invalid, match="at most 3 can be received"):
        deliver(made, 4)
    made = again_purchase(made)
    with pytest.raises(Invalid, match="returned by the customer"):
        deliver(made, 1, condition="damaged")


def test_people_have_a_vendor_deliver_and_note_it(sign_in: SignIn, kettle: Product) -> None:
    order = ordered((kettle, 5))
    person = sign_in(
        *("orders.view", "orders.return", "purchase_orders.view", "purchase_orders.edit"),
        *("purchase_orders.receive", "vendor_returns.view"),
    )
    line = order.lines[0].id
    at = f"/drop-shipping/orders/{order.id}"
    asked = {"quantities-0-line_id": str(line), "quantities-0-quantity": "5"}

    assert f"{at}/deliveries/new" in person.get(f"/orders/{order.id}").text
    assert "5 missing here" in person.get(f"{at}/deliveries/new").text
    wrong = person.post(f"{at}/deliveries", data=asked | {"quantities-0-quantity": "6"})
    done = person.post(f"{at}/deliveries", data=asked, follow_redirects=True)
    assert (wrong.status_code, "Drafted: PO-" in done.text) == (422, True)
    made = db.session.scalars(select(PurchaseOrder)).one()
    purchasing.approve_order(made.id)
    purchasing.mark_sent(made.id)
    shown = person.get(f"/purchase-orders/{made.id}").text
    assert ("Mill Lane 1" in shown, order.number in shown) == (True, True)
    rows = {"quantities-0-line_id": str(again_purchase(made).lines[0].id), "key": "come"}
    come = person.post(
        f"/purchase-orders/{made.id}/deliveries", data=rows | {"quantities-0-quantity": "5"}
    )
    assert (come.status_code, again(order).status) == (303, "shipped")
    assert "Delivered" in person.get(f"/orders/{order.id}").text
    back = asked | {"quantities-0-quantity": "1", "reason": "unwanted", "key": "x"}
    assert person.post(f"{at}/returns", data=back).status_code == 303
    assert again(order).lines[0].quantity_returned == 1
    assert sign_in("orders.view").post(f"{at}/deliveries", data=asked).status_code == 403


def test_programs_have_a_vendor_deliver(bearer: Bearer, kettle: Product) -> None:
    order = ordered((kettle, 5))
    program = bearer("purchase_orders.view", "purchase_orders.edit", "orders.return")
    root = f"/api/v1/drop-shipping/orders/{order.id}"

    asked = {"items": [{"sku": "KETTLE", "quantity": "5"}]}
    made = program.post(f"{root}/deliveries", json=asked)
    again_asked = program.post(f"{root}/deliveries", json=asked)
    shown = program.get(root).json

    assert (made.status_code, len(made.json["numbers"])) == (200, 1)
    assert "at most 0" in again_asked.json["fields"]["items.0.quantity"][0]
    assert shown["items"] == []
    assert [one["number"] for one in shown["deliveries"]] == made.json["numbers"]
    refused = program.post(f"{root}/returns", json=asked | {"reason": "unwanted"})
    assert refused.status_code == 422
    assert program.get("/api/v1/drop-shipping/orders/0").status_code == 404

"""Bills and purchase orders of the books find our orders; what is doubtful is asked."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import update

from app.catalog.models import Product, Vendor
from app.core.db import db
from app.core.errors import Invalid
from app.documents.errors import NotAllowed
from app.purchasing import services as purchasing
from app.purchasing.models import PurchaseOrder
from app.purchasing.services import Delivery, ReceivedItem
from app.vendor_bills import services
from app.vendor_returns import services as returns
from tests.factories import ProductFactory, VendorFactory
from tests.integrations.mirrored import came
from tests.purchasing.conftest import key, number, sent
from tests.vendor_bills.conftest import Books, freight, line, rows, word
from tests.vendor_returns.test_vendor_returns import of_line, written


def ordered(vendor: Vendor, *wanted: Any, **values: Any) -> Any:
    return sent(*wanted, vendor=vendor, order_date=date(2026, 11, 10), **values)


def receive(order: Any, quantity: object) -> Any:
    items = [ReceivedItem(number(quantity), line_id=order.lines[0].id)]
    return purchasing.receive_goods(order.id, items, Delivery(), key=key())


def matches(document: Any) -> list[tuple[str, str, str]]:
    return [(one.order.number, one.state, one.reason) for one in document.matches]


def test_the_same_number_of_the_same_vendor_is_matched(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))

    found = ledger.has("purchase_order", line(10, 10), DocNumber=order.number)

    assert matches(found) == [(order.number, "matched", "Same number")]
    assert found.vendor_id == vendor.id
    assert found.lines[0].product_id == product.id
    assert word(found) == "matched"
    [row] = rows(found)
    assert (row.theirs, row.ours, row.amount, row.amount_ours, row.says) == (
        10, 10, 100, 100, "",
    )  # fmt: skip


def test_a_bill_is_matched_by_the_purchase_order_that_the_books_link_it_to(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    receive(order, 10)
    theirs = ledger.has("purchase_order", line(10, 10), DocNumber=order.number)
    link = [{"TxnId": theirs.external_id, "TxnType": "PurchaseOrder"}]

    bill = ledger.has("bill", line(10, 10, LinkedTxn=link), DocNumber="INV 7")

    assert matches(bill) == [(order.number, "matched", "The books link it to this order")]
    assert word(bill) == "matched"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"DocNumber": "PO{}", "PrivateNote": ""}, "Number alike"),
        ({"PrivateNote": "for your PO-{}, with thanks"}, "It names this order"),
        ({}, "Same vendor, products and amount"),
        ({"TotalAmt": 99.99}, "Same vendor and products"),
    ],
)
def test_what_is_less_than_the_same_number_is_asked(
    ledger: Books, vendor: Vendor, product: Product, said: dict[str, Any], reason: str
) -> None:
    order = ordered(vendor, (product, 10))
    digits = order.number.removeprefix("PO-")
    values = {n: v.format(digits) if isinstance(v, str) else v for n, v in said.items()}

    bill = ledger.has("bill", line(10, 10), **values)

    assert matches(bill) == [(order.number, "proposed", reason)]
    assert word(bill) == "proposed"
    assert not bill.is_settled


def test_the_same_number_of_another_vendor_is_asked(ledger: Books, product: Product) -> None:
    order = ordered(VendorFactory.create(name="Others", currency="EUR"), (product, 10))

    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)

    assert matches(bill) == [(order.number, "proposed", "Same number; another vendor")]


def test_another_currency_is_asked_and_a_vendor_nobody_knows_too(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))

    dollars = ledger.has(
        "bill", line(10, 10), DocNumber=order.number, CurrencyRef={"value": "USD"}
    )
    stranger = ledger.has(
        "bill", line(10, 10), DocNumber=order.number, VendorRef={"value": "99", "name": "?"}
    )

    assert matches(dollars) == [(order.number, "proposed", "Same number; another currency")]
    assert matches(stranger) == [
        (order.number, "proposed", "Same number; the vendor there is not linked to ours")
    ]


def test_several_orders_that_fit_are_all_asked_about(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    orders = [ordered(vendor, (product, 10)) for _ in range(4)]

    bill = ledger.has("bill", line(10, 10))

    newest = sorted((order.number for order in orders[1:]), reverse=True)
    assert sorted((one[0] for one in matches(bill)), reverse=True) == newest
    assert {one[2] for one in matches(bill)} == {
        "Same vendor, products and amount; several orders may be meant"
    }


def test_an_order_with_another_product_is_none_of_its(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    ordered(vendor, (ProductFactory.create(currency="EUR"), 10))

    bill = ledger.has("bill", line(10, 10))

    assert matches(bill) == []
    assert word(bill) == "unmatched"


def test_what_somebody_refused_is_not_proposed_again(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    bill = ledger.has("bill", line(10, 10))

    services.unmatch_document(bill.id, order_id=order.id)
    services.match_documents()

    again = ledger.again(bill.external_id, "bill")
    assert [one[1] for one in matches(again)] == ["refused"]
    with pytest.raises(NotAllowed, match="not matched"):
        services.unmatch_document(bill.id, order_id=order.id)
    services.match_document(bill.id, order_id=order.id)  # after all
    again = ledger.again(bill.external_id, "bill")
    assert matches(again) == [(order.number, "matched", "Matched by hand")]


def test_a_match_by_hand_ends_the_question_and_one_taken_back_asks_again(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    orders = [ordered(vendor, (product, 10)) for _ in range(2)]
    bill = ledger.has("bill", line(10, 10))

    services.match_document(bill.id, order_id=orders[0].id)
    assert [one[1] for one in matches(ledger.again(bill.external_id, "bill"))] == ["matched"]
    with pytest.raises(NotAllowed, match="Take that back first"):
        services.set_apart(bill.id)
    services.unmatch_document(bill.id, order_id=orders[0].id)
    services.match_documents()

    again = ledger.again(bill.external_id, "bill")
    assert {(one[0], one[1]) for one in matches(again)} == {
        (orders[0].number, "refused"),
        (orders[1].number, "proposed"),
    }


def test_what_is_about_no_order_is_not_asked_about_again(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    ordered(vendor, (product, 10))
    bill = ledger.has("bill", line(10, 10))

    services.set_apart(bill.id)
    services.match_documents()

    again = ledger.again(bill.external_id, "bill")
    assert (matches(again), word(again)) == ([], "apart")


def test_a_bill_that_is_deleted_there_counts_no_more(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)
    gone = {"Id": bill.external_id, "TxnDate": "2026-11-20", "TotalAmt": 0}
    came(ledger.connection, "bill", gone | {"PrivateNote": "Voided"})

    again = ledger.again(bill.external_id, "bill")

    assert word(again) == "void"
    assert services.compare([bill.id]) == {}
    with pytest.raises(NotAllowed, match="does not count"):
        services.match_document(bill.id, order_id=order.id)


def test_there_is_no_such_order(ledger: Books) -> None:
    bill = ledger.has("bill", line(10, 10))

    with pytest.raises(Invalid, match="no purchase order"):
        services.find_order("PO-99999")
    with pytest.raises(Invalid, match="no such purchase order"):
        services.match_document(bill.id, order_id=10**9)


def test_more_billed_than_has_come_and_another_price_are_shown_with_both_figures(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    receive(order, 6)

    bill = ledger.has("bill", line(8, 11), freight(15), DocNumber=order.number)

    first, second = rows(bill)
    assert (first.theirs, first.ours, first.amount, first.amount_ours) == (8, 6, 88, 80)
    assert first.says == "More billed than has come, another price"
    assert (second.name, second.amount, second.says) == ("Freight", 15, "Not ordered")
    assert word(bill) == "differs"


def test_two_bills_of_one_order_are_held_against_it_together(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    receive(order, 10)
    one = ledger.has("bill", line(6, 10), DocNumber=order.number)
    assert word(one) == "matched"  # four are not billed yet, which is no difference
    two = ledger.has("bill", line(5, 10))
    services.match_document(two.id, order_id=order.id)

    [row] = rows(ledger.again(one.external_id, "bill"))

    assert (row.theirs, row.ours, row.says) == (11, 10, "More billed than has come")
    assert word(ledger.again(two.external_id, "bill")) == "differs"


def test_one_bill_of_two_orders_is_held_against_both(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    orders = [ordered(vendor, (product, 10)) for _ in range(2)]
    for order in orders:
        receive(order, 10)
    bill = ledger.has("bill", line(20, 10))

    for order in orders:
        services.match_document(bill.id, order_id=order.id)

    bill = ledger.again(bill.external_id, "bill")
    [row] = rows(bill)
    assert (row.theirs, row.ours, row.says) == (20, 20, "")
    assert word(bill) == "matched"


def test_cartons_are_read_by_the_amount(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 2), pack_quantity=12, unit_price=30)
    receive(order, 24)

    cartons = ledger.has("bill", line(2, 30), DocNumber=order.number)
    pieces = ledger.has("purchase_order", line(24, "2.5"), DocNumber=order.number)

    assert [(row.theirs, row.ours, row.says) for row in rows(cartons)] == [(24, 24, "")]
    assert [(row.theirs, row.ours, row.says) for row in rows(pieces)] == [(24, 24, "")]


def test_what_was_sent_back_is_shown_beside_what_has_come(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    receipt = receive(order, 10)
    returned = written(vendor, of_line(receipt.lines[0], 3))
    returns.send_return(returned.id)
    bill = ledger.has("bill", line(10, 10), DocNumber=order.number)

    [row] = rows(bill)

    assert (row.theirs, row.ours, row.returned, row.says) == (10, 10, 3, "")


def test_a_purchase_order_of_the_books_that_says_otherwise_differs(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    other = ProductFactory.create(sku="P-2", currency="EUR")
    order = ordered(vendor, (product, 10), (other, 1))

    found = ledger.has("purchase_order", line(12, 10), DocNumber=order.number)

    assert [(row.name, row.says) for row in rows(found)] == [
        ("P-1", "Another quantity"),
        ("P-2", "Not in the books"),
    ]
    notes = services.compare([found.id])[found.id].notes
    assert notes == ["In all 120.00 there, 110.00 here, with tax."]


def test_heads_that_disagree_are_told(ledger: Books, product: Product) -> None:
    others = VendorFactory.create(name="Others", currency="USD")
    order = ordered(others, (product, 10), currency="USD")
    purchasing.cancel_order(order.id, reason="Too late")
    bill = ledger.has("bill", line(10, 10), DocNumber="B-1")

    services.match_document(bill.id, order_id=order.id)

    assert services.compare([bill.id])[bill.id].notes == [
        f"{order.number} is cancelled.",
        f"Bill B-1 is of Bean & Co, {order.number} of Others.",
        f"Bill B-1 is in EUR, {order.number} in USD.",
    ]


def test_a_second_purchase_order_of_the_books_for_one_of_ours_is_asked_about(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    ledger.has("purchase_order", line(10, 10), DocNumber=order.number)

    second = ledger.has("purchase_order", line(10, 10), DocNumber=order.number)

    assert matches(second) == [
        (order.number, "proposed", "Same number; another one of the books is matched to it")
    ]


def test_a_proposal_that_fits_no_more_goes(
    ledger: Books, vendor: Vendor, product: Product
) -> None:
    order = ordered(vendor, (product, 10))
    bill = ledger.has("bill", line(10, 10))
    assert len(bill.matches) == 1
    db.session.execute(
        update(PurchaseOrder)
        .where(PurchaseOrder.id == order.id)
        .values(order_date="2020-01-01")
    )

    services.match_documents()

    assert ledger.again(bill.external_id, "bill").matches == []


def test_figures_are_taken_as_they_are(ledger: Books) -> None:
    bill = ledger.has("bill", line("1.5", "3.33"), Balance=2, POStatus="Open")

    assert (bill.total, bill.balance) == (Decimal("4.995"), Decimal(2))
    assert bill.lines[0].quantity == Decimal("1.5")

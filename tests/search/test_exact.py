"""A code or a number opens its record, whatever kind of record it is."""

from decimal import Decimal
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.orders import services as orders
from app.orders.models import ItemDraft, SalesOrder
from app.purchasing.services import create_shipment
from tests.conftest import SignIn
from tests.factories import BarcodeFactory, CustomerFactory, LocationFactory, ProductFactory

EVERYTHING = (
    *("products.view", "customers.view", "vendors.view", "stock.view"),
    *("orders.view", "invoices.view"),
)


def opened(client: FlaskClient, term: str) -> str:
    answer = client.get("/search", query_string={"q": term})
    return answer.headers.get("Location", "")


def ordered(**values: str) -> SalesOrder:
    product = ProductFactory.create()
    items = [ItemDraft(Decimal(1), product_id=product.id, unit_price=Decimal(1))]
    customer = CustomerFactory.create(name="Ada's Bakery")
    return orders.create_order(customer_id=customer.id, items=items, **values)


def test_the_number_of_an_order_opens_it_typed_or_scanned(sign_in: SignIn) -> None:
    order = ordered(customer_po="PO 77", external_number="F-9", channel="import")
    client = sign_in(*EVERYTHING)

    for term in (order.number, order.number.lower(), f"{order.number}\u200b", "po-77", "f9"):
        assert opened(client, term) == f"/orders/{order.id}"
    assert opened(sign_in("products.view"), order.number) == ""


def test_the_number_of_a_document_opens_it_with_its_zeros_or_without(sign_in: SignIn) -> None:
    shipment = create_shipment(name="MSKU 12")
    client = sign_in("purchase_orders.view")
    number = shipment.number

    for term in (number, number.lower(), f"\u200b{number}\u00a0", f"is-{shipment.id}"):
        assert opened(client, term) == f"/inbound-shipments/{shipment.id}"
        assert "MSKU 12" in client.get("/inbound-shipments", query_string={"search": term}).text
    assert opened(client, f"IS-{shipment.id + 1:06}") == ""
    assert opened(client, f"IS-{'9' * 30}") == ""
    assert opened(sign_in("stock.view"), number) == ""


def test_a_code_opens_what_has_it_in_any_case(sign_in: SignIn) -> None:
    customer = CustomerFactory.create(code="C-ADA")
    product = ProductFactory.create(sku="Oak-1")
    ProductFactory.create(sku="OAK1")
    BarcodeFactory.create(product=product, code="House-7")
    location = LocationFactory.create(code="A-01", barcode="bin-a")
    client = sign_in(*EVERYTHING)

    assert opened(client, "c-ada") == f"/customers/{customer.id}"
    assert opened(client, "OAK-1") == f"/products/{product.id}"
    assert opened(client, "HOUSE-7") == f"/products/{product.id}"
    assert opened(client, "BIN-A") == f"/locations/{location.id}"


def test_a_code_of_two_records_is_a_choice_and_they_stand_first(sign_in: SignIn) -> None:
    CustomerFactory.create(code="X-1", name="One")
    ProductFactory.create(sku="x-1", name="Other")

    page = sign_in(*EVERYTHING).get("/search?q=X-1").text

    assert page.index("Exact match") < page.index("Other")
    assert "One" in page


def test_client_pos_finds_our_own_orders(sign_in: SignIn) -> None:
    order = ordered(customer_po="4500 0077")
    ordered(customer_po="4500 0078")

    found = sign_in("orders.view").get("/api/search/client_pos?q=45000077").json
    none = sign_in("products.view").get("/api/search/client_pos?q=45000077")

    assert found is not None
    assert [(hit["type"], hit["number"]) for hit in found["results"]] == [
        ("order", order.number)
    ]
    assert found["results"][0]["customer_po"] == "4500 0077"
    assert none.status_code == 403


def test_client_pos_finds_orders_by_a_part_of_their_number(sign_in: SignIn) -> None:
    order = ordered(customer_po="4500 0077")

    by_start, by_end = (
        sign_in("orders.view").get(f"/api/search/client_pos?q={part}").json
        for part in ("4500", "0077")
    )

    assert by_start is not None
    assert by_end is not None
    assert [hit["id"] for hit in by_start["results"]] == [order.id]
    assert [hit["id"] for hit in by_end["results"]] == [order.id]


@pytest.mark.parametrize("path", ["/products?search=", "/stock?search=", "/api/v1/products?q="])
@pytest.mark.parametrize("pasted", ["\u200bOak-9\u00a0", "\ufeffoak-9", " OAK\u00ad-9\u200e"])
def test_lists_find_what_is_pasted_with_marks_around_it(
    sign_in: SignIn, path: str, pasted: str
) -> None:
    ProductFactory.create(sku="OAK-9", name="Plank")

    assert "Plank" in sign_in(*EVERYTHING).get(path + quote(pasted)).text

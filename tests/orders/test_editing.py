"""Orders are typed: lines complete themselves, nothing typed is lost."""

from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.catalog.models import Customer, Product
from app.core.db import db
from app.orders import queries, services
from app.orders.models import ItemDraft, SalesOrder
from tests.conftest import SignIn
from tests.factories import BarcodeFactory, CustomerFactory, ProductFactory
from tests.orders.conftest import again, confirmed, drafted, stocked

VIEW, EDIT = "orders.view", "orders.edit"


@pytest.fixture(autouse=True)
def ada(product: Product) -> Customer:
    return CustomerFactory.create(code="C-ADA", name="Ada", currency="EUR")


def rows(*lines: dict[str, Any], **head: Any) -> dict[str, Any]:
    """What a browser sends of a form with these lines."""
    sent = {"customer": "C-ADA", "order_date": "2026-03-02"} | head
    for number, line in enumerate(lines):
        sent |= {f"items-{number}-{name}": value for name, value in line.items()}
    return sent


def completed(client: FlaskClient, line: dict[str, Any]) -> dict[str, str]:
    """What the server makes of a row that somebody is typing."""
    answer = client.post("/orders/lines", data=rows(line)).get_json()
    return dict(answer["rows"]["0"]["values"])


def orders() -> list[SalesOrder]:
    return [*db.session.scalars(queries.with_lines(select(SalesOrder)))]


def test_a_new_order_asks_for_customer_and_lines(sign_in: SignIn, ada: Customer) -> None:
    page = sign_in(EDIT).get(f"/orders/new?customer={ada.id}").text

    for word in ('value="C-ADA"', "Lines for Ada", 'name="items-0-sku"', "in EUR"):
        assert word in page


def test_what_is_typed_becomes_a_draft(sign_in: SignIn, product: Product) -> None:
    sent = rows(
        {"sku": "P-1", "quantity": "2", "unit_price": "7.5"},
        {"sku": "", "quantity": ""},
        customer_po="PO-1",
        ship_by="2026-03-05T15:00",
        tax_rate="10",
    )

    answer = sign_in(VIEW, EDIT).post("/orders", data=sent)

    [order] = orders()
    assert answer.headers["Location"] == f"/orders/{order.id}"
    assert (order.customer_name, order.customer_po, order.total) == (
        "Ada",
        "PO-1",
        Decimal("16.5"),
    )
    assert order.ship_by is not None
    assert [(line.sku, line.description) for line in order.lines] == [("P-1", "Paper filters")]


def test_without_javascript_a_line_is_completed_by_its_button(
    sign_in: SignIn, product: Product
) -> None:
    sent = rows({"sku": "P-1", "quantity": ""}) | {"more": "1"}

    page = sign_in(EDIT).post("/orders", data=sent).text

    for word in ('value="Paper filters"', 'name="items-1-sku"', "5.00"):
        assert word in page
    assert orders() == []


def test_a_line_is_removed_by_its_button(sign_in: SignIn, product: Product) -> None:
    ProductFactory.create(sku="P-2", name="Kettle")
    sent = rows({"sku": "P-1", "quantity": "1"}, {"sku": "P-2", "quantity": "1"})

    page = sign_in(EDIT).post("/orders", data=sent | {"removed": "0"}).text

    assert "Paper filters" not in page
    assert 'value="Kettle"' in page


def test_lines_complete_themselves_in_place(sign_in: SignIn, product: Product) -> None:
    stocked(12, product)
    sent = rows({"sku": "P-1"}, {"sku": "NOPE", "quantity": "1", "unit_price": "1"})

    answer = sign_in(EDIT, "stock.view").post("/orders/lines", data=sent).get_json()

    known, unknown = answer["rows"]["0"], answer["rows"]["1"]
    assert known["values"]["description"] == "Paper filters"
    assert f'id="product-{product.id}-available"' in known["figures"]
    assert (known["problem"], known["units"]) == ("", "1")
    assert (unknown["problem"], unknown["units"]) == ("Unknown product", None)
    assert unknown["values"]["sku"] == "NOPE"
    assert "6.00" in answer["totals"]  # five and one


def test_what_is_available_is_for_who_may_see_stock(sign_in: SignIn, product: Product) -> None:
    sent = rows({"sku": "P-1"})

    assert "available" not in sign_in(EDIT).post("/orders/lines", data=sent).text


def test_a_carton_that_is_scanned_counts_its_units(sign_in: SignIn, product: Product) -> None:
    BarcodeFactory.create(product=product, code="4006381333931", units=12)

    values = completed(sign_in(EDIT), {"sku": "4006381333931"})

    assert (values["sku"], values["quantity"]) == ("P-1", "12")


def test_another_product_brings_its_own_price(sign_in: SignIn, product: Product) -> None:
    ProductFactory.create(sku="P-2", name="Kettle", currency="EUR", price=Decimal(30))
    line = {"sku": "P-2", "known": "P-1", "quantity": "1", "unit_price": "5"}

    assert completed(sign_in(EDIT), line)["unit_price"] == "30"


def test_a_price_that_was_typed_stays(sign_in: SignIn, product: Product) -> None:
    line = {"sku": "P-1", "known": "P-1", "quantity": "1", "unit_price": "4.2"}

    assert completed(sign_in(EDIT), line)["unit_price"] == "4.2"


def test_a_product_in_another_currency_has_no_price_here(
    sign_in: SignIn, product: Product
) -> None:
    sent = rows({"sku": "P-1"}, currency="GBP")

    answer = sign_in(EDIT).post("/orders/lines", data=sent).get_json()

    assert answer["rows"]["0"]["values"]["unit_price"] == ""
    assert "in GBP" in answer["totals"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"customer": ""}, "For whom?"),
        ({"customer": "nobody"}, "No customer has this code"),
        ({"items-0-quantity": "", "items-0-known": "P-1"}, "How many?"),
        ({"items-0-quantity": "x"}, "This is not a number"),
        ({"items-0-quantity": "NaN"}, "not a number"),
        ({"items-0-quantity": "0"}, "Line 1: enter a quantity above zero"),
        ({"items-0-sku": ""}, "Which product?"),
        (
            {"items-0-sku": "NOPE", "items-0-unit_price": ""},
            "NOPE is no SKU or barcode",
        ),
        ({"items-0-unit_price": "-1"}, "Enter a number from 0"),
        ({"tax_rate": "101"}, "Enter a number from 0 to 100"),
        ({"ship_country": "XX"}, "Not a valid choice"),
    ],
)
def test_what_does_not_fit_comes_back_with_the_reason_and_all_that_was_typed(
    sign_in: SignIn, product: Product, changes: dict[str, str], reason: str
) -> None:
    line = {"sku": "P-1", "quantity": "2", "unit_price": "7.5", "description": "Mine"}
    sent = rows(line, notes="Keep me") | changes

    answer = sign_in(EDIT).post("/orders", data=sent)

    assert answer.status_code == 422
    assert reason in answer.text
    for word in ("Keep me", 'value="Mine"'):
        assert word in answer.text
    assert orders() == []


def test_two_customers_of_one_name_are_told_apart_by_code(
    sign_in: SignIn, product: Product
) -> None:
    CustomerFactory.create(code="C-2", name="Ada")

    refused = sign_in(EDIT).post("/orders", data=rows(customer="Ada"))
    taken = sign_in(EDIT).post("/orders", data=rows(customer="c-2"))

    assert "Several customers are called Ada" in refused.text
    assert taken.status_code == 303


def test_an_order_is_changed(sign_in: SignIn, product: Product, ada: Customer) -> None:
    order = drafted((product, 2), customer=ada)
    client = sign_in(VIEW, EDIT)
    line = {"id": order.lines[0].id, "known": "P-1", "sku": "P-1", "quantity": "3"}
    sent = rows(line, version=order.version, notes="New")

    page = client.get(f"/orders/{order.id}/edit").text
    answer = client.post(f"/orders/{order.id}", data=sent)

    assert f'value="{order.lines[0].id}"' in page
    assert answer.status_code == 303
    changed = again(order)
    assert (changed.notes, changed.lines[0].quantity, len(changed.lines)) == ("New", 3, 1)
    assert changed.lines[0].id == order.lines[0].id


def test_an_old_version_comes_back_with_both_values(
    sign_in: SignIn, product: Product, ada: Customer
) -> None:
    order = drafted((product, 2), customer=ada)
    seen = order.version
    services.change_order(
        order.id, version=None, notes="Theirs", items=[ItemDraft(Decimal(4), sku="P-1")]
    )
    line = {"id": order.lines[0].id, "sku": "P-1", "known": "P-1", "quantity": "3"}
    sent = rows(line, version=seen, notes="Mine")
    client = sign_in(VIEW, EDIT)

    refused = client.post(f"/orders/{order.id}", data=sent)
    decided = {"seen-version": seen + 1, "keep-notes": "yours", "keep-items": "theirs"}
    kept = client.post(f"/orders/{order.id}", data=sent | decided)

    assert refused.status_code == 409
    for word in ("Theirs", "Mine", "4 x P-1 at 10", f'value="{seen + 1}"'):
        assert word in refused.text
    assert kept.status_code == 303
    assert (again(order).notes, again(order).lines[0].quantity) == ("Mine", 4)


def test_customer_and_currency_are_not_asked_again_once_confirmed(
    sign_in: SignIn, product: Product
) -> None:
    order = confirmed((product, 2))
    line = {"id": order.lines[0].id, "sku": "P-1", "known": "P-1", "quantity": "3"}
    client = sign_in(VIEW, EDIT)

    page = client.get(f"/orders/{order.id}/edit").text
    live = client.post("/orders/lines", data=rows(line, order_id=order.id)).get_json()["totals"]
    answer = client.post(f"/orders/{order.id}", data=rows(line, version=order.version))

    assert 'name="customer"' not in page
    assert 'name="currency"' not in page
    assert "in EUR" in live
    assert answer.status_code == 303
    assert again(order).lines[0].quantity == 3


def test_an_order_that_has_left_is_not_changed_by_a_form(
    sign_in: SignIn, product: Product
) -> None:
    stocked(2, product)
    order = confirmed((product, 2))
    services.ship_order(order.id, key="ship")

    answer = sign_in(EDIT).post(f"/orders/{order.id}", data=rows(version=order.version))

    assert answer.status_code == 422
    assert "cannot be changed" in answer.text


def test_products_and_customers_are_offered_for_what_is_typed(
    sign_in: SignIn, product: Product
) -> None:
    stocked(12, product)
    ProductFactory.create(sku="P-9", name="Paper towels", is_active=False)
    client = sign_in(EDIT, "stock.view")

    products = client.get("/choices/order-products?q=paper").text
    customers = client.get("/choices/order-customers?q=ad").text

    for word in ('data-value="P-1"', 'data-name="Paper filters"', "12 available"):
        assert word in products
    assert "P-9" not in products
    assert 'data-value="C-ADA"' in customers
    assert client.get("/choices/order-products").text.strip() == ""


def test_a_product_that_never_lay_anywhere_is_offered_too(
    sign_in: SignIn, product: Product
) -> None:
    answer = sign_in(EDIT, "stock.view").get("/choices/order-products?q=paper")

    assert 'data-value="P-1"' in answer.text
    assert "0 available" in answer.text


def test_completing_lines_takes_as_many_queries_for_many_as_for_two(
    sign_in: SignIn, product: Product, queries: list[str]
) -> None:
    client = sign_in(EDIT, "stock.view")
    skus = [ProductFactory.create().sku for _ in range(8)]
    few, many = (rows(*[{"sku": sku} for sku in skus[:n]]) for n in (2, 8))
    client.post("/orders/lines", data=few)

    queries.clear()
    client.post("/orders/lines", data=few)
    of_few = len(queries)
    queries.clear()
    client.post("/orders/lines", data=many)

    assert len(queries) == of_few


def test_rows_are_told_apart_by_the_numbers_of_the_browser(
    sign_in: SignIn, product: Product
) -> None:
    ProductFactory.create(sku="P-2", name="Kettle")
    sent = {"items-7-sku": "P-2", "items-3-sku": "P-1", "items-5-sku": ""}

    answer = sign_in(EDIT).post("/orders/lines", data=sent).get_json()

    names = {number: row["values"]["description"] for number, row in answer["rows"].items()}
    assert names == {"3": "Paper filters", "7": "Kettle"}


def test_a_sku_is_known_in_other_letters_and_without_its_dash(
    sign_in: SignIn, product: Product
) -> None:
    assert completed(sign_in(EDIT), {"sku": "p1"})["sku"] == "P-1"


def test_a_code_that_may_mean_two_products_is_said_and_stays(
    sign_in: SignIn, product: Product
) -> None:
    ProductFactory.create(sku="P_1")

    answer = sign_in(EDIT).post("/orders/lines", data=rows({"sku": "p1"})).get_json()

    row = answer["rows"]["0"]
    assert "Several products" in row["problem"]
    assert (row["values"]["sku"], row["units"]) == ("p1", None)


def test_a_product_out_of_use_is_said(sign_in: SignIn, product: Product) -> None:
    product.is_active = False

    answer = sign_in(EDIT).post("/orders/lines", data=rows({"sku": "P-1"})).get_json()

    assert answer["rows"]["0"]["problem"] == "Not in use any more"


def test_one_barcode_written_in_two_ways_is_known_in_both(
    sign_in: SignIn, product: Product
) -> None:
    BarcodeFactory.create(product=product, code="4006381333931")
    sent = rows({"sku": "4006381333931"}, {"sku": "04006381333931"})

    answer = sign_in(EDIT).post("/orders/lines", data=sent).get_json()

    assert [row["values"]["sku"] for row in answer["rows"].values()] == ["P-1", "P-1"]


def test_who_may_not_write_orders_is_offered_nothing(sign_in: SignIn) -> None:
    client = sign_in(VIEW)

    assert client.get("/choices/order-customers?q=ad").status_code == 403
    assert client.get("/choices/nothing?q=ad").status_code == 404


def test_a_customer_can_be_made_from_the_field(sign_in: SignIn, ada: Customer) -> None:
    may_not = sign_in(EDIT).get("/choices/order-customers?q=zoe").text
    may_too = sign_in(EDIT, "customers.edit").get("/choices/order-customers?q=zoe").text

    assert "data-new" not in may_not
    assert 'data-new="/customers/new"' in may_too
    assert "Nothing matches" in may_not


def test_discounts_and_shipping_are_typed_shown_and_kept(
    sign_in: SignIn, product: Product
) -> None:
    client = sign_in(VIEW, EDIT)
    line = {"sku": "P-1", "quantity": "3", "unit_price": "10", "discount": "10%"}
    head = {"discount": "2,50", "shipping_amount": "4.95", "tax_rate": "10"}

    told: Any = client.post("/orders/lines", data=rows(line, **head)).json
    client.post("/orders", data=rows(line, **head))

    [order] = orders()
    for figure in ("27.00", "-2.50", "4.95", "32.40"):
        assert figure in told["totals"]
        assert figure in client.get(f"/orders/{order.id}").text
    assert order.discount == "2.5"
    assert order.shipping_tax_rate == 10
    form = client.get(f"/orders/{order.id}/edit").text
    for value in ('value="10%"', 'value="2.5"', 'value="4.95"'):
        assert value in form
    wrong = client.post("/orders", data=rows(line | {"discount": "31"}, **head))
    assert (wrong.status_code, "more than it comes to" in wrong.text) == (422, True)


def test_shipping_that_is_emptied_is_charged_no_more(sign_in: SignIn, product: Product) -> None:
    order = drafted((product, 1), shipping_amount=Decimal(5), discount="1")
    line = {"id": order.lines[0].id, "sku": "P-1", "quantity": "1", "unit_price": "10"}
    sent = rows(line, shipping_amount="", discount="", version=order.version)

    sign_in(VIEW, EDIT).post(f"/orders/{order.id}", data=sent)

    assert (again(order).shipping_amount, again(order).total) == (0, 10)

"""Pages of invoices."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Product
from app.core.db import transaction
from app.integrations.hub.models import Connection
from app.integrations.inbound.applying import apply_changes
from app.integrations.inbound.models import RecordLink
from app.integrations.sync.models import ExternalRecord
from app.invoices.models import Invoice
from tests.conftest import SignIn
from tests.factories import CustomerFactory
from tests.integrations.conftest import Sync, ours
from tests.standins.quickbooks import QuickBooks

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in("invoices.view", "products.view", "customers.view")


def test_without_any_the_page_says_where_they_come_from(reader: FlaskClient) -> None:
    assert "They come from the books" in reader.get("/invoices").text


def test_the_list_is_searched_in_place(
    session: Session, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    some = session.scalars(select(Invoice)).all()
    one = some[0]

    page = reader.get("/invoices", query_string={"search": one.number}, headers=HTMX).text

    assert "<html" not in page
    assert f">{one.number}<" in page
    for other in some:  # it may be part of an order number
        said = f"{other.number} {other.customer_po}"
        assert (f">{other.number}<" in page) == (one.number in said)


@pytest.mark.parametrize("state", ["open", "overdue", "paid"])
def test_the_list_is_filtered_by_state(
    session: Session, sync: Sync, reader: FlaskClient, state: str
) -> None:
    sync()
    today = date.today()  # noqa: DTZ011  (TZ is UTC)
    wanted = {
        one.number for one in session.scalars(select(Invoice)) if one.state_on(today) == state
    }

    page = reader.get(f"/invoices?state={state}").text

    for one in session.scalars(select(Invoice)):
        assert (f">{one.number}<" in page) == (one.number in wanted)


def test_the_list_is_filtered_by_date(
    session: Session, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    [first, *_rest, last] = session.scalars(
        select(Invoice).order_by(Invoice.invoice_date)
    ).all()

    page = reader.get(f"/invoices?from={last.invoice_date}&to={last.invoice_date}").text

    assert f">{last.number}<" in page
    assert f">{first.number}<" not in page
    assert reader.get("/invoices?from=soon").status_code == 200


def test_an_invoice_shows_its_lines_and_leads_to_ours(
    session: Session, quickbooks: QuickBooks, sync: Sync, reader: FlaskClient
) -> None:
    sync()
    invoice = session.scalars(select(Invoice).where(Invoice.customer_id.is_not(None))).first()
    assert invoice is not None
    theirs = quickbooks.company.get("Invoice", invoice.external_id)
    item = theirs["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"]
    product = ours(Product, id=ours(RecordLink, kind="item", external_id=item).record_id)

    page = reader.get(f"/invoices/{invoice.id}").text

    assert f"/products/{product.id}" in page
    assert f"/customers/{invoice.customer_id}" in page


def test_an_invoice_is_for_who_may_see_invoices(sign_in: SignIn) -> None:
    assert sign_in("customers.view").get("/invoices").status_code == 403


def test_an_invoice_that_is_not_there_is_not_found(reader: FlaskClient) -> None:
    assert reader.get("/invoices/999").status_code == 404


def invoice(connection: Connection, nth: int, **values: Any) -> Invoice:
    made = Invoice(
        **{
            "system": connection.system,
            "account": connection.account,
            "external_id": str(nth),
            "number": f"N{nth:03}",
            "customer_ref": "1",
            "customer_name": "Ana",
            "customer_po": "",
            "invoice_date": date(2026, 1, 1),
            "currency": "EUR",
            "total": Decimal(nth),
            "balance": Decimal(0),
            **values,
        }
    )
    with transaction() as session:
        session.add(made)
    return made


def applied(session: Session, connection: Connection, payload: dict[str, Any]) -> Invoice:
    """An invoice as QuickBooks has it, and what it became here."""
    whole = {"Id": "1", "TxnDate": "2026-01-01", "TotalAmt": 22, **payload}
    theirs = {"connection_id": connection.id, "kind": "invoice", "external_id": "1"}
    session.add(ExternalRecord(**theirs, payload=whole))
    session.commit()
    apply_changes(connection.id)
    return session.scalars(select(Invoice)).one()


def numbers(page: str) -> list[str]:
    return re.findall(r">(N\d{3})<", page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["N003", "N002", "N001"]),
        ("sort=number", ["N001", "N002", "N003"]),
        ("sort=-total", ["N003", "N002", "N001"]),
        ("sort=customer", ["N002", "N003", "N001"]),
        ("sort=date&search=zoe", ["N001"]),
        ("from=2026-01-02", ["N003", "N002"]),
        ("to=2026-01-02", ["N002", "N001"]),
        ("from=2026-01-02&to=2026-01-02", ["N002"]),
        ("search=nobody", []),
    ],
)
def test_the_list_is_sorted_and_filtered(
    reader: FlaskClient, connection: Connection, query: str, found: list[str]
) -> None:
    for number, name in [(1, "Zoe"), (2, "Ana"), (3, "Bo")]:
        day = date(2026, 1, number)
        invoice(connection, number, customer_name=name, invoice_date=day)

    page = reader.get(f"/invoices?{query}", headers=HTMX).text

    assert numbers(page) == found
    assert ("Nothing matches." in page) == (found == [])


def test_a_long_list_has_pages(
    reader: FlaskClient, connection: Connection, queries: list[str]
) -> None:
    for number in range(1, 56):
        invoice(connection, number)

    first = reader.get("/invoices?sort=number").text
    queries.clear()
    second = reader.get("/invoices?sort=number&page=2").text

    assert numbers(first)[0] == "N001"
    assert numbers(second) == ["N051", "N052", "N053", "N054", "N055"]
    assert len(queries) < 12


@pytest.mark.parametrize(
    ("values", "state"),
    [({"is_void": True}, "Void"), ({"is_active": False}, "Deleted"), ({}, "Paid")],
)
def test_an_invoice_says_what_is_with_it(
    reader: FlaskClient, connection: Connection, values: dict[str, bool], state: str
) -> None:
    made = invoice(connection, 1, **values)

    assert f"{state}</span>" in reader.get(f"/invoices/{made.id}", headers=HTMX).text


def test_an_invoice_without_number_or_record_has_a_page(
    reader: FlaskClient, connection: Connection
) -> None:
    made = invoice(connection, 77, number="")

    page = reader.get(f"/invoices/{made.id}").text

    assert "<h1>Invoice 77</h1>" in page
    assert "No lines." in page


def test_lines_that_are_odd_are_shown_as_far_as_they_go(
    session: Session, reader: FlaskClient, connection: Connection
) -> None:
    lines = [
        {"DetailType": "DescriptionOnly", "Description": "Thank you"},
        {"DetailType": "SalesItemLineDetail", "Amount": "much", "SalesItemLineDetail": None},
        {"DetailType": "SubTotalLineDetail", "Description": "Sum", "Amount": 1},
        "nothing",
    ]
    made = applied(session, connection, {"Line": lines, "BillAddr": "Rome"})

    page = reader.get(f"/invoices/{made.id}").text

    assert "Thank you" in page
    assert "Sum" not in page


def test_who_may_not_see_customers_gets_no_link(
    sign_in: SignIn, connection: Connection
) -> None:
    customer = CustomerFactory.create()
    made = invoice(connection, 1, customer_id=customer.id)

    page = sign_in("invoices.view").get(f"/invoices/{made.id}").text

    assert "Ana" in page
    assert f"/customers/{customer.id}" not in page
    assert sign_in("customers.view").get(f"/invoices/{made.id}").status_code == 403


def test_an_invoice_shows_its_tax_and_the_parts_of_a_bundle(
    session: Session, connection: Connection, reader: FlaskClient
) -> None:
    part = {
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {"ItemRef": {"value": "7", "name": "Cup & saucer"}, "Qty": 4},
    }
    bundle = {
        "DetailType": "GroupLineDetail",
        "GroupLineDetail": {
            "GroupItemRef": {"value": "9", "name": "Tea set"}, "Quantity": 2, "Line": [part],
        },
    }  # fmt: skip
    payload = {"Line": [bundle], "TxnTaxDetail": {"TotalTax": 2}}
    made = applied(session, connection, payload)

    page = reader.get(f"/invoices/{made.id}").text

    assert page.index("Tea set") < page.index("part of it:") < page.index("Cup &amp; saucer")
    assert re.search(r"Of which tax.*?2\.00", page, re.DOTALL)

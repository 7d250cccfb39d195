"""Books as real companies keep them: nothing of them is lost, or taken for another's."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalog.models import Customer
from app.integrations.hub.connector import TokenSet
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import connect, disconnect
from app.invoices.models import Invoice, InvoiceLine
from tests.cases import case
from tests.conftest import SignIn
from tests.integrations.mirrored import books, came, invoice, reasons

TOKENS = TokenSet("access", "refresh", None)


@pytest.fixture
def reader(sign_in: SignIn) -> FlaskClient:
    return sign_in("invoices.view", "customers.view", "orders.view")


def found(client: FlaskClient, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(path).get_json()["results"]
    return rows


def ended_and_another(session: Session) -> tuple[Connection, Connection]:
    """Company 1 was connected and is not any more, company 2 is; both have an invoice 1001."""
    first = books("1")
    came(first, "invoice", invoice("1001", CustomField=[{"Name": "PO", "StringValue": "PO-7"}]))
    disconnect(first.id)
    second = books("2")
    came(
        second,
        "invoice",
        invoice(
            "1001",
            CustomerRef={"value": "9", "name": "Bolt"},
            CustomField=[{"Name": "PO", "StringValue": "PO-7"}],
        ),
    )
    session.commit()
    return first, second


def test_a_company_that_was_disconnected_is_in_no_search(
    session: Session, reader: FlaskClient
) -> None:
    case("q07")
    ended_and_another(session)

    for path in ("/api/search/invoices?q=1001", "/api/search/client_pos?q=PO-7"):
        assert [row["customer"] for row in found(reader, path)] == ["Bolt"]
    page = reader.get("/invoices").text
    assert "Bolt" in page
    assert "Acme" not in page
    assert "Acme" not in reader.get("/search?q=1001").text
    assert reader.get("/api/search/invoices?q=").get_json() is not None


def test_connected_again_it_is_found_again(session: Session, reader: FlaskClient) -> None:
    first, _second = ended_and_another(session)

    connect("quickbooks", first.account, first.name, TOKENS, environment="sandbox")

    customers = {row["customer"] for row in found(reader, "/api/search/invoices?q=1001")}
    assert customers == {"Acme", "Bolt"}


def test_what_comes_late_of_an_ended_company_stays_out(
    session: Session, reader: FlaskClient
) -> None:
    first, _second = ended_and_another(session)

    came(first, "invoice", invoice("1001", PrivateNote="late"))

    assert [row["customer"] for row in found(reader, "/api/search/invoices?q=1001")] == ["Bolt"]
    assert session.scalars(select(Invoice.is_listed).order_by(Invoice.id)).all() == [
        False,
        True,
    ]


def shown(session: Session) -> list[tuple[str, str, Any]]:
    lines = session.scalars(select(InvoiceLine).order_by(InvoiceLine.id))
    return [(line.item, line.description, line.amount and float(line.amount)) for line in lines]


def test_discounts_and_carriage_have_names_and_signs(session: Session) -> None:
    company = books()

    came(company, "invoice", *case("q04")["Invoice"])

    assert shown(session) == [
        ("Doll", "", 50.0),
        ("Discount", "10 %", -5.0),
        ("Bolt", "", 30.0),
        ("Shipping", "", 15.0),
    ]
    assert reasons(company) == []


def test_an_invoice_that_does_not_add_up_is_told_with_both_figures(session: Session) -> None:
    company = books()
    line = {"Amount": 50, "DetailType": "SalesItemLineDetail", "SalesItemLineDetail": {}}

    came(company, "invoice", invoice("7", line))

    assert reasons(company) == [
        "Invoice 7: QuickBooks says 45.00, its lines and tax come to 50.00."
    ]
    assert session.scalars(select(Invoice.number)).all() == ["7"]


@pytest.mark.parametrize("tax", [0, 9])
def test_tax_is_on_top_or_within(session: Session, tax: float) -> None:
    company = books()
    line = {
        "Amount": 45 - tax,
        "DetailType": "SalesItemLineDetail",
        "SalesItemLineDetail": {},
    }

    came(company, "invoice", invoice("7", line, TxnTaxDetail={"TotalTax": 9}))

    assert reasons(company) == []


def test_free_text_of_an_address_is_kept_whole(session: Session) -> None:
    company, both = books(), case("q03")

    came(company, "invoice", both["Invoice"])
    came(company, "customer", both["Customer"])

    [bill_to] = session.scalars(select(Invoice.bill_to)).all()
    assert bill_to == "A Person, A Shop, 1 Some St., Bayshore, CA  94326, USA"
    customer = session.scalars(select(Customer).filter_by(name="Acme Holding")).one()
    assert customer.address_line1 == "Acme Holding"
    for said in ("Attn: Accounts", "12 Long Street", "94326"):
        assert said in customer.address_line2


def test_a_customer_of_a_customer_is_called_after_both(
    session: Session, sign_in: SignIn
) -> None:
    company = books()

    came(company, "customer", *case("q05")["Customer"])

    names = session.scalars(select(Customer.name).order_by(Customer.name)).all()
    assert names == ["Acme Holding", "Acme Holding:Warehouse"]
    reader: FlaskClient = sign_in("customers.view")
    hits = found(reader, "/api/search/client_names?q=Acme")
    assert {hit["name"] for hit in hits} == set(names)

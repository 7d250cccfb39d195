"""Books as real companies keep them: nothing of them is lost, or taken for another's."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.integrations.hub.connector import TokenSet
from app.integrations.hub.models import Connection
from app.integrations.services.connecting import connect, disconnect
from app.invoices.models import Invoice
from tests.cases import case
from tests.conftest import SignIn
from tests.integrations.mirrored import books, came, invoice

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
